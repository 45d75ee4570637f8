package dev.surprisal.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import dev.surprisal.data.Figure;
import dev.surprisal.data.PairKind;
import dev.surprisal.data.RowKind;
import dev.surprisal.data.Sample;
import dev.surprisal.data.Storage;
import dev.surprisal.data.Workload;
import dev.surprisal.kernel.Statistic;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.storage.Operand;
import dev.surprisal.reference.LogitsReference;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * KL divergences of rows whose first entries, from which the kernel guesses how close they are, are unlike the rest.
 */
class CloseRowsTest {
  /** The kernel looks at a quarter of the row first, at most at so many. */
  private static final int FIRST = 8192;

  private final float[] x = new float[4 * FIRST];
  private final float[] y = new float[4 * FIRST];

  @ParameterizedTest
  @ValueSource(
      floats = {0.001f, 1, 5, 8, 10, 11, 12, 13, 13.5f, 14, 15, 17, 20, 30, 40, 50, 60, 70, 80, 85, 90, 100, 1000})
  void oneEntryDiffers(float by) {
    x[9000] = by;
    check(x, y);
    check(y, x);
  }

  @ParameterizedTest
  @ValueSource(floats = {1, 10, 50, 79, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 100, 500})
  void theRestIsHigher(float by) {
    for (int i = FIRST; i < x.length; i++) {
      x[i] = by;
      y[i] = by + (i % 2 == 0 ? 0.1f : -0.1f);
    }
    check(x, y);
    check(y, x);
  }

  @ParameterizedTest
  @ValueSource(floats = {1, 10, 50, 79, 84, 85, 86, 87, 88, 94, 100, 500})
  void theRestIsLower(float by) {
    for (int i = 0; i < x.length; i++) {
      x[i] = i < FIRST ? 0 : -by;
      y[i] = x[i] + (i % 2 == 0 ? 0.1f : -0.1f);
    }
    check(x, y);
    check(y, x);
  }

  @ParameterizedTest
  @ValueSource(floats = {-1000, -30, -10, -1, -0.1f, 0.1f, 1, 10, 30, 1000})
  void theRestIsShifted(float by) {
    SplittableRandom random = new SplittableRandom(20260103);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian(0, 3);
      y[i] = x[i] + (float) random.nextGaussian(0, 0.01) + (i < FIRST ? 0 : by);
    }
    check(x, y);
    check(y, x);
  }

  @ParameterizedTest
  @ValueSource(floats = {-10000, -100, -3, -0.5f, 0.5f, 3, 100, 10000})
  void shifted(float by) {
    SplittableRandom random = new SplittableRandom(20260104);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian(0, 3);
      y[i] = x[i] + (float) random.nextGaussian(0, 0.3) + by;
    }
    check(x, y);
    check(y, x);
  }

  /** Few entries that count, so that nothing averages out what is rounded off their differences. */
  @ParameterizedTest
  @ValueSource(ints = {65, 512, 700})
  void shortAndShifted(int length) {
    SplittableRandom random = new SplittableRandom(20261126);
    for (int round = 0; round < 500; round++) {
      float[] p = new float[length];
      float[] q = new float[length];
      float by = round % 5 * 250;
      for (int i = 0; i < length; i++) {
        p[i] = (float) random.nextGaussian(0, 3);
        q[i] = p[i] + (float) random.nextGaussian() + by;
      }
      check(p, q);
    }
  }

  /** A divergence of 1.48 that was once taken as a difference, and was off by 1.08e-6: found by the soak. */
  @Test
  void notCloseButDominated() {
    Workload workload = new Workload(
        List.of(Sample.of(RowKind.ALL_BUT_1E3, PairKind.SAME_SUPPORT, 844, 113673998324L)), DType.BF16);
    Figure figure = Figure.ofLogits(Statistic.KL_DIVERGENCE);
    double expected = workload.expected(figure, 0);
    double actual = workload.compute(figure, Scorer.sequential(), Storage.ARRAY)[0];
    assertEquals(expected, actual, 1e-6 * expected);
  }

  /** Sizes about which logits are reduced by their maximum, the largest in the tail. */
  @ParameterizedTest
  @ValueSource(floats = {32000, 32700, 32750, 32762, 32768, 33000, 65000})
  void largeInTheTail(float size) {
    float[] p = new float[17];
    Arrays.fill(p, size - 64);
    p[16] = size;
    float[] q = p.clone();
    q[0] += 1;
    check(p, q);
    check(q, p);
  }

  @Test
  void nothingInTheFirstEntries() {
    SplittableRandom random = new SplittableRandom(20260105);
    for (int i = 0; i < x.length; i++) {
      x[i] = i < FIRST ? Float.NEGATIVE_INFINITY : (float) random.nextGaussian(0, 3);
      y[i] = x[i] + (float) random.nextGaussian(0, 0.3);
    }
    check(x, y);
    Arrays.fill(y, 0, FIRST, 0);
    check(x, y);
    check(y, x);
  }

  private static void check(float[] p, float[] q) {
    double expected = LogitsReference.klDivergence(LogitsReference.toDoubles(p), LogitsReference.toDoubles(q));
    for (int threads = 1; threads <= 2; threads++) {
      Scorer scorer = threads == 1 ? Scorer.sequential() : Scorer.parallel();
      double actual = scorer.klDivergence(Logits.of(p, 1, p.length), Logits.of(q, 1, q.length), new double[1])[0];
      assertEquals(expected, actual, 1e-6 * expected, "on " + threads + " threads");
    }
  }

  /** Nearly the same distributions as weights of other masses: their logarithm is large beside those of the ratios. */
  @Test
  void weightsOfOtherMass() {
    for (long seed = 413903832780L; seed < 413903832790L; seed++) {
      Workload workload =
          new Workload(List.of(Sample.of(RowKind.TIES, PairKind.ONE_DIFFERS, 44_756, seed)), DType.F32, DType.BF16);
      for (Statistic statistic : List.of(Statistic.JENSEN_SHANNON, Statistic.KL_DIVERGENCE)) {
        Figure figure = Figure.of(statistic, Operand.WEIGHTS, Operand.WEIGHTS);
        double expected = workload.expected(figure, 0);
        double actual = workload.compute(figure, Scorer.sequential(), Storage.ARRAY)[0];
        assertEquals(expected, actual, 1e-6 * expected, figure + ", seed " + seed);
      }
    }
  }
}
