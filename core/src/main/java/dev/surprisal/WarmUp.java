package dev.surprisal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** Rows made up to be computed for {@link Scorer#warmUp}: short ones, for before it is compiled a loop is a thousand times slower. */
final class WarmUp {
  /** A block of the kernels, a vector and a remainder. */
  private static final int VOCABULARY = 1024 + 16 + 5;

  /** Entries of rows that the kernels read several at a time. */
  private static final int FEW = 64;

  /** An ordinary row, another, one close to the first, one with a mask and a dominant entry, and a close one that is shifted. */
  private static final int ROWS = 5;

  /** How often each statistic is computed until the compiler has optimised its loops for good, and some more. */
  private static final int CALLS = 500;

  private final Scorer scorer;
  private final int[] targets = new int[ROWS];
  private final double[] out = new double[ROWS];
  private final Scores scores = Scores.allocate(ROWS);
  private final float[] logProbabilities = new float[ROWS * VOCABULARY];

  private WarmUp(Scorer scorer) {
    this.scorer = scorer;
  }

  /** Computes every statistic of rows of a dtype, in an array and off-heap. */
  static void run(Scorer scorer, DType dtype) {
    WarmUp warmUp = new WarmUp(scorer);
    float[] logits = logits();
    float[] probabilities = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = 1 / (1 + logits[i] * logits[i]);
    }
    int count = ROWS * VOCABULARY;
    try (Arena arena = Arena.ofShared()) {
      for (boolean array : new boolean[] {true, false}) {
        MemorySegment x = array ? array(dtype, count) : arena.allocate((long) count * dtype.bytes(), Long.BYTES);
        MemorySegment p = array ? array(dtype, count) : arena.allocate((long) count * dtype.bytes(), Long.BYTES);
        encode(logits, dtype, x);
        encode(probabilities, dtype, p);
        warmUp.run(Logits.of(x, dtype, ROWS, VOCABULARY), Probabilities.of(p, dtype, ROWS, VOCABULARY), Logits.of(x, dtype, ROWS, FEW));
      }
    }
  }

  private void run(Logits x, Probabilities p, Logits few) {
    Probabilities normalized = p.normalized();
    for (int i = 0; i < CALLS; i++) {
      scorer.logSumExp(x, out);
      scorer.entropy(few, out);
      scorer.score(few, targets, scores);
      scorer.klDivergence(few, few, out);
      scorer.jensenShannon(few, few, out);
      scorer.entropy(x, out);
      scorer.crossEntropy(x, targets, out);
      scorer.score(x, targets, scores);
      scorer.klDivergence(x.rows(0, 2), x.rows(1, 3), out);
      scorer.klDivergence(x.rows(0, 1), x.rows(2, 3), out);
      scorer.klDivergence(x.rows(2, 4), x.rows(2, 4), out);
      scorer.klDivergence(x.rows(0, 1), x.rows(4, 5), out);
      scorer.jensenShannon(x.rows(0, 1), x.rows(2, 3), out);
      scorer.logSoftmax(x, logProbabilities);
      scorer.entropy(p, out);
      scorer.entropy(normalized, out);
      scorer.crossEntropy(p, x, out);
      scorer.klDivergence(normalized.rows(0, 1), x.rows(0, 1), out);
      scorer.klDivergence(p.rows(0, 1), p.rows(1, 2), out);
      scorer.klDivergence(normalized.rows(0, 1), normalized.rows(2, 3), out);
      scorer.jensenShannon(p.rows(0, 1), p.rows(1, 2), out);
    }
  }

  private static float[] logits() {
    SplittableRandom random = new SplittableRandom(1);
    float[] x = new float[ROWS * VOCABULARY];
    for (int i = 0; i < VOCABULARY; i++) {
      x[i] = (float) random.nextGaussian(0, 3);
      x[VOCABULARY + i] = (float) random.nextGaussian(0, 3);
      x[2 * VOCABULARY + i] = x[i] + (float) random.nextGaussian(0, 0.1);
      x[3 * VOCABULARY + i] = i % 3 == 0 ? Float.NEGATIVE_INFINITY : x[i];
    }
    x[3 * VOCABULARY + 1] = 40;
    System.arraycopy(x, 2 * VOCABULARY, x, 4 * VOCABULARY, VOCABULARY);
    for (int i = 4 * VOCABULARY; i < 5 * VOCABULARY; i++) {
      x[i] += 10;
    }
    return x;
  }

  private static MemorySegment array(DType dtype, int count) {
    return dtype == DType.F32 ? MemorySegment.ofArray(new float[count]) : MemorySegment.ofArray(new short[count]);
  }

  private static void encode(float[] values, DType dtype, MemorySegment to) {
    for (int i = 0; i < values.length; i++) {
      switch (dtype) {
        case F32 -> to.setAtIndex(ValueLayout.JAVA_FLOAT, i, values[i]);
        case F16 -> to.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(values[i]));
        case BF16 -> to.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(values[i]) >>> 16));
      }
    }
  }
}
