package dev.surprisal.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle against the definitions in 80 decimal digits. */
@Tag("without-module") // whatever the backend: once is enough
class OracleTest {
  private static final double FUNCTION_ERROR = 1e-29;
  private static final double STATISTIC_ERROR = 1e-25;

  /** What a divergence of any size may be off by. */
  private static final double DIVERGENCE_ERROR = 1e-29;

  @ParameterizedTest
  @ValueSource(
      doubles = {0, 1, -1, 1e-3, -1e-3, 1e-12, -1e-12, 0.3465, -0.3467, 0.5, -5.123, 17.25, -88.7, -300.1, 600.3})
  void exponential(double x) {
    DoubleDouble argument = new DoubleDouble(x, x * 0x1.5p-55);
    BigDecimal exact = Decimals.exp(Decimals.of(argument));
    assertClose(exact, argument.exp(), FUNCTION_ERROR);
    assertClose(exact.subtract(BigDecimal.ONE), argument.expm1(), FUNCTION_ERROR);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 1.0000001, 0.9999999, 0.75, 1.25, 3, 1e-5, 1e-45, 1e20, 262144, 3e38})
  void logarithm(double x) {
    DoubleDouble argument = new DoubleDouble(x, x * 0x1.5p-56);
    assertClose(Decimals.log(Decimals.of(argument)), argument.log(), FUNCTION_ERROR);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-30, 1e-12, -1e-12, 1e-3, -0.3, -0.5, 0.7, 1, 12, 262143, 1e14})
  void logarithmOfOnePlus(double x) {
    DoubleDouble argument = new DoubleDouble(x, x * 0x1.5p-56);
    assertClose(Decimals.log(BigDecimal.ONE.add(Decimals.of(argument))), argument.log1p(), FUNCTION_ERROR);
  }

  static Stream<float[]> rows() {
    return Stream.of(
        new float[] {0.5f},
        new float[] {1, 2, 3, 0.25f},
        new float[] {-3.25f, 7.125f, 7.125f, -0.1f, 2},
        new float[] {27.7f, 0, -1, -2.5f, 0.3f},
        new float[] {0, -90, -100},
        new float[] {10000.001f, 10000, 9990, 10001.5f},
        new float[] {1e-4f, 2e-4f, -1e-4f, 0, 3e-5f},
        gaussian(9, 3),
        gaussian(12, 10));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void statisticsOfLogits(float[] x) {
    Measure measure = Measure.ofLogits(x);
    BigDecimal[] p = Decimals.softmax(x);
    assertClose(Decimals.logSumExp(x), measure.logSumExp(), STATISTIC_ERROR);
    assertClose(Decimals.entropy(p), measure.entropy(), STATISTIC_ERROR);
    assertClose(Decimals.varentropy(p), measure.varentropy(), STATISTIC_ERROR);
    for (int i = 0; i < x.length; i++) {
      assertClose(Decimals.log(p[i]).negate(), measure.crossEntropy(i), STATISTIC_ERROR);
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void statisticsOfTwoRowsOfLogits(float[] x) {
    for (double distance : new double[] {3, 1, 1e-1, 1e-2, 1e-3, 1e-4}) {
      float[] y = moved(x, distance);
      assertPair(Decimals.softmax(x), Decimals.softmax(y), Measure.ofLogits(x), Measure.ofLogits(y));
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void statisticsOfProbabilities(float[] x) {
    float[] p = weights(x);
    assertClose(Decimals.entropy(Decimals.given(p)), Measure.ofProbabilities(p).entropy(), STATISTIC_ERROR);
    assertClose(Decimals.entropy(Decimals.normalized(p)), Measure.ofWeights(p).entropy(), STATISTIC_ERROR);
    for (double distance : new double[] {3, 1e-1, 1e-3}) {
      float[] q = weights(moved(x, distance));
      assertPair(Decimals.given(p), Decimals.given(q), Measure.ofProbabilities(p), Measure.ofProbabilities(q));
      assertPair(Decimals.normalized(p), Decimals.normalized(q), Measure.ofWeights(p), Measure.ofWeights(q));
    }
  }

  private static void assertPair(BigDecimal[] p, BigDecimal[] q, Measure mp, Measure mq) {
    assertClose(Decimals.crossEntropy(p, q), mp.crossEntropy(mq), STATISTIC_ERROR);
    assertDivergence(Decimals.klDivergence(p, q), mp.klDivergence(mq));
    assertDivergence(Decimals.jensenShannon(p, q), mp.jensenShannon(mq));
    assertDivergence(Decimals.totalVariation(p, q), mp.totalVariation(mq));
    for (double order : new double[] {0.1, 0.5, 0.999, 1.001, 2, 10}) {
      assertRenyiDivergence(Decimals.renyiDivergence(p, q, order), mp.renyiDivergence(mq, order), order);
    }
    assertEquals(mp.klDivergence(mq), mp.renyiDivergence(mq, 1));
  }

  @Test
  void jointDistributions() {
    float[][] joint = {{0.1f, 0.2f, 0.05f}, {0.3f, 0, 0.15f}, {0.125f, 0.05f, 0.025f}};
    BigDecimal[][] given = Arrays.stream(joint).map(Decimals::given).toArray(BigDecimal[][]::new);
    BigDecimal total = Decimals.total(Arrays.stream(given).map(Decimals::total).toArray(BigDecimal[]::new));
    BigDecimal[][] normalized = Arrays.stream(given)
        .map(row -> Arrays.stream(row).map(p -> p.divide(total, Decimals.DIGITS)).toArray(BigDecimal[]::new))
        .toArray(BigDecimal[][]::new);
    assertClose(Decimals.conditionalEntropy(given), Measure.conditionalEntropy(joint, false), STATISTIC_ERROR);
    assertClose(Decimals.conditionalEntropy(normalized), Measure.conditionalEntropy(joint, true), STATISTIC_ERROR);
    assertClose(Decimals.mutualInformation(given), Measure.mutualInformation(joint, false), STATISTIC_ERROR);
    assertClose(Decimals.mutualInformation(normalized), Measure.mutualInformation(joint, true), STATISTIC_ERROR);
  }

  @Test
  void impossibleEntries() {
    float inf = Float.POSITIVE_INFINITY;
    Measure masked = Measure.ofLogits(new float[] {0, 0, -inf});
    Measure all = Measure.ofLogits(new float[] {0, 0, -5000});
    assertClose(Decimals.log(BigDecimal.TWO), masked.entropy(), STATISTIC_ERROR);
    assertEquals(0, masked.klDivergence(masked).hi());
    assertEquals(inf, all.klDivergence(masked).hi());
    assertEquals(0, masked.klDivergence(all).hi());
    assertEquals(inf, masked.crossEntropy(2).hi());
    Measure disjoint = Measure.ofLogits(new float[] {-inf, -inf, 0});
    assertClose(Decimals.log(BigDecimal.TWO), masked.jensenShannon(disjoint), STATISTIC_ERROR);
    assertEquals(1, masked.totalVariation(disjoint).hi());
    assertEquals(inf, masked.renyiDivergence(disjoint, 0.5).hi());
    assertEquals(inf, masked.renyiDivergence(disjoint, 2).hi());
    Measure half = Measure.ofLogits(new float[] {0, -inf, -inf});
    // Of {1/2, 1/2, 0} and {1, 0, 0}: 2 log(sqrt(1/2)), and infinite where p has what q has not.
    assertClose(Decimals.log(BigDecimal.TWO), masked.renyiDivergence(half, 0.5), STATISTIC_ERROR);
    assertEquals(inf, masked.renyiDivergence(half, 2).hi());
    assertClose(Decimals.log(BigDecimal.TWO), half.renyiDivergence(masked, 2), STATISTIC_ERROR);
    assertEquals(Double.NaN, half.renyiDivergence(Measure.ofLogits(new float[] {0, inf, 0}), 2).hi());
    assertEquals(Double.NaN, half.totalVariation(Measure.ofLogits(new float[] {0, inf, 0})).hi());
    assertEquals(-inf, Measure.ofLogits(new float[] {-inf}).logSumExp().hi());
    assertEquals(Double.NaN, Measure.ofLogits(new float[] {-inf}).entropy().hi());
    assertEquals(Double.NaN, Measure.ofLogits(new float[] {0, inf}).logSumExp().hi());
    assertEquals(Double.NaN, Measure.ofProbabilities(new float[] {-1, 2}).entropy().hi());
  }

  private static void assertClose(BigDecimal exact, DoubleDouble actual, double relative) {
    assertNear(exact, actual, exact.abs().multiply(new BigDecimal(relative)));
  }

  private static void assertDivergence(BigDecimal exact, DoubleDouble actual) {
    assertNear(exact, actual, exact.abs().max(BigDecimal.ONE).multiply(new BigDecimal(DIVERGENCE_ERROR)));
  }

  /** What is off by so much before it is divided by a - 1. */
  private static void assertRenyiDivergence(BigDecimal exact, DoubleDouble actual, double order) {
    BigDecimal b = new BigDecimal(order - 1).abs().min(BigDecimal.ONE);
    BigDecimal size = exact.abs().max(BigDecimal.ONE);
    assertNear(exact, actual, size.multiply(new BigDecimal(DIVERGENCE_ERROR)).divide(b, Decimals.DIGITS));
  }

  private static void assertNear(BigDecimal exact, DoubleDouble actual, BigDecimal tolerance) {
    BigDecimal error = Decimals.of(actual).subtract(exact).abs();
    assertTrue(error.compareTo(tolerance) <= 0,
        () -> actual + " for " + exact.round(new MathContext(40)) + ": error " + error.doubleValue());
  }

  private static float[] gaussian(int length, double sigma) {
    Random random = new Random(length);
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = (float) (sigma * random.nextGaussian());
    }
    return x;
  }

  private static float[] moved(float[] x, double distance) {
    float[] noise = gaussian(x.length, distance);
    float[] moved = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      moved[i] = x[i] + noise[i];
    }
    return moved;
  }

  private static float[] weights(float[] x) {
    float max = Float.NEGATIVE_INFINITY;
    for (float value : x) {
      max = Math.max(max, value);
    }
    float[] weights = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      weights[i] = (float) Math.exp(x[i] - max);
    }
    return weights;
  }
}
