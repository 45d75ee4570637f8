package dev.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Probabilities;
import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import dev.surprisal.data.Figure;
import dev.surprisal.data.PairKind;
import dev.surprisal.data.RowKind;
import dev.surprisal.data.Sample;
import dev.surprisal.data.Views;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Segments that may not be read or written: closed, another thread's, read-only; and outputs that overlap inputs. */
class SegmentTest {
  private static final int VOCABULARY = 50;
  private static final int ROWS = 6;
  private static final float[] VALUES = Sample.of(RowKind.ORDINARY, PairKind.SAME, ROWS * VOCABULARY, 15).p();
  private static final int[] TARGETS = new int[ROWS];

  static Stream<Scorer> scorers() {
    return Stream.of(Scorer.sequential(), Scorer.parallel());
  }

  private static Views views(MemorySegment segment) {
    return new Views(
        Logits.of(segment, DType.F32, ROWS, VOCABULARY), Probabilities.of(segment, DType.F32, ROWS, VOCABULARY));
  }

  private static MemorySegment allocate(Arena arena) {
    return arena.allocateFrom(ValueLayout.JAVA_FLOAT, VALUES);
  }

  static List<Figure> figures() {
    return Figure.all();
  }

  @ParameterizedTest
  @MethodSource("figures")
  void closedArena(Figure figure) {
    try (Arena open = Arena.ofConfined()) {
      for (Supplier<Arena> kind : List.<Supplier<Arena>>of(Arena::ofConfined, Arena::ofShared)) {
        Views alive = views(allocate(open));
        Arena arena = kind.get();
        Views closed = views(allocate(arena));
        arena.close();
        double[] out = new double[ROWS];
        scorers().forEach(scorer -> {
          assertClosed(() -> figure.compute(scorer, closed, alive, TARGETS, out));
          if (figure.isOfTwo()) {
            assertClosed(() -> figure.compute(scorer, alive, closed, TARGETS, out));
          }
        });
        assertArrayEquals(new double[ROWS], out);
      }
    }
  }

  private static void assertClosed(Executable call) {
    IllegalStateException thrown = assertThrows(IllegalStateException.class, call);
    assertTrue(thrown.getMessage().contains("closed"), thrown.getMessage());
  }

  @Test
  void closedArenaOfJointAndLogSoftmax() {
    Arena arena = Arena.ofShared();
    Views closed = views(allocate(arena));
    MemorySegment out = arena.allocate(VALUES.length * 4L);
    arena.close();
    scorers().forEach(scorer -> {
      assertThrows(IllegalStateException.class, () -> scorer.mutualInformation(closed.probabilities()));
      assertThrows(IllegalStateException.class, () -> scorer.conditionalEntropy(closed.probabilities()));
      assertThrows(IllegalStateException.class, () -> scorer.logSoftmax(closed.logits(), new float[VALUES.length]));
      assertThrows(IllegalStateException.class, () -> scorer.logSoftmax(Logits.of(VALUES, ROWS, VOCABULARY), out));
    });
  }

  @ParameterizedTest
  @MethodSource("figures")
  void arenaConfinedToAnotherThread(Figure figure) {
    try (Arena arena = Arena.ofConfined()) {
      Views mine = views(allocate(arena));
      double[] out = new double[ROWS];
      scorers().forEach(scorer -> {
        CompletionException thrown = assertThrows(CompletionException.class,
            () -> CompletableFuture.supplyAsync(() -> figure.compute(scorer, mine, mine, TARGETS, out)).join());
        assertEquals(WrongThreadException.class, thrown.getCause().getClass());
      });
      assertArrayEquals(new double[ROWS], out);
    }
  }

