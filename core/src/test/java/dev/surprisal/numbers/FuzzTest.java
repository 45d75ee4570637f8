package dev.surprisal.numbers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Probabilities;
import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import dev.surprisal.data.Encoding;
import dev.surprisal.data.Figure;
import dev.surprisal.data.Figure.Column;
import dev.surprisal.data.Mismatches;
import dev.surprisal.data.PairKind;
import dev.surprisal.data.RowKind;
import dev.surprisal.data.Sample;
import dev.surprisal.data.Storage;
import dev.surprisal.data.Tolerance;
import dev.surprisal.data.Views;
import dev.surprisal.data.Workload;
import dev.surprisal.kernel.storage.Operand;
import dev.surprisal.oracle.Measure;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * Anything at all: shapes, strides, offsets, dtypes, storages and values, special ones among them, against the oracle.
 * What lies around inputs and outputs is watched.
 */
class FuzzTest {
  private static final float[] SPECIAL = {
      Float.NaN, Float.intBitsToFloat(0xffc00001), Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, -0f,
      Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE, -Float.MAX_VALUE, 1, -1, 88.5f, -88.5f,
      -104, 1e20f, 1e-20f};

  private final Scorer scorer = Scorer.sequential();

  @Provide
  Arbitrary<Figure> figures() {
    return Arbitraries.of(Figure.all());
  }

  @Property(tries = 400, seed = "1")
  void statisticsOfSamples(
      @ForAll("figures") Figure figure, @ForAll DType first, @ForAll DType second, @ForAll Storage storage,
      @ForAll Storage other, @ForAll RowKind kind, @ForAll PairKind pair,
      @ForAll @IntRange(min = 1, max = 300) int length, @ForAll @IntRange(min = 1, max = 4) int rows,
      @ForAll long seed) {
    Workload workload = new Workload(
        IntStream.range(0, rows).mapToObj(row -> Sample.of(kind, pair, length, seed % 1_000_000 + row)).toList(), first,
        second);
    Mismatches mismatches = new Mismatches();
    mismatches.check(figure, workload, workload.compute(figure, scorer, storage, other), storage + " and " + other);
    mismatches.assertNone();
  }

