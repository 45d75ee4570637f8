package dev.surprisal.threads;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import dev.surprisal.data.Figure;
import dev.surprisal.data.Figure.Column;
import dev.surprisal.data.PairKind;
import dev.surprisal.data.RowKind;
import dev.surprisal.data.Sample;
import dev.surprisal.data.Storage;
import dev.surprisal.data.Views;
import dev.surprisal.data.Workload;
import dev.surprisal.kernel.Statistic;
import dev.surprisal.kernel.storage.Operand;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One scorer used by many threads, and by many calls one behind the other; interrupted callers. */
@Timeout(120)
class ConcurrencyTest {
  private static final int THREADS = 8;

  static Stream<Scorer> scorers() {
    return Stream.of(Scorer.sequential(), Scorer.parallel(), Scorer.on(new ForkJoinPool(3)));
  }

  /** A figure of rows somewhere, with what it must give. */
  private record Task(Figure figure, Views p, Views q, int[] targets, double[] expected) {
    static Task of(Figure figure, int length, int rows, DType dtype) {
      List<Sample> some = IntStream.range(0, 5)
          .mapToObj(i -> Sample.of(RowKind.values()[2 + 4 * i], PairKind.CLOSE_1E1, length, 25 + i)).toList();
      Workload workload = new Workload(IntStream.range(0, rows).mapToObj(row -> some.get(row % 5)).toList(), dtype);
      Storage storage = Storage.values()[(figure.index() + length) % Storage.values().length];
      Views p = workload.firstViews(figure.first(), storage);
      Views q = figure.isOfTwo() ? workload.secondViews(figure.second(), Storage.OFF_HEAP) : null;
      double[] expected = figure.compute(Scorer.sequential(), p, q, workload.targets(), new double[rows]);
      return new Task(figure, p, q, workload.targets(), expected);
    }

    void check(Scorer scorer) {
      double[] out = new double[expected.length];
      assertArrayEquals(expected, figure.compute(scorer, p, q, targets, out), figure + " of " + p.logits());
    }
  }

  /** Eight threads, each with its own shapes, statistics, dtypes and storages. */
  @ParameterizedTest
  @MethodSource("scorers")
  void manyThreads(Scorer scorer) throws Exception {
    List<Task> tasks = new ArrayList<>();
    for (Figure figure : Figure.all()) {
      tasks.add(Task.of(figure, 5 + figure.index(), 1200, DType.values()[figure.index() % 3]));
      tasks.add(Task.of(figure, 3000 + figure.index(), 45, DType.values()[figure.index() % 3]));
    }
    inThreads(thread -> {
      for (int i = 0; i < tasks.size(); i++) {
        tasks.get((i * 7 + thread * 11) % tasks.size()).check(scorer);
      }
    });
  }

  static Stream<Figure> ofOneOfTwoAndOfProbabilities() {
    return Stream.of(Figure.ofLogits(Statistic.ENTROPY), Figure.ofLogits(Statistic.KL_DIVERGENCE),
        Figure.of(Statistic.CROSS_ENTROPY, Operand.WEIGHTS, Operand.WEIGHTS));
  }

  /**
   * Calls in quick succession: a helper that comes late to one call may meet the next, and must neither spoil it nor
   * share the memory of another helper.
   */
  @ParameterizedTest
  @MethodSource("ofOneOfTwoAndOfProbabilities")
  void callsInQuickSuccession(Figure figure) {
    Task task = Task.of(figure, 4000, 50, DType.BF16);
    try (ForkJoinPool pool = new ForkJoinPool(THREADS)) {
      Scorer scorer = Scorer.on(pool);
      for (int call = 0; call < 300; call++) {
        task.check(scorer);
      }
    }
  }

  @Test
  void logSoftmaxAndScoresByManyThreads() throws Exception {
    Workload workload = new Workload(
        Sample.all(2500, 26, (kind, pair) -> pair == PairKind.SAME), DType.F32);
    Logits logits = workload.firstViews(Operand.LOGITS, Storage.OFF_HEAP).logits();
    float[] expected = Scorer.sequential().logSoftmax(logits, new float[workload.rows() * 2500]);
    Scores.Summary summary = Scorer.sequential().score(logits, workload.targets()).summary();
    int[] ranks = Scorer.sequential().score(logits, workload.targets()).targetRank();
    Scorer scorer = Scorer.parallel();
    inThreads(thread -> {
      Scores scores = Scores.allocate(workload.rows());
      for (int i = 0; i < 20; i++) {
        assertArrayEquals(expected, scorer.logSoftmax(logits, new float[expected.length]));
        assertEquals(summary, scorer.score(logits, workload.targets(), scores).summary());
        assertArrayEquals(ranks, scores.targetRank());
      }
    });
  }

  /** More calls at once than are kept for reuse. */
  @Test
  void hundredCallsAtOnce() throws Exception {
    Scorer scorer = Scorer.on(ForkJoinPool.commonPool());
    Task task = Task.of(Figure.ofLogits(Statistic.ENTROPY), 100, 2000, DType.F32);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        calls.add(threads.submit(() -> task.check(scorer)));
      }
      join(calls);
    }
  }

  /** From inside the pool that the scorer uses. */
  @Test
  void calledByThreadsOfItsOwnPool() throws Exception {
    try (ForkJoinPool pool = new ForkJoinPool(3)) {
      Scorer scorer = Scorer.on(pool);
      Task task = Task.of(Figure.ofLogits(Statistic.KL_DIVERGENCE), 3000, 100, DType.F32);
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        calls.add(pool.submit(() -> task.check(scorer)));
      }
      join(calls);
    }
  }

  /** An interrupted caller gets a right result, and finds its flag as it left it. */
  @ParameterizedTest
  @MethodSource("scorers")
  void interruptedCaller(Scorer scorer) {
    for (Figure figure : List.of(Figure.ofLogits(Statistic.ENTROPY),
        Figure.of(Column.TARGET_LOG_PROBABILITY), Figure.ofLogits(Statistic.KL_DIVERGENCE))) {
      Task task = Task.of(figure, 3000, 40, DType.F32);
      Thread.currentThread().interrupt();
      try {
        task.check(scorer);
      } finally {
        assertTrue(Thread.interrupted(), "the flag is lost by " + figure);
      }
    }
  }

  private static void inThreads(IntConsumer body) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int number = thread;
        running.add(threads.submit(() -> body.accept(number)));
      }
      join(running);
    }
  }

  private static void join(List<Future<?>> running) throws Exception {
    for (Future<?> future : running) {
      try {
        future.get();
      } catch (ExecutionException e) {
        throw new AssertionError(e.getCause().getMessage(), e);
      }
    }
  }
}