  /** Helpers may not read it, so the calling thread does all the work. */
  @ParameterizedTest
  @MethodSource("figures")
  void arenaConfinedToTheCallingThread(Figure figure) {
    int rows = 40;
    float[] values = Sample.of(RowKind.GAUSSIAN, PairKind.SAME, rows * 10_000, 16).p();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.abs(values[i]);
    }
    Views array = new Views(Logits.of(values, rows, 10_000), Probabilities.of(values, rows, 10_000));
    double[] expected = figure.compute(Scorer.sequential(), array, array, new int[rows], new double[rows]);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
      Views confined = new Views(
          Logits.of(segment, DType.F32, rows, 10_000), Probabilities.of(segment, DType.F32, rows, 10_000));
      Scorer parallel = Scorer.parallel();
      assertArrayEquals(expected, figure.compute(parallel, confined, array, new int[rows], new double[rows]));
      assertArrayEquals(expected, figure.compute(parallel, array, confined, new int[rows], new double[rows]));
    }
  }

  @ParameterizedTest
  @MethodSource("scorers")
  void readOnlyOutput(Scorer scorer) {
    float[] out = new float[VALUES.length];
    Logits logits = Logits.of(VALUES, ROWS, VOCABULARY);
    IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class,
        () -> scorer.logSoftmax(logits, MemorySegment.ofArray(out).asReadOnly()));
    assertTrue(thrown.getMessage().contains("read-only"), thrown.getMessage());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(VALUES.length * 4L).asReadOnly();
      assertThrows(IllegalArgumentException.class, () -> scorer.logSoftmax(logits, segment));
    }
    assertArrayEquals(new float[VALUES.length], out);
  }

  /** Every way in which an output may share bytes with its input and not be the same rows. */
  @ParameterizedTest
  @MethodSource("scorers")
  void overlappingLogSoftmax(Scorer scorer) {
    float[] array = Arrays.copyOf(VALUES, 3 * VALUES.length);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment offHeap = arena.allocateFrom(ValueLayout.JAVA_FLOAT, array);
      for (MemorySegment segment : new MemorySegment[] {MemorySegment.ofArray(array), offHeap}) {
        byte[] before = segment.toArray(ValueLayout.JAVA_BYTE);
        long bytes = VALUES.length * 4L;
        for (long shift : new long[] {1, 2, 4, VOCABULARY * 4L, bytes - 1}) {
          assertOverlap(scorer, Logits.of(segment.asSlice(shift), DType.F32, ROWS, VOCABULARY),
              segment.asSlice(0, bytes));
          assertOverlap(scorer, Logits.of(segment, DType.F32, ROWS, VOCABULARY), segment.asSlice(shift, bytes));
        }
        assertOverlap(scorer, Logits.of(segment, DType.F32, 0, ROWS, VOCABULARY, VOCABULARY + 1),
            segment.asSlice(0, bytes));
        assertOverlap(scorer, Logits.of(segment, DType.BF16, ROWS, VOCABULARY), segment.asSlice(0, bytes));
        assertOverlap(scorer, Logits.of(segment, DType.F16, ROWS, VOCABULARY), segment.asSlice(bytes / 2 - 2, bytes));
        assertOverlap(scorer, Logits.of(segment.asReadOnly(), DType.F16, ROWS, VOCABULARY), segment.asSlice(4, bytes));
        assertArrayEquals(before, segment.toArray(ValueLayout.JAVA_BYTE));
      }
    }
    assertOverlap(scorer, Logits.of(array, 1, ROWS, VOCABULARY, VOCABULARY), MemorySegment.ofArray(array));
    IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class,
        () -> scorer.logSoftmax(Logits.of(array, 1, ROWS, VOCABULARY, VOCABULARY), array));
    assertTrue(thrown.getMessage().contains("overlap"), thrown.getMessage());
  }

  private static void assertOverlap(Scorer scorer, Logits logits, MemorySegment out) {
    IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, () -> scorer.logSoftmax(logits, out),
        () -> logits + " into " + out);
    assertTrue(thrown.getMessage().contains("overlap"), thrown.getMessage());
  }

  /** Neighbours in the same memory do not overlap. */
  @Test
  void adjacentLogSoftmax() {
    float[] array = Arrays.copyOf(VALUES, 2 * VALUES.length);
    float[] expected = Scorer.sequential().logSoftmax(Logits.of(VALUES, ROWS, VOCABULARY), new float[VALUES.length]);
    MemorySegment all = MemorySegment.ofArray(array);
    Scorer.sequential().logSoftmax(Logits.of(array, ROWS, VOCABULARY), all.asSlice(VALUES.length * 4L));
    assertArrayEquals(expected, Arrays.copyOfRange(array, VALUES.length, array.length));
    assertArrayEquals(VALUES, Arrays.copyOf(array, VALUES.length));
  }

  /** A read-only segment does not tell its array, but where in it. */
  @Test
  void adjacentToAReadOnlyView() {
    float[] array = Arrays.copyOf(VALUES, 2 * VALUES.length);
    MemorySegment all = MemorySegment.ofArray(array);
    Logits readOnly = Logits.of(all.asSlice(0, VALUES.length * 4L).asReadOnly(), DType.F32, ROWS, VOCABULARY);
    float[] expected = Scorer.sequential().logSoftmax(readOnly, new float[VALUES.length]);
    Scorer.sequential().logSoftmax(readOnly, all.asSlice(VALUES.length * 4L));
    assertArrayEquals(expected, Arrays.copyOfRange(array, VALUES.length, array.length));
    assertThrows(IllegalArgumentException.class,
        () -> Scorer.sequential().logSoftmax(readOnly, all.asSlice(VALUES.length * 4L - 4)));
    assertThrows(IllegalArgumentException.class, () -> Scorer.sequential().logSoftmax(readOnly, array));
  }

  @Test
  void noRowsOfAReadOnlyView() {
    Logits none = Logits.of(MemorySegment.ofArray(new float[1]).asReadOnly(), DType.F32, 0, 0, 3, 5);
    assertEquals(0, Scorer.sequential().entropy(none).length);
    assertEquals(0, Scorer.sequential().logSoftmax(none, new float[0]).length);
  }

  /** Results written over the input while it is read would be wrong: refused. */
  @ParameterizedTest
  @MethodSource("figures")
  void resultsIntoTheArrayOfTheInput(Figure figure) {
    double[] array = new double[ROWS * VOCABULARY];
    Arrays.fill(array, 0.01);
    double[] before = array.clone();
    Views input = views(MemorySegment.ofArray(array));
    Views readOnly = views(MemorySegment.ofArray(array).asReadOnly());
    Views other = views(MemorySegment.ofArray(VALUES));
    if (figure.isScored()) {
      // Scores have arrays of their own.
      assertEquals(ROWS, Scorer.sequential().score(input.logits(), TARGETS, Scores.allocate(ROWS)).rows());
      return;
    }
    scorers().forEach(scorer -> {
      assertThrows(IllegalArgumentException.class, () -> figure.compute(scorer, input, other, TARGETS, array));
      assertThrows(IllegalArgumentException.class, () -> figure.compute(scorer, readOnly, other, TARGETS, array));
      if (figure.isOfTwo()) {
        assertThrows(IllegalArgumentException.class, () -> figure.compute(scorer, other, input, TARGETS, array));
        assertThrows(IllegalArgumentException.class, () -> figure.compute(scorer, other, readOnly, TARGETS, array));
      }
    });
    assertArrayEquals(before, array);
  }
}
