package dev.surprisal.allocation;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import dev.surprisal.data.Figure;
import dev.surprisal.data.PairKind;
import dev.surprisal.data.RowKind;
import dev.surprisal.data.Sample;
import dev.surprisal.data.Storage;
import dev.surprisal.data.Views;
import dev.surprisal.data.Workload;
import dev.surprisal.kernel.Statistic;
import dev.surprisal.kernel.storage.Operand;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Calls with an output of the caller's allocate nothing once they are warm. Until the kernels are compiled vectors are
 * objects, so a call is repeated until a round of calls has been free; it may take a while, and never comes where
 * something is allocated on purpose.
 *
 * <p>In the first package, so that it runs before all others: in a process that has met every odd row there is, a loop
 * for rare rows may have been compiled again and again until it was compiled badly.
 *
 * <p>The scalar backend is the textbook: it may make the rows of doubles that the definitions speak of.
 */
@Timeout(120)
class AllocationTest {
  private static final int ROUND = 20;
  private static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final int LENGTH = 700;
  private static final int ROWS = 8;

  /**
   * What all threads together may allocate in a round: those of the pool wake and sleep, and the JVM has threads of its
   * own. A single object a row would be more: {@link #ROUND} x {@link #PARALLEL_ROWS} x 16 bytes.
   */
  private static final long PARALLEL_BYTES = 20_000;

  private static final int PARALLEL_ROWS = 300;

  /** The module of {@code com.sun.management} is not one that the library, and so its tests, may name. */
  private static final MethodHandle THREAD_BYTES = bean("getCurrentThreadAllocatedBytes");
  private static final MethodHandle TOTAL_BYTES = bean("getTotalThreadAllocatedBytes");

