package dev.surprisal.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Probabilities;
import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import dev.surprisal.data.PairKind;
import dev.surprisal.data.RowKind;
import dev.surprisal.data.Sample;
import dev.surprisal.data.Storage;
import dev.surprisal.data.Views;
import dev.surprisal.data.Workload;
import dev.surprisal.kernel.storage.Operand;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** What is so for every distribution, without knowing its statistics: bounds, symmetries, identities. */
class InvariantsTest {
  /** Twice what one result may be off by, and a little: two results are compared. */
  private static final double RELATIVE = 3e-6;

  /** An entropy may be above log V by its own rounding: this much of it. */
  private static final double ABOVE_LOG_V = 1e-6;

  private final Scorer scorer = Scorer.sequential();

  private static boolean isDistribution(double entropy) {
    return !Double.isNaN(entropy);
  }

  private static Workload one(RowKind kind, PairKind pair, int length, long seed, DType dtype) {
    return new Workload(List.of(Sample.of(kind, pair, length, seed)), dtype);
  }

  @Property(tries = 500, seed = "11")
  void boundsOfOneRow(
      @ForAll RowKind kind, @ForAll DType dtype, @ForAll @IntRange(min = 1, max = 5000) int length,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    Workload workload = one(kind, PairKind.SAME, length, seed, dtype);
    Logits logits = workload.firstViews(Operand.LOGITS, Storage.ARRAY).logits();
    double entropy = scorer.entropy(logits)[0];
    if (!isDistribution(entropy)) {
      assertTrue(!Double.isFinite(scorer.logSumExp(logits)[0]), workload.name(0));
      return;
    }
    double logV = Math.log(length);
    assertTrue(entropy >= 0 && entropy <= logV * (1 + ABOVE_LOG_V), () -> entropy + " of " + workload.name(0));
    Scores scores = scorer.score(logits, workload.targets());
    double surprisal = -scores.targetLogProbability()[0];
    assertTrue(surprisal >= 0, () -> surprisal + " of " + workload.name(0));
    assertTrue(scores.varentropy()[0] >= 0, () -> scores.varentropy()[0] + " of " + workload.name(0));
    double ofMaximum = scorer.crossEntropy(logits, scores.argmax())[0];
    assertTrue(ofMaximum >= 0 && ofMaximum <= surprisal && ofMaximum <= logV * (1 + ABOVE_LOG_V),
        () -> ofMaximum + " of " + workload.name(0));
    double logSum = scorer.logSumExp(logits)[0];
    assertTrue(logSum >= scores.maxLogit()[0], () -> logSum + " below the maximum of " + workload.name(0));
    double weights = scorer.entropy(workload.firstViews(Operand.WEIGHTS, Storage.ARRAY).weights())[0];
    assertTrue(weights >= 0 && weights <= logV * (1 + ABOVE_LOG_V),
        () -> weights + " of weights of " + workload.name(0));
  }

  @Property(tries = 500, seed = "12")
  void boundsOfTwoRows(
      @ForAll RowKind kind, @ForAll PairKind pair, @ForAll DType dtype,
      @ForAll @IntRange(min = 1, max = 5000) int length,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    Workload workload = one(kind, pair, length, seed, dtype);
    for (Operand operand : List.of(Operand.LOGITS, Operand.WEIGHTS)) {
      Views p = workload.firstViews(operand, Storage.ARRAY);
      Views q = workload.secondViews(operand, Storage.ARRAY);
      double kl = operand == Operand.LOGITS
          ? scorer.klDivergence(p.logits(), q.logits())[0]
          : scorer.klDivergence(p.weights(), q.weights())[0];
      double js = operand == Operand.LOGITS
          ? scorer.jensenShannon(p.logits(), q.logits())[0]
          : scorer.jensenShannon(p.weights(), q.weights())[0];
      assertEquals(Double.isNaN(kl), Double.isNaN(js), workload.name(0));
      if (!Double.isNaN(kl)) {
        assertTrue(kl >= 0, () -> "KL " + kl + " of " + operand + " of " + workload.name(0));
        assertTrue(js >= 0 && js <= Math.log(2),
            () -> "JS " + js + " of " + operand + " of " + workload.name(0));
      }
    }
  }

