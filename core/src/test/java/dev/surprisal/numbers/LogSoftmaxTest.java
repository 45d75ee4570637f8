package dev.surprisal.numbers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import dev.surprisal.data.Lengths;
import dev.surprisal.data.PairKind;
import dev.surprisal.data.Sample;
import dev.surprisal.data.Storage;
import dev.surprisal.data.Tolerance;
import dev.surprisal.data.Workload;
import dev.surprisal.kernel.scalar.Log;
import dev.surprisal.kernel.storage.Operand;
import dev.surprisal.oracle.Measure;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Log-softmax: every entry against the oracle, every destination, and in place. */
class LogSoftmaxTest {
  private static final float SENTINEL = 12345.678f;

  private final Scorer scorer = Scorer.sequential();

  @ParameterizedTest
  @EnumSource
  void everyEntry(DType dtype) {
    IntStream.concat(Lengths.all(), Lengths.edges().limit(12)).forEach(length -> {
      Workload workload = new Workload(
          Sample.all(length, 8,
              (kind, pair) -> pair == PairKind.SAME && (length <= 130 || (kind.ordinal() + length) % 5 == 0)),
          dtype);
      Storage storage = Storage.values()[length % Storage.values().length];
      float[][] rows = workload.firstRows(Operand.LOGITS);
      float[] out = scorer.logSoftmax(
          workload.firstViews(Operand.LOGITS, storage).logits(), new float[rows.length * length]);
      for (int row = 0; row < rows.length; row++) {
        assertRow(rows[row], Arrays.copyOfRange(out, row * length, (row + 1) * length),
            workload.name(row) + ", " + storage);
      }
    });
  }

  private static void assertRow(float[] x, float[] actual, String name) {
    Measure measure = Measure.ofLogits(x);
    for (int i = 0; i < x.length; i++) {
      double expected = measure.logP(i).hi();
      assertTrue(Tolerance.shareOfLogSoftmax(measure, i, actual[i]) <= 1,
          name + ", entry " + i + ": expected " + expected + ", got " + actual[i]);
    }
  }

  /** Destinations agree in every bit, and nothing outside them is touched. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 15, 16, 17, 33, 130, 1000, 2049})
  void everyDestination(int length) {
    Workload workload = new Workload(Sample.all(length, 9, (kind, pair) -> pair == PairKind.SAME), DType.F32);
    int elements = workload.rows() * length;
    Logits logits = workload.firstViews(Operand.LOGITS, Storage.ARRAY).logits();
    float[] expected = scorer.logSoftmax(logits, new float[elements]);
    float[] longer = new float[elements + 20];
    Arrays.fill(longer, SENTINEL);
    assertSame(longer, scorer.logSoftmax(logits, longer));
    assertArrayEquals(expected, Arrays.copyOf(longer, elements));
    assertAll(longer, elements, SENTINEL);
    try (Arena arena = Arena.ofConfined()) {
      for (int offset : new int[] {0, 1, 2, 3, 4, 7, 32}) {
        byte[] bytes = new byte[elements * 4 + 64];
        for (MemorySegment all : new MemorySegment[] {
            arena.allocate(elements * 4L + 64), MemorySegment.ofArray(bytes),
            MemorySegment.ofArray(new float[elements + 16]), MemorySegment.ofArray(new double[elements / 2 + 9])}) {
          all.fill((byte) 0x5a);
          MemorySegment out = all.asSlice(offset, elements * 4L);
          assertSame(out, scorer.logSoftmax(logits, out));
          for (int i = 0; i < elements; i++) {
            assertEquals(expected[i], out.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i), "entry " + i + " in " + all);
          }
          assertEquals(-1, all.asSlice(0, offset).mismatch(filled(offset)), "before the output");
          long rest = all.byteSize() - offset - elements * 4L;
          assertEquals(-1, all.asSlice(offset + elements * 4L).mismatch(filled(rest)), "behind the output");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16, 17, 130, 2049, 5000})
  void inPlace(int length) {
    Workload workload = new Workload(Sample.all(length, 10, (kind, pair) -> pair == PairKind.SAME), DType.F32);
    float[] x = flat(workload.firstRows(Operand.LOGITS));
    Logits logits = Logits.of(x, workload.rows(), length);
    float[] expected = scorer.logSoftmax(logits, new float[x.length]);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment aligned = arena.allocateFrom(ValueLayout.JAVA_FLOAT, x);
      scorer.logSoftmax(Logits.of(aligned, DType.F32, workload.rows(), length), aligned);
      assertArrayEquals(expected, aligned.toArray(ValueLayout.JAVA_FLOAT));
      MemorySegment misaligned = arena.allocate(x.length * 4L + 1).asSlice(1).copyFrom(MemorySegment.ofArray(x));
      scorer.logSoftmax(Logits.of(misaligned, DType.F32, workload.rows(), length), misaligned);
      assertArrayEquals(expected, misaligned.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
    }
    assertSame(x, scorer.logSoftmax(logits, x));
    assertArrayEquals(expected, x);
  }

  /** The same array under a segment is still the same place. */
  @Test
  void inPlaceThroughASegmentOverTheArray() {
    float[] x = {1, 2, 3, 4, 5, 7};
    float[] expected = scorer.logSoftmax(Logits.of(x, 2, 3), new float[6]);
    scorer.logSoftmax(Logits.of(x, 2, 3), MemorySegment.ofArray(x));
    assertArrayEquals(expected, x);
  }

  @Test
  void inPlaceAtATemperature() {
    float[] x = {1, 2, 3, 4, 5, 7};
    float[] expected = scorer.logSoftmax(Logits.of(x, 2, 3).withTemperature(0.7f), new float[6]);
    scorer.logSoftmax(Logits.of(x, 2, 3).withTemperature(0.7f), x);
    assertArrayEquals(expected, x);
  }

  /** What is written is the logits of the same distribution. */
  @ParameterizedTest
  @EnumSource
  void isADistribution(DType dtype) {
    Workload workload = new Workload(Sample.all(777, 11, (kind, pair) -> pair == PairKind.SAME), dtype);
    Logits logits = workload.firstViews(Operand.LOGITS, Storage.OFF_HEAP).logits();
    float[] out = scorer.logSoftmax(logits, new float[workload.rows() * 777]);
    double[] logSums = scorer.logSumExp(Logits.of(out, workload.rows(), 777));
    double[] before = scorer.logSumExp(logits);
    for (int row = 0; row < workload.rows(); row++) {
      // Entries are rounded to float: their logarithm of 20 or so by half an ulp of 16.
      assertEquals(Double.isFinite(before[row]) ? 0 : Double.NaN, logSums[row], 2e-6, workload.name(row));
    }
  }

  private static MemorySegment filled(long bytes) {
    byte[] filled = new byte[(int) bytes];
    Arrays.fill(filled, (byte) 0x5a);
    return MemorySegment.ofArray(filled);
  }

  private static void assertAll(float[] values, int from, float expected) {
    for (int i = from; i < values.length; i++) {
      assertEquals(expected, values[i], "entry " + i);
    }
  }

  private static float[] flat(float[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(rows[row], 0, flat, row * rows[0].length, rows[0].length);
    }
    return flat;
  }
}
