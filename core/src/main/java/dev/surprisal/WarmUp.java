package dev.surprisal;

import dev.surprisal.batch.Batch;
import dev.surprisal.batch.Call;
import dev.surprisal.kernel.ScoreColumns;
import dev.surprisal.kernel.Statistic;
import dev.surprisal.kernel.storage.Operand;
import dev.surprisal.kernel.storage.Rows;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Loops.Forms;
import dev.surprisal.kernel.scalar.Element;
import dev.surprisal.kernel.scalar.Sizes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * Rows made up to be computed for {@link Scorer#warmUp}, by every statistic that there is. Short ones, for where
 * vectors are used at once a loop is a thousand times slower before it is compiled.
 */
final class WarmUp {
  /** Two blocks of the kernels, a vector and a remainder. */
  private static final int VOCABULARY = 2 * Sizes.BLOCK + 16 + 5;

  /**
   * An ordinary row, another, one close to the first, one with a mask and a dominant entry, and a
   * close one that is shifted.
   */
  private static final int ROWS = 5;

  /**
   * Pairs of them: far apart, close, both with the mask, and close but shifted. Probabilities
   * differ in the first two only.
   */
  private static final int[][] PAIRS = {{0, 1}, {0, 2}, {3, 3}, {0, 4}};

  /** How often each statistic is computed until the compiler has optimised vectors for good, and some more. */
  private static final int CALLS = 500;

  /** How often, where vectors are compiled by others, until all loops are asked for. */
  private static final int FEW_CALLS = 2;

  /** An order of divergences that have one. */
  private static final double ORDER = 2;

  private final Batch batch;
  private final int[] targets = new int[ROWS];
  private final double[] out = new double[VOCABULARY];
  private final ScoreColumns scores = new ScoreColumns(ROWS);
  private final float[] written = new float[ROWS * VOCABULARY];

  private WarmUp(Batch batch) {
    this.batch = batch;
  }

  /** Computes every statistic of rows of a type, in an array and off-heap. */
  static void run(Batch batch, Element element) {
    WarmUp warmUp = new WarmUp(batch);
    float[] logits = logits();
    float[] probabilities = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = 1 / (1 + logits[i] * logits[i]);
    }
    int count = ROWS * VOCABULARY;
    try (Arena arena = Arena.ofShared()) {
      MemorySegment room = arena.allocate((long) count * Float.BYTES, Long.BYTES);
      for (boolean array : new boolean[] {true, false}) {
        long bytes = (long) count * element.bytes();
        MemorySegment x = array ? array(element, count) : arena.allocate(bytes, Long.BYTES);
        MemorySegment p = array ? array(element, count) : arena.allocate(bytes, Long.BYTES);
        encode(logits, element, x);
        encode(probabilities, element, p);
        warmUp.run(x, p, element, array ? null : room);
      }
    }
    await();
  }

  /** Waits until all loops that were asked for run at full speed, or the thread is interrupted. */
  static void await() {
    try {
      Loops.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(MemorySegment x, MemorySegment p, Element element, MemorySegment room) {
    Rows logits = Rows.of(x, element, 0, ROWS, VOCABULARY, VOCABULARY);
    Rows few = Rows.of(x, element, 0, ROWS, Sizes.SHORT, Sizes.SHORT);
    Rows probabilities = Rows.of(p, element, 0, ROWS, VOCABULARY, VOCABULARY);
    int calls = Loops.forms() == Forms.VECTORS ? CALLS : FEW_CALLS;
    for (int i = 0; i < calls; i++) {
      for (Statistic statistic : Statistic.values()) {
        for (Operand first : Operand.values()) {
          Rows firstRows = rows(first, logits, probabilities);
          if (statistic.takes(first, null)) {
            compute(statistic, firstRows, null, room);
            if (first == Operand.LOGITS) {
              compute(statistic, few, null, room);
            }
          }
          for (Operand second : Operand.values()) {
            if (statistic.takes(first, second)) {
              computePairs(statistic, firstRows, rows(second, logits, probabilities), room);
              if (first == Operand.LOGITS) {
                compute(statistic, few, few, room);
              }
            }
          }
        }
      }
    }
  }

  private static Rows rows(Operand operand, Rows logits, Rows probabilities) {
    return operand == Operand.LOGITS ? logits : probabilities.as(operand);
  }

  private void computePairs(Statistic statistic, Rows x, Rows y, MemorySegment room) {
    int pairs = x.operand() == Operand.LOGITS ? PAIRS.length : 2;
    for (int i = 0; i < pairs; i++) {
      int p = PAIRS[i][0];
      int q = PAIRS[i][1];
      compute(statistic, x.slice(p, p + 1), y.slice(q, q + 1), room);
    }
  }

  private void compute(Statistic statistic, Rows x, Rows y, MemorySegment room) {
    Call call = batch.call();
    call.arguments.x = x;
    call.arguments.y = y;
    call.arguments.targets = targets;
    call.arguments.order = ORDER;
    call.arguments.out = out;
    call.arguments.scores = scores;
    if (room == null) {
      call.arguments.destination.set(written, x);
    } else {
      call.arguments.destination.set(room, x);
    }
    batch.runAlone(statistic, call, x.rows());
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

  private static MemorySegment array(Element element, int count) {
    return element == Element.F32 ? MemorySegment.ofArray(new float[count]) : MemorySegment.ofArray(new short[count]);
  }

  private static void encode(float[] values, Element element, MemorySegment to) {
    for (int i = 0; i < values.length; i++) {
      switch (element) {
        case F32 -> to.setAtIndex(ValueLayout.JAVA_FLOAT, i, values[i]);
        case F16 -> to.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(values[i]));
        case BF16 -> to.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(values[i]) >>> 16));
      }
    }
  }
}