  /**
   * Rényi divergences grow with the order; the total variation is at most 1, and by Pinsker at most the root of KL / 2.
   */
  @Property(tries = 300, seed = "17")
  void boundsOfRenyiDivergenceAndTotalVariation(
      @ForAll RowKind kind, @ForAll PairKind pair, @ForAll DType dtype,
      @ForAll @IntRange(min = 1, max = 3000) int length,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    Workload workload = one(kind, pair, length, seed, dtype);
    Logits p = workload.firstViews(Operand.LOGITS, Storage.ARRAY).logits();
    Logits q = workload.secondViews(Operand.LOGITS, Storage.ARRAY).logits();
    double kl = scorer.klDivergence(p, q)[0];
    double variation = scorer.totalVariation(p, q)[0];
    double before = 0;
    for (double order : new double[] {0.1, 0.5, 0.9, 0.999, 1, 1.001, 1.5, 2, 10}) {
      double renyi = scorer.renyiDivergence(p, q, order)[0];
      String name = "order " + order + ": " + renyi + " of " + workload.name(0);
      assertEquals(Double.isNaN(kl), Double.isNaN(renyi), name);
      if (!Double.isNaN(kl)) {
        assertTrue(renyi >= 0, name);
        assertTrue(renyi >= before - RELATIVE * Math.max(before, 1e-6), name + ", before " + before);
        before = renyi;
      }
      if (order == 1) {
        assertEquals(kl, renyi, name);
      }
    }
    assertEquals(Double.isNaN(kl), Double.isNaN(variation), workload.name(0));
    if (!Double.isNaN(kl)) {
      double most = Math.min(1, Math.sqrt(Math.max(kl, 1e-6) / 2));
      assertTrue(variation >= 0 && variation <= most * (1 + RELATIVE), () -> variation + " of " + workload.name(0));
    }
  }

  /** {@code (1 - a) D_a(p||q) = a D_(1-a)(q||p)}, and the total variation is symmetric. */
  @Property(tries = 200, seed = "18")
  void symmetries(
      @ForAll RowKind kind, @ForAll PairKind pair, @ForAll @IntRange(min = 1, max = 3000) int length,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    Workload workload = one(kind, pair, length, seed, DType.F32);
    Logits x = workload.firstViews(Operand.LOGITS, Storage.ARRAY).logits();
    Logits y = workload.secondViews(Operand.LOGITS, Storage.ARRAY).logits();
    Probabilities p = workload.firstViews(Operand.WEIGHTS, Storage.ARRAY).weights();
    Probabilities q = workload.secondViews(Operand.WEIGHTS, Storage.ARRAY).weights();
    for (double a : new double[] {0.125, 0.5, 0.75}) {
      assertClose((1 - a) * scorer.renyiDivergence(x, y, a)[0], a * scorer.renyiDivergence(y, x, 1 - a)[0]);
      assertClose((1 - a) * scorer.renyiDivergence(p, q, a)[0], a * scorer.renyiDivergence(q, p, 1 - a)[0]);
    }
    double variation = scorer.totalVariation(x, y)[0];
    assertEquals(variation, scorer.totalVariation(y, x)[0], RELATIVE * Math.max(variation, 1e-4));
    double ofWeights = scorer.totalVariation(p, q)[0];
    assertEquals(ofWeights, scorer.totalVariation(q, p)[0], RELATIVE * Math.max(ofWeights, 1e-4));
  }

  @Property(tries = 200, seed = "13")
  void divergenceFromItselfIsNothing(
      @ForAll RowKind kind, @ForAll DType dtype, @ForAll @IntRange(min = 1, max = 3000) int length,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    Workload workload = one(kind, PairKind.SAME, length, seed, dtype);
    Views p = workload.firstViews(Operand.LOGITS, Storage.ARRAY);
    Views q = workload.secondViews(Operand.LOGITS, Storage.OFF_HEAP);
    double nothing = isDistribution(scorer.entropy(p.logits())[0]) ? 0 : Double.NaN;
    assertEquals(nothing, scorer.klDivergence(p.logits(), q.logits())[0], workload.name(0));
    assertEquals(nothing, scorer.jensenShannon(p.logits(), q.logits())[0], workload.name(0));
    assertEquals(nothing, scorer.totalVariation(p.logits(), q.logits())[0], workload.name(0));
    for (double order : new double[] {0.1, 0.999, 1.001, 2, 10}) {
      assertEquals(nothing, scorer.renyiDivergence(p.logits(), q.logits(), order)[0], workload.name(0));
    }
    Views weights = workload.firstViews(Operand.WEIGHTS, Storage.ARRAY);
    double ofWeights = isDistribution(scorer.entropy(weights.weights())[0]) ? 0 : Double.NaN;
    assertEquals(ofWeights, scorer.klDivergence(weights.weights(), weights.weights())[0], workload.name(0));
    assertEquals(ofWeights, scorer.jensenShannon(weights.weights(), weights.weights())[0], workload.name(0));
    assertEquals(ofWeights, scorer.klDivergence(weights.probabilities(), weights.probabilities())[0], workload.name(0));
  }