  private static MethodHandle bean(String method) {
    try {
      Object bean = Class.forName("java.lang.management.ManagementFactory").getMethod("getThreadMXBean").invoke(null);
      return MethodHandles.publicLookup()
          .findVirtual(Class.forName("com.sun.management.ThreadMXBean"), method, MethodType.methodType(long.class))
          .bindTo(bean);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static long threadBytes() {
    return bytes(THREAD_BYTES);
  }

  private static long totalBytes() {
    return bytes(TOTAL_BYTES);
  }

  private static long bytes(MethodHandle counter) {
    try {
      return (long) counter.invokeExact();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Repeats a round of calls until one has allocated no more than it may. */
  private static void assertFree(String name, LongSupplier counter, long allowed, Runnable call) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    long least = Long.MAX_VALUE;
    while (least > allowed && System.nanoTime() < deadline) {
      long before = counter.getAsLong();
      for (int i = 0; i < ROUND; i++) {
        call.run();
      }
      least = Math.min(least, counter.getAsLong() - before);
    }
    long bytes = least;
    assertTrue(bytes <= allowed, () -> name + " allocates " + bytes + " bytes in " + ROUND + " calls");
  }

  private static Workload workload(int rows, DType dtype) {
    return workload(rows, LENGTH, dtype);
  }

  private static Workload workload(int rows, int length, DType dtype) {
    RowKind[] kinds = {RowKind.ORDINARY, RowKind.ALL_BUT_1E9, RowKind.RAMP_UP, RowKind.MASK_90};
    PairKind[] pairs = {PairKind.CLOSE_1E6, PairKind.SAME_SUPPORT, PairKind.CLOSE_1E2, PairKind.SAME};
    return new Workload(
        IntStream.range(0, rows).mapToObj(row -> Sample.of(kinds[row % 4], pairs[row / 4 % 4], length, row)).toList(),
        dtype);
  }

  private static Stream<Figure> computed() {
    return Figure.all().stream().filter(figure -> !figure.isScored());
  }

  @ParameterizedTest
  @MethodSource("computed")
  void sequential(Figure figure) {
    Scorer scorer = Scorer.sequential();
    Storage[] storages = {Storage.ARRAY, Storage.OFF_HEAP, Storage.BYTE_ARRAY_MISALIGNED};
    for (DType dtype : DType.values()) {
      Workload workload = workload(ROWS, dtype);
      Storage storage = storages[(figure.index() + dtype.ordinal()) % storages.length];
      Views p = workload.firstViews(figure.first(), storage);
      Views q = figure.isOfTwo() ? workload.secondViews(figure.second(), Storage.ARRAY) : null;
      double[] out = new double[ROWS];
      assertFree(figure + " of " + dtype + ", " + storage, AllocationTest::threadBytes, 0,
          () -> figure.compute(scorer, p, q, workload.targets(), out));
    }
  }

  /** Weights whose sums no float can scale to each other, and logits further apart than the largest float. */
  @ParameterizedTest
  @MethodSource("computed")
  void extremes(Figure figure) {
    Scorer scorer = Scorer.sequential();
    float[] large = new float[LENGTH];
    float[] small = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      large[i] = (1 + i % 7) * 1e31f;
      small[i] = figure.second() == Operand.LOGITS ? i % 5 * 1e38f - 2e38f : (1 + i % 5) * 1e-41f;
    }
    Views p = Storage.ARRAY.place(new float[][] {large}, DType.F32);
    Views q = Storage.ARRAY.place(new float[][] {small}, DType.F32);
    double[] out = new double[1];
    int[] targets = new int[1];
    assertFree(figure + " of extremes", AllocationTest::threadBytes, 0,
        () -> figure.compute(scorer, p, q, targets, out));
  }

  @ParameterizedTest
  @MethodSource("computed")
  void shortRows(Figure figure) {
    Scorer scorer = Scorer.sequential();
    int rows = 50;
    for (int length : new int[] {5, 64}) {
      Workload workload = workload(rows, length, DType.F32);
      Views p = workload.firstViews(figure.first(), Storage.ARRAY);
      Views q = figure.isOfTwo() ? workload.secondViews(figure.second(), Storage.ARRAY) : null;
      double[] out = new double[rows];
      assertFree(figure + " of " + length, AllocationTest::threadBytes, 0,
          () -> figure.compute(scorer, p, q, workload.targets(), out));
    }
  }

  @ParameterizedTest
  @EnumSource
  void scores(DType dtype) {
    Scorer scorer = Scorer.sequential();
    Workload workload = workload(ROWS, dtype);
    Logits logits = workload.firstViews(Operand.LOGITS, Storage.ARRAY).logits();
    Scores scores = Scores.allocate(ROWS);
    assertFree("score", AllocationTest::threadBytes, 0,
        () -> scorer.score(logits, workload.targets(), scores));
  }

  @ParameterizedTest
  @EnumSource
  void logSoftmax(DType dtype) {
    Scorer scorer = Scorer.sequential();
    Logits logits = workload(ROWS, dtype).firstViews(Operand.LOGITS, Storage.ARRAY).logits();
    float[] array = new float[ROWS * LENGTH];
    long allowed = 0;
    assertFree("logSoftmax", AllocationTest::threadBytes, allowed, () -> scorer.logSoftmax(logits, array));
    Logits inPlace = Logits.of(array, ROWS, LENGTH);
    assertFree("logSoftmax in place", AllocationTest::threadBytes, allowed, () -> scorer.logSoftmax(inPlace, array));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(array.length * 4L);
      assertFree("logSoftmax into a segment", AllocationTest::threadBytes, allowed,
          () -> scorer.logSoftmax(logits, segment));
    }
  }

  static Stream<Arguments> storages() {
    return Arrays.stream(Storage.values())
        .flatMap(storage -> Arrays.stream(DType.values()).map(dtype -> Arguments.of(storage, dtype)));
  }

  /** The first row in each storage, the second in the next: so that each is read as both. */
  @ParameterizedTest
  @MethodSource("storages")
  void everyStorage(Storage storage, DType dtype) {
    Scorer scorer = Scorer.sequential();
    Storage other = Storage.values()[(storage.ordinal() + 1) % Storage.values().length];
    double[] out = new double[ROWS];
    float[] written = new float[ROWS * LENGTH];
    Scores scores = Scores.allocate(ROWS);
    for (int length : new int[] {40, LENGTH}) {
      Workload workload = workload(ROWS, length, dtype);
      long allowed = 0;
      String of = " of " + length + " x " + dtype + ", " + storage;
      someOfEachKind().forEach(figure -> {
        Views p = workload.firstViews(figure.first(), storage);
        Views q = figure.isOfTwo() ? workload.secondViews(figure.second(), other) : null;
        assertFree(figure + of + " and " + other, AllocationTest::threadBytes, allowed,
            () -> figure.compute(scorer, p, q, workload.targets(), out));
      });
      Logits logits = workload.firstViews(Operand.LOGITS, storage).logits();
      assertFree("score" + of, AllocationTest::threadBytes, allowed,
          () -> scorer.score(logits, workload.targets(), scores));
      assertFree("logSoftmax" + of, AllocationTest::threadBytes, allowed, () -> scorer.logSoftmax(logits, written));
    }
  }

  /** A call that fails has given back what it worked with: the next allocates nothing. */
  @Test
  void afterCallsThatFail() {
    Scorer scorer = Scorer.sequential();
    Workload workload = workload(ROWS, DType.F32);
    Logits logits = workload.firstViews(Operand.LOGITS, Storage.ARRAY).logits();
    Logits other = Logits.of(new float[ROWS], ROWS, 1);
    int[] outside = workload.targets().clone();
    outside[ROWS - 1] = LENGTH;
    double[] out = new double[ROWS];
    Scores scores = Scores.allocate(ROWS);
    Scores few = Scores.allocate(ROWS - 1);
    List<Executable> failing = List.of(
        () -> scorer.score(logits, workload.targets(), few), () -> scorer.score(logits, outside, scores),
        () -> scorer.score(logits, new int[1], scores), () -> scorer.crossEntropy(logits, outside, out),
        () -> scorer.entropy(logits, new double[1]), () -> scorer.klDivergence(logits, other, out),
        () -> scorer.renyiDivergence(logits, logits, -1, out), () -> scorer.logSoftmax(logits, new float[1]));
    long[] bytes = {0};
    assertFree("a call after calls that failed", () -> bytes[0], 0, () -> {
      failing.forEach(call -> assertThrows(RuntimeException.class, call));
      long before = threadBytes();
      scorer.score(logits, workload.targets(), scores);
      scorer.klDivergence(logits, logits, out);
      scorer.crossEntropy(logits, workload.targets(), out);
      bytes[0] += threadBytes() - before;
    });
  }

  static Stream<Figure> someOfEachKind() {
    return Stream.of(Figure.ofLogits(Statistic.ENTROPY), Figure.ofLogits(Statistic.CROSS_ENTROPY),
        Figure.ofLogits(Statistic.KL_DIVERGENCE), Figure.ofLogits(Statistic.TOTAL_VARIATION),
        Figure.of(Statistic.JENSEN_SHANNON, Operand.WEIGHTS, Operand.WEIGHTS),
        Figure.of(Statistic.CROSS_ENTROPY, Operand.PROBABILITIES, Operand.LOGITS));
  }

  @ParameterizedTest
  @MethodSource("someOfEachKind")
  void parallel(Figure figure) {
    Scorer scorer = Scorer.parallel();
    Workload workload = workload(PARALLEL_ROWS, DType.BF16);
    Views p = workload.firstViews(figure.first(), Storage.OFF_HEAP);
    Views q = figure.isOfTwo() ? workload.secondViews(figure.second(), Storage.OFF_HEAP) : null;
    double[] out = new double[PARALLEL_ROWS];
    assertFree(figure.toString(), AllocationTest::totalBytes, PARALLEL_BYTES,
        () -> figure.compute(scorer, p, q, workload.targets(), out));
  }

  /** What is measured is measured: one small array is seen. */
  @Test
  void countersCount() {
    long before = threadBytes();
    long total = totalBytes();
    byte[] array = new byte[1000];
    assertTrue(threadBytes() - before >= array.length);
    assertTrue(totalBytes() - total >= array.length);
  }
}
