package dev.surprisal.bits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.surprisal.DType;
import dev.surprisal.Scorer;
import dev.surprisal.data.Figure;
import dev.surprisal.data.PairKind;
import dev.surprisal.data.RowKind;
import dev.surprisal.data.Sample;
import dev.surprisal.data.Storage;
import dev.surprisal.data.Views;
import dev.surprisal.data.Workload;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same row has the same bits whatever else is in the batch, however many threads there are, and however often it is
 * computed. Storage is the business of {@link StorageTest}, vector width of {@link GoldenBitsTest}.
 */
class BitsTest {
  private static final PairKind[] PAIRS = PairKind.values();

  static List<Figure> figures() {
    return Figure.all();
  }

  @ParameterizedTest
  @MethodSource("figures")
  void whateverElseIsInTheBatch(Figure figure) {
    Scorer scorer = Scorer.sequential();
    for (int length : new int[] {1, 5, 16, 64, 100, 2050}) {
      for (DType dtype : DType.values()) {
        Workload workload = new Workload(everyKind(length, 18), dtype);
        double[] together = workload.compute(figure, scorer, Storage.ARRAY);
        Views p = workload.firstViews(figure.first(), Storage.OFF_HEAP_STRIDED);
        Views q = figure.isOfTwo() ? workload.secondViews(figure.second(), Storage.ARRAY) : p;
        for (int row = workload.rows() - 1; row >= 0; row--) {
          int[] target = {workload.targets()[row]};
          double[] alone = figure.compute(scorer, row(p, row), row(q, row), target, new double[1]);
          assertEquals(together[row], alone[0], figure + " of " + workload.name(row));
        }
      }
    }
  }

  /** Batches of many rows, of fewer rows than threads, and of one row, in pools of any size. */
  @ParameterizedTest
  @MethodSource("figures")
  void howeverManyThreads(Figure figure) {
    List<Workload> workloads = List.of(
        new Workload(cycle(64, 3000), DType.F32),
        new Workload(cycle(5000, 40), DType.BF16),
        new Workload(cycle(70_000, 2), figure.index() % 2 == 0 ? DType.F32 : DType.F16),
        new Workload(cycle(140_000, 1), figure.index() % 2 == 0 ? DType.BF16 : DType.F32));
    for (Workload workload : workloads) {
      double[] expected = workload.compute(figure, Scorer.sequential(), Storage.ARRAY);
      assertArrayEquals(expected, workload.compute(figure, Scorer.parallel(), Storage.ARRAY), "common pool");
      for (int threads : new int[] {2, 7}) {
        try (ForkJoinPool pool = new ForkJoinPool(threads)) {
          Scorer scorer = Scorer.on(pool);
          assertArrayEquals(expected, workload.compute(figure, scorer, Storage.ARRAY), threads + " threads");
          assertArrayEquals(expected, workload.compute(figure, scorer, Storage.ARRAY), threads + " threads, again");
        }
      }
    }
  }

  /** In the interpreter, in code compiled in haste, and in code compiled at leisure. */
  @ParameterizedTest
  @MethodSource("figures")
  void howeverOften(Figure figure) {
    Scorer scorer = Scorer.sequential();
    Workload workload = new Workload(everyKind(150, 19), DType.F32);
    Views p = workload.firstViews(figure.first(), Storage.ARRAY);
    Views q = figure.isOfTwo() ? workload.secondViews(figure.second(), Storage.ARRAY) : p;
    double[] first = figure.compute(scorer, p, q, workload.targets(), new double[workload.rows()]);
    double[] out = new double[workload.rows()];
    for (int i = 0; i < 100; i++) {
      assertArrayEquals(first, figure.compute(scorer, p, q, workload.targets(), out), "call " + i);
    }
  }

  /** What a row has left behind in the scorer's memory does not matter to the next. */
  @ParameterizedTest
  @MethodSource("figures")
  void whateverWasComputedBefore(Figure figure) {
    Workload small = new Workload(everyKind(33, 20), DType.F32);
    Workload large = new Workload(cycle(2100, 3), DType.BF16);
    double[] fresh = small.compute(figure, Scorer.sequential(), Storage.BYTE_ARRAY);
    Scorer used = Scorer.sequential();
    for (Figure other : Figure.all()) {
      large.compute(other, used, Storage.BYTE_ARRAY);
      assertArrayEquals(fresh, small.compute(figure, used, Storage.BYTE_ARRAY), "after " + other);
    }
  }

  private static Views row(Views views, int row) {
    return new Views(views.logits().rows(row, row + 1), views.probabilities().rows(row, row + 1));
  }

  private static List<Sample> everyKind(int length, long seed) {
    return Arrays.stream(RowKind.values())
        .map(kind -> Sample.of(kind, PAIRS[(kind.ordinal() + length) % PAIRS.length], length, seed)).toList();
  }

  /** Many rows, of a few that are computed once. */
  private static List<Sample> cycle(int length, int rows) {
    List<Sample> some = IntStream.range(0, Math.min(rows, 7))
        .mapToObj(i -> Sample.of(RowKind.values()[2 + 3 * i], PAIRS[1 + i], length, 23)).toList();
    return IntStream.range(0, rows).mapToObj(row -> some.get(row % some.size())).toList();
  }
}