  /** A constant that is added exactly does not matter. */
  @Property(tries = 200, seed = "14")
  void shiftInvariance(
      @ForAll @IntRange(min = 1, max = 3000) int length, @ForAll @IntRange(min = -1000, max = 1000) int shift,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] x = new float[length];
    float[] y = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = random.nextInt(-80, 80) / 8f;
      y[i] = random.nextInt(-80, 80) / 8f;
    }
    Logits p = Logits.of(x, 1, length);
    Logits q = Logits.of(y, 1, length);
    Logits shifted = Logits.of(shifted(x, shift), 1, length);
    assertClose(scorer.entropy(p)[0], scorer.entropy(shifted)[0]);
    assertClose(scorer.logSumExp(p)[0] + shift, scorer.logSumExp(shifted)[0]);
    assertClose(scorer.klDivergence(p, q)[0], scorer.klDivergence(shifted, q)[0]);
    assertClose(scorer.klDivergence(q, p)[0], scorer.klDivergence(q, shifted)[0]);
    assertClose(scorer.jensenShannon(p, q)[0], scorer.jensenShannon(shifted, q)[0]);
    assertEquals(0, scorer.klDivergence(p, shifted)[0], 1e-12);
    int[] target = {length / 2};
    assertClose(scorer.crossEntropy(p, target)[0], scorer.crossEntropy(shifted, target)[0]);
  }

  private static float[] shifted(float[] x, int shift) {
    float[] shifted = x.clone();
    for (int i = 0; i < x.length; i++) {
      shifted[i] += shift;
    }
    return shifted;
  }

  @Property(tries = 200, seed = "15")
  void permutationInvariance(
      @ForAll RowKind kind, @ForAll @IntRange(min = 2, max = 3000) int length,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    Sample sample = Sample.of(kind, PairKind.CLOSE_1E1, length, seed);
    int[] order = new int[length];
    Arrays.setAll(order, i -> i);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < length; i++) {
      int j = random.nextInt(i, length);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    Logits p = Logits.of(sample.p(), 1, length);
    Logits q = Logits.of(sample.q(), 1, length);
    Logits permutedP = Logits.of(permuted(sample.p(), order), 1, length);
    Logits permutedQ = Logits.of(permuted(sample.q(), order), 1, length);
    assertClose(scorer.entropy(p)[0], scorer.entropy(permutedP)[0]);
    assertClose(scorer.klDivergence(p, q)[0], scorer.klDivergence(permutedP, permutedQ)[0]);
    assertClose(scorer.jensenShannon(p, q)[0], scorer.jensenShannon(permutedP, permutedQ)[0]);
  }

  private static float[] permuted(float[] x, int[] order) {
    float[] permuted = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      permuted[i] = x[order[i]];
    }
    return permuted;
  }

  /** H(p, q) = H(p) + KL(p||q), and JS(p, q) = JS(q, p), and logits of weights are weights. */
  @Property(tries = 200, seed = "16")
  void identities(
      @ForAll RowKind kind, @ForAll PairKind pair, @ForAll @IntRange(min = 1, max = 3000) int length,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    Workload workload = one(kind, pair, length, seed, DType.F32);
    Probabilities p = workload.firstViews(Operand.WEIGHTS, Storage.ARRAY).weights();
    Probabilities q = workload.secondViews(Operand.WEIGHTS, Storage.ARRAY).weights();
    double crossEntropy = scorer.crossEntropy(p, q)[0];
    assertClose(crossEntropy, scorer.entropy(p)[0] + scorer.klDivergence(p, q)[0]);
    assertClose(scorer.jensenShannon(p, q)[0], scorer.jensenShannon(q, p)[0]);
    Logits x = workload.firstViews(Operand.LOGITS, Storage.ARRAY).logits();
    Logits y = workload.secondViews(Operand.LOGITS, Storage.ARRAY).logits();
    assertClose(scorer.jensenShannon(x, y)[0], scorer.jensenShannon(y, x)[0]);
    assertClose(scorer.crossEntropy(p, y)[0], scorer.entropy(p)[0] + scorer.klDivergence(p, y)[0]);
  }

  private static void assertClose(double expected, double actual) {
    assertEquals(expected, actual, Double.isFinite(expected) ? RELATIVE * Math.max(Math.abs(expected), 1e-6) : 0);
  }
}
