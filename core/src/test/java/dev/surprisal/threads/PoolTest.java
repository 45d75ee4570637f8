package dev.surprisal.threads;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import dev.surprisal.data.PairKind;
import dev.surprisal.data.RowKind;
import dev.surprisal.data.Sample;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pools that are busy or shut down, and rows that throw in the middle of a call: the scorer stays usable. */
@Timeout(120)
class PoolTest {
  private static final VarHandle DOUBLES = MethodHandles.arrayElementVarHandle(double[].class);
  private static final double SENTINEL = -77.5;
  private static final int VOCABULARY = 1 << 15;

  /** Enough for a few milliseconds; zeros in a sparse file take no room. */
  private static final int ROWS = 1 << 10;

  /** How often a call is tried before what is to happen in the middle of it has come before its end. */
  private static final int ATTEMPTS = 500;

  @TempDir
  private Path directory;

  static Stream<Scorer> scorers() {
    return Stream.of(Scorer.sequential(), Scorer.parallel(), Scorer.on(new ForkJoinPool(4)));
  }

  private static float[] values(int rows) {
    return Sample.of(RowKind.ORDINARY, PairKind.SAME, rows * 1000, 27).p();
  }

  @Test
  void busyPool() throws InterruptedException {
    Logits logits = Logits.of(values(300), 300, 1000);
    double[] expected = Scorer.sequential().entropy(logits);
    try (ForkJoinPool pool = new ForkJoinPool(2)) {
      CountDownLatch release = new CountDownLatch(1);
      for (int i = 0; i < 8; i++) {
        pool.execute(() -> await(release));
      }
      Scorer scorer = Scorer.on(pool);
      for (int call = 0; call < 50; call++) {
        assertArrayEquals(expected, scorer.entropy(logits));
      }
      release.countDown();
      assertArrayEquals(expected, scorer.entropy(logits));
      assertTrue(pool.awaitQuiescence(30, TimeUnit.SECONDS), "threads are left behind: " + pool);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void shutDownPool() {
    Logits logits = Logits.of(values(300), 300, 1000);
    ForkJoinPool pool = new ForkJoinPool(2);
    Scorer scorer = Scorer.on(pool);
    double[] expected = scorer.entropy(logits);
    pool.shutdown();
    double[] out = new double[300];
    Arrays.fill(out, SENTINEL);
    RejectedExecutionException thrown =
        assertThrows(RejectedExecutionException.class, () -> scorer.entropy(logits, out));
    assertTrue(thrown.getMessage().contains("shut down"), thrown.getMessage());
    assertTrue(Arrays.stream(out).allMatch(value -> value == SENTINEL), "written all the same");
    // What needs no helper is computed as before.
    assertArrayEquals(Arrays.copyOf(expected, 3), scorer.entropy(logits.rows(0, 3)));
  }

  /** Whatever refuses a call does so before the scores of another batch are touched. */
  @Test
  void scoresStayAsTheyWere() {
    Logits logits = Logits.of(values(300), 300, 1000);
    int[] targets = new int[300];
    Arrays.setAll(targets, row -> row % 7 == 0 ? Scorer.IGNORE : row);
    ForkJoinPool pool = new ForkJoinPool(2);
    Scorer scorer = Scorer.on(pool);
    Scores scores = scorer.score(logits.rows(0, 200), Arrays.copyOf(targets, 200), Scores.allocate(250));
    Scores.Summary summary = scores.summary();
    double[] entropy = scores.entropy().clone();
    int[] outside = targets.clone();
    outside[299] = 1000;
    Logits closed;
    try (Arena arena = Arena.ofConfined()) {
      closed = Logits.of(arena.allocate(4000), DType.F32, 1, 1000);
    }
    assertThrows(IllegalArgumentException.class, () -> scorer.score(logits, targets, scores));
    assertThrows(IllegalArgumentException.class, () -> scorer.score(logits, scores));
    assertThrows(IllegalArgumentException.class, () -> scorer.score(logits, new int[5], scores));
    assertThrows(IndexOutOfBoundsException.class, () -> scorer.score(logits, outside, scores));
    assertThrows(IllegalStateException.class, () -> scorer.score(closed, scores));
    pool.shutdown();
    assertThrows(RejectedExecutionException.class, () -> scorer.score(logits.rows(50, 300), scores));
    assertEquals(200, scores.rows());
    assertEquals(summary, scores.summary());
    assertArrayEquals(entropy, scores.entropy());
  }

  /** Where a call breaks off there are no scores, rather than some of one batch and some of another. */
  @Test
  void noRowsWhereScoringBreaksOff() throws Exception {
    Scores scores = Scores.allocate(ROWS);
    Exception thrown = null;
    for (int attempt = 0; thrown == null && attempt < ATTEMPTS; attempt++) {
      Arena arena = Arena.ofShared();
      Logits logits = zeros(arena);
      thrown = interfere(scores.entropy(), () -> Scorer.parallel().score(logits, scores), arena::close,
          Math.log(VOCABULARY));
    }
    assertInstanceOf(IllegalStateException.class, thrown);
    assertEquals(0, scores.rows());
    assertEquals(0, scores.summary().rows());
  }

  /** Shut down while calls are under way: each gives a right result or says that it was rejected. */
  @Test
  void poolShutDownBetweenCalls() throws InterruptedException {
    Logits logits = Logits.of(values(300), 300, 1000);
    double[] expected = Scorer.sequential().entropy(logits);
    ForkJoinPool pool = new ForkJoinPool(4);
    Scorer scorer = Scorer.on(pool);
    CountDownLatch underWay = new CountDownLatch(20);
    Thread closer = Thread.ofPlatform().start(() -> {
      await(underWay);
      pool.shutdownNow();
    });
    assertThrows(RejectedExecutionException.class, () -> {
      while (true) {
        assertArrayEquals(expected, scorer.entropy(logits));
        underWay.countDown();
      }
    });
    closer.join();
    assertTrue(pool.awaitTermination(30, TimeUnit.SECONDS), "threads are left behind: " + pool);
  }

  private Logits zeros(Arena arena) throws IOException {
    long bytes = (long) ROWS * VOCABULARY * DType.BF16.bytes();
    try (FileChannel channel = FileChannel.open(directory.resolve("zeros.bin"),
        StandardOpenOption.CREATE, StandardOpenOption.SPARSE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MemorySegment file = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
      return Logits.of(file, DType.BF16, ROWS, VOCABULARY);
    }
  }

  /** A call, what another thread does once its first result is there, and what it gives if that comes too late. */
  private static Exception interfere(double[] out, Runnable call, Runnable action, double unless)
      throws InterruptedException {
    CountDownLatch watching = new CountDownLatch(1);
    Arrays.fill(out, SENTINEL);
    Thread other = Thread.ofPlatform().start(() -> {
      watching.countDown();
      while ((double) DOUBLES.getOpaque(out, 0) == SENTINEL) {
        Thread.onSpinWait();
      }
      action.run();
    });
    watching.await();
    Exception thrown = null;
    try {
      call.run();
      assertTrue(Arrays.stream(out).allMatch(value -> Math.abs(value - unless) < 1e-5),
          "neither right nor an exception");
    } catch (IndexOutOfBoundsException | IllegalStateException e) {
      thrown = e;
    }
    // The JDK interrupts a thread from under which it closes an arena.
    Thread.interrupted();
    out[0] = 0;
    other.join();
    return thrown;
  }

  private static void assertUsable(Scorer scorer) {
    Logits logits = Logits.of(values(300), 300, 1000);
    double[] expected = Scorer.sequential().entropy(logits);
    for (int call = 0; call < 20; call++) {
      assertArrayEquals(expected, scorer.entropy(logits));
    }
  }

  /** Targets are checked before the call begins; those changed after that are checked again where they are used. */
  @ParameterizedTest
  @MethodSource("scorers")
  void targetsChangedDuringTheCall(Scorer scorer) throws Exception {
    try (Arena arena = Arena.ofShared()) {
      Logits logits = zeros(arena);
      double[] out = new double[ROWS];
      Exception thrown = null;
      for (int attempt = 0; thrown == null && attempt < ATTEMPTS; attempt++) {
        int[] targets = new int[ROWS];
        thrown = interfere(out, () -> scorer.crossEntropy(logits, targets, out),
            () -> Arrays.fill(targets, ROWS / 4, ROWS, VOCABULARY), Math.log(VOCABULARY));
      }
      assertInstanceOf(IndexOutOfBoundsException.class, thrown);
      assertTrue(thrown.getMessage().contains("target " + VOCABULARY), thrown.getMessage());
      assertTrue(thrown.getMessage().contains("vocabulary of " + VOCABULARY), thrown.getMessage());
    }
    assertUsable(scorer);
  }

  /** Scores keep a copy of the targets: changes during the call come too late. */
  @Test
  void targetsChangedWhileScored() throws Exception {
    try (Arena arena = Arena.ofShared()) {
      Logits logits = zeros(arena);
      for (int attempt = 0; attempt < 5; attempt++) {
        int[] targets = new int[ROWS];
        Scores scores = Scores.allocate(ROWS);
        Exception thrown = interfere(scores.entropy(), () -> Scorer.parallel().score(logits, targets, scores),
            () -> Arrays.fill(targets, -5), Math.log(VOCABULARY));
        assertNull(thrown);
        assertEquals(ROWS, scores.summary().scored());
        assertEquals(Math.log(VOCABULARY), scores.summary().meanNll(), 1e-5);
      }
    }
  }

  /**
   * The exception of whichever thread meets it reaches the caller, no thread is left inside, the scorer stays usable.
   */
  @ParameterizedTest
  @MethodSource("scorers")
  void arenaClosedDuringTheCall(Scorer scorer) throws Exception {
    double[] out = new double[ROWS];
    Exception thrown = null;
    for (int attempt = 0; thrown == null && attempt < ATTEMPTS; attempt++) {
      Arena arena = Arena.ofShared();
      Logits logits = zeros(arena);
      thrown = interfere(out, () -> scorer.entropy(logits, out), arena::close, Math.log(VOCABULARY));
      assertFalse(arena.scope().isAlive());
      assertThrows(IllegalStateException.class, () -> scorer.entropy(logits, out));
    }
    assertInstanceOf(IllegalStateException.class, thrown);
    assertUsable(scorer);
  }

  @Test
  void noThreadIsLeftBehind() throws Exception {
    try (ForkJoinPool pool = new ForkJoinPool(4); Arena arena = Arena.ofShared()) {
      Scorer scorer = Scorer.on(pool);
      Logits logits = zeros(arena);
      double[] out = new double[ROWS];
      Exception thrown = null;
      for (int attempt = 0; thrown == null && attempt < ATTEMPTS; attempt++) {
        int[] targets = new int[ROWS];
        thrown = interfere(out, () -> scorer.crossEntropy(logits, targets, out),
            () -> Arrays.fill(targets, ROWS / 4, ROWS, -1), Math.log(VOCABULARY));
      }
      assertInstanceOf(IndexOutOfBoundsException.class, thrown);
      double[] after = out.clone();
      assertTrue(pool.awaitQuiescence(30, TimeUnit.SECONDS), "threads are left behind: " + pool);
      assertArrayEquals(after, out, "written after the call had thrown");
    }
  }
}