  /** Rows of arbitrary bits: whatever the oracle says of them, a number, an infinity or NaN. */
  @Property(tries = 400, seed = "2")
  void logitsOfAnyBits(
      @ForAll DType dtype, @ForAll Storage storage, @ForAll @IntRange(min = 1, max = 150) int length,
      @ForAll @IntRange(max = 3) int specials, @ForAll @IntRange(min = -4, max = 38) int magnitude, @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] rows = new float[5][length];
    for (float[] row : rows) {
      double scale = StrictMath.pow(10, magnitude) / 4;
      for (int i = 0; i < length; i++) {
        row[i] = Encoding.stored((float) (scale * random.nextGaussian()), dtype);
      }
      for (int i = random.nextInt(specials + 1); i > 0; i--) {
        row[random.nextInt(length)] = Encoding.stored(SPECIAL[random.nextInt(SPECIAL.length)], dtype);
      }
    }
    int[] targets = random.ints(5, 0, length).toArray();
    Logits logits = storage.place(rows, dtype).logits();
    Scores scores = scorer.score(logits, targets);
    for (int row = 0; row < 5; row++) {
      Measure measure = Measure.ofLogits(rows[row]);
      String name = Arrays.toString(rows[row]) + " in " + dtype + ", " + storage;
      double logSum = measure.logSumExp().hi();
      double rest = measure.isDistribution() ? measure.entropy().hi() : 0;
      assertAllowed(Column.LOG_SUM_EXP, logSum, scores.logSumExp()[row], rest, name);
      assertAllowed(Column.ENTROPY, measure.entropy().hi(), scores.entropy()[row], 0, name);
      assertAllowed(Column.VARENTROPY, measure.varentropy().hi(), scores.varentropy()[row], 0, name);
      double target = measure.logP(targets[row]).hi();
      assertAllowed(Column.TARGET_LOG_PROBABILITY, target, scores.targetLogProbability()[row], 0, name);
    }
  }

  private static void assertAllowed(Column column, double expected, double actual, double cancelled, String name) {
    assertTrue(Tolerance.allows(Figure.of(column), expected, actual, cancelled),
        () -> column + ": expected " + expected + ", got " + actual + " of " + name);
  }

  /** Inputs are not changed, and outputs are written where they should be and nowhere else. */
  @Property(tries = 300, seed = "3")
  void nothingElseIsTouched(
      @ForAll("figures") Figure figure, @ForAll DType dtype, @ForAll @IntRange(min = 1, max = 200) int length,
      @ForAll @IntRange(max = 4) int rows, @ForAll @IntRange(max = 9) int offset, @ForAll @IntRange(max = 9) int gap,
      @ForAll @IntRange(max = 5) int more) {
    Workload workload = new Workload(
        IntStream.range(0, rows + 1).mapToObj(row -> Sample.of(RowKind.ORDINARY, PairKind.SAME_SUPPORT, length, row))
            .toList(),
        dtype);
    try (Arena arena = Arena.ofConfined()) {
      long stride = length + gap;
      long bytes = rows == 0 ? offset : offset + ((rows - 1) * stride + length) * dtype.bytes();
      MemorySegment first = filled(arena, bytes, workload.firstRows(figure.first()), rows, dtype, offset, stride);
      float[][] others = figure.isOfTwo() ? workload.secondRows(figure.second()) : workload.firstRows(figure.first());
      MemorySegment second = filled(arena, bytes, others, rows, dtype, offset, stride);
      byte[] firstBefore = first.toArray(ValueLayout.JAVA_BYTE);
      byte[] secondBefore = second.toArray(ValueLayout.JAVA_BYTE);
      double[] out = new double[rows + more];
      Arrays.fill(out, -77.5);
      figure.compute(scorer, views(first, dtype, offset, rows, length, stride),
          views(second, dtype, offset, rows, length, stride), Arrays.copyOf(workload.targets(), rows), out);
      for (int i = 0; i < out.length; i++) {
        assertEquals(i >= rows, out[i] == -77.5, "result " + i + " of " + rows + ": " + out[i]);
      }
      assertArrayEquals(firstBefore, first.toArray(ValueLayout.JAVA_BYTE));
      assertArrayEquals(secondBefore, second.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  private static MemorySegment filled(
      Arena arena, long bytes, float[][] values, int rows, DType dtype, int offset, long stride) {
    MemorySegment segment = arena.allocate(bytes);
    Storage.write(Arrays.copyOf(values, rows), dtype, segment, offset, stride);
    return segment;
  }

  private static Views views(MemorySegment segment, DType dtype, int offset, int rows, int length, long stride) {
    return new Views(
        Logits.of(segment, dtype, offset, rows, length, stride),
        Probabilities.of(segment, dtype, offset, rows, length, stride));
  }

  @Property(tries = 200, seed = "4")
  void logSoftmaxWritesItsRowsOnly(
      @ForAll DType dtype, @ForAll Storage storage, @ForAll @IntRange(min = 1, max = 200) int length,
      @ForAll @IntRange(min = 1, max = 4) int rows, @ForAll @IntRange(max = 40) int before,
      @ForAll @IntRange(max = 40) int behind,
      @ForAll RowKind kind) {
    Workload workload = new Workload(
        IntStream.range(0, rows).mapToObj(row -> Sample.of(kind, PairKind.SAME, length, row)).toList(), dtype);
    Logits logits = workload.firstViews(Operand.LOGITS, storage).logits();
    float[] expected = scorer.logSoftmax(logits, new float[rows * length]);
    byte[] around = new byte[before + expected.length * 4 + behind];
    Arrays.fill(around, (byte) 0x5a);
    byte[] sentinels = around.clone();
    MemorySegment out = MemorySegment.ofArray(around).asSlice(before, expected.length * 4L);
    scorer.logSoftmax(logits, out);
    assertArrayEquals(expected, out.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
    out.fill((byte) 0x5a);
    assertArrayEquals(sentinels, around);
  }
}
