package dev.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.DType;
import dev.surprisal.Scorer;
import dev.surprisal.data.Figure;
import dev.surprisal.data.PairKind;
import dev.surprisal.data.RowKind;
import dev.surprisal.data.Sample;
import dev.surprisal.data.Storage;
import dev.surprisal.data.Views;
import dev.surprisal.data.Workload;
import dev.surprisal.kernel.Statistic;
import dev.surprisal.kernel.storage.Operand;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values that are no numbers, or no probability: what they do to their own row, wherever in it they are, and that they
 * do nothing to the rows around it.
 */
class SpecialValuesTest {
  private static final float INFINITY = Float.POSITIVE_INFINITY;
  private static final float NAN = Float.intBitsToFloat(0x7fc00000);
  private static final float NEGATIVE_NAN = Float.intBitsToFloat(0xffc00000);

  /** Lengths in which every position is tried. */
  private static final int[] SHORT = {1, 2, 3, 5, 8, 15, 16, 17, 31, 33, 64, 67, 130};

  /** Lengths in which those at the edges of lanes and blocks are. */
  private static final int[] LONG = {1029, 2048, 4999};

  private static final int[] EDGES =
      {0, 1, 7, 8, 15, 16, 17, 63, 64, 1023, 1024, 1028, 2031, 2032, 2047, 2048, 2049, 4095, 4096, 4991, 4992, 4998};

  private static final int ROWS = 3;

  private final Scorer scorer = Scorer.sequential();

  static Stream<Figure> ofTwo() {
    return Figure.all().stream().filter(Figure::isOfTwo);
  }

  static List<Figure> figures() {
    return Figure.all();
  }

  @ParameterizedTest
  @MethodSource("figures")
  void whatIsNoDistributionIsNaN(Figure figure) {
    for (float value : noDistribution(figure.first())) {
      probe(figure, value, false, Double::isNaN);
    }
  }

  @ParameterizedTest
  @MethodSource("ofTwo")
  void whatIsNoDistributionInTheSecondRowIsNaN(Figure figure) {
    for (float value : noDistribution(figure.second())) {
      probe(figure, value, true, Double::isNaN);
    }
  }

  @ParameterizedTest
  @MethodSource("ofTwo")
  void nothingUnderMassIsInfiniteOrBounded(Figure figure) {
    double bound = figure.statistic() == Statistic.RENYI_DIVERGENCE ? INFINITY : 1;
    probe(figure, nothing(figure.second()), true,
        figure.isInfiniteOutsideTheSecond() ? result -> result == INFINITY : result -> result > 0 && result < bound);
  }

  @ParameterizedTest
  @MethodSource("figures")
  void nothingOverMassIsFinite(Figure figure) {
    probe(figure, nothing(figure.first()), false, Double::isFinite);
  }

  @ParameterizedTest
  @MethodSource("figures")
  void nothingWhereThereIsNoMassCountsNothing(Figure figure) {
    for (int length : new int[] {3, 17, 64, 130, 2050}) {
      for (DType dtype : DType.values()) {
        Workload workload = ordinary(length, dtype);
        float[][] p = workload.firstRows(figure.first());
        float[][] q = figure.isOfTwo() ? workload.secondRows(figure.second()) : p;
        double[] dense = compute(figure, p, q, workload.targets(), dtype);
        // Every entry is followed by one of nothing on both sides.
        double[] sparse = compute(figure, spread(p, figure.first()),
            spread(q, figure.isOfTwo() ? figure.second() : figure.first()),
            Arrays.stream(workload.targets()).map(target -> 2 * target).toArray(), dtype);
        for (int row = 0; row < dense.length; row++) {
          double tolerance = 2e-6 * Math.abs(dense[row]) + 1e-12;
          assertEquals(dense[row], sparse[row], tolerance, figure + ", " + workload.name(row));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("figures")
  void nothingButNothing(Figure figure) {
    for (int length : SHORT) {
      for (DType dtype : DType.values()) {
        Workload workload = ordinary(length, dtype);
        float[][] p = cycle(workload.firstRows(figure.first()), ROWS);
        float[][] q = figure.isOfTwo() ? workload.secondRows(figure.second()) : p;
        double[] clean = compute(figure, p, q, workload.targets(), dtype);
        Arrays.fill(p[1], nothing(figure.first()));
        double expected = figure.isLogSumExp() ? -INFINITY
            : figure.first() != Operand.PROBABILITIES ? Double.NaN
            : switch (figure.statistic()) {
              case JENSEN_SHANNON -> Math.log(2) / 2;
              case TOTAL_VARIATION -> 0.5;
              // Nothing in common.
              case RENYI_DIVERGENCE -> figure.order() == 1 ? 0 : INFINITY;
              default -> 0;
            };
        double[] actual = compute(figure, p, q, workload.targets(), dtype);
        assertEquals(expected, actual[1], 0.01, figure + " of length " + length + " in " + dtype);
        assertEquals(clean[0], actual[0]);
        assertEquals(clean[2], actual[2]);
      }
    }
  }

  /** A finite logit is mass, however little: it cannot be coded at all where the model has none. */
  static Stream<Figure> infiniteOfLogits() {
    return Figure.all().stream().filter(figure -> figure.isOfLogits() && figure.isInfiniteOutsideTheSecond());
  }

  @ParameterizedTest
  @MethodSource("infiniteOfLogits")
  void leastMassOverNothing(Figure figure) {
    for (float least : new float[] {-50, -86, -88, -90, -104, -800, -1e20f, -Float.MAX_VALUE}) {
      float[][] p = {{0, least, 1}, {least, least, 0}};
      float[][] q = {{0, -INFINITY, 1}, {-INFINITY, 0, 0}};
      double[] actual = compute(figure, p, q, new int[2], DType.F32);
      assertArrayEquals(new double[] {INFINITY, INFINITY}, actual, "logit " + least);
    }
  }

  static Stream<Figure> infiniteOfProbabilities() {
    return Figure.all().stream().filter(figure -> !figure.isOfLogits() && figure.isInfiniteOutsideTheSecond());
  }

  @ParameterizedTest
  @MethodSource("infiniteOfProbabilities")
  void leastProbabilityOverNothing(Figure figure) {
    for (float least : new float[] {1e-20f, Float.MIN_NORMAL, 1e-40f, Float.MIN_VALUE}) {
      float nothing = nothing(figure.second());
      float[][] p = {{1, least, 0}};
      float[][] q = {{0.5f, nothing, nothing}};
      assertEquals(INFINITY, compute(figure, p, q, new int[1], DType.F32)[0], "probability " + least);
    }
  }

  @ParameterizedTest
  @MethodSource("figures")
  void negativeZeroIsZero(Figure figure) {
    Workload workload = ordinary(33, DType.F32);
    float[][] p = cycle(workload.firstRows(figure.first()), ROWS);
    float[][] q = cycle(figure.isOfTwo() ? workload.secondRows(figure.second()) : p, ROWS);
    p[0][20] = q[0][20] = 0f;
    double[] positive = compute(figure, p, q, workload.targets(), DType.F32);
    p[0][20] = q[0][20] = -0f;
    assertEquals(positive[0], compute(figure, p, q, workload.targets(), DType.F32)[0], 1e-15);
  }

  private static float[] noDistribution(Operand operand) {
    return operand == Operand.LOGITS
        ? new float[] {NAN, NEGATIVE_NAN, INFINITY}
        : new float[] {NAN, NEGATIVE_NAN, INFINITY, -INFINITY, -1e-3f};
  }

  private static float nothing(Operand operand) {
    return operand == Operand.LOGITS ? -INFINITY : 0;
  }

  /** Puts a value at a position of every other row; the rows between must not notice. */
  private void probe(Figure figure, float value, boolean second, DoublePredicate expected) {
    for (int length : SHORT) {
      // A row of one entry, and that nothing, is no distribution.
      if (length > 1 || value != nothing(second ? figure.second() : figure.first())) {
        probe(figure, value, second, expected, length, IntStream.range(0, length).toArray());
      }
    }
    int length = LONG[(figure.index() + Float.hashCode(value) >>> 20) % LONG.length];
    probe(figure, value, second, expected, length, Arrays.stream(EDGES).filter(edge -> edge < length).toArray());
  }

  private void probe(
      Figure figure, float value, boolean second, DoublePredicate expected, int length, int[] positions) {
    DType dtype = DType.values()[(length + positions.length + figure.index()) % 3];
    Workload workload = ordinary(length, dtype);
    int rows = 2 * positions.length + 1;
    float[][] p = cycle(workload.firstRows(figure.first()), rows);
    float[][] q = cycle(figure.isOfTwo() ? workload.secondRows(figure.second()) : p, rows);
    int[] targets = IntStream.range(0, rows).map(row -> workload.targets()[row % ROWS]).toArray();
    double[] clean =
        compute(figure, Arrays.copyOf(p, ROWS), Arrays.copyOf(q, ROWS), Arrays.copyOf(targets, ROWS), dtype);
    for (int i = 0; i < positions.length; i++) {
      (second ? q : p)[2 * i + 1][positions[i]] = value;
    }
    double[] actual = compute(figure, p, q, targets, dtype);
    for (int row = 0; row < rows; row++) {
      String where = figure + " of length " + length + " in " + dtype + ", row " + row + " of " + rows + " with "
          + value + " in the " + (second ? "second" : "first") + " rows";
      if (row % 2 == 0) {
        assertEquals(clean[row % ROWS], actual[row], where);
      } else {
        int position = positions[row / 2];
        double result = actual[row];
        boolean impossible = figure.isOfTarget() && value == -INFINITY && targets[row] == position;
        assertTrue(impossible ? Double.isInfinite(result) : expected.test(result),
            () -> where + ", here at " + position + ": " + result);
      }
    }
  }

  private double[] compute(Figure figure, float[][] p, float[][] q, int[] targets, DType dtype) {
    Storage storage = p[0].length % 2 == 0 ? Storage.ARRAY : Storage.OFF_HEAP_STRIDED;
    Views second = figure.isOfTwo() ? storage.place(q, dtype) : null;
    return figure.compute(scorer, storage.place(p, dtype), second, targets, new double[p.length]);
  }

  private static Workload ordinary(int length, DType dtype) {
    return new Workload(
        IntStream.range(0, ROWS).mapToObj(seed -> Sample.of(RowKind.GAUSSIAN, PairKind.CLOSE_1E1, length, seed))
            .toList(),
        dtype);
  }

  private static float[][] spread(float[][] rows, Operand operand) {
    return Arrays.stream(rows).map(row -> {
      float[] spread = new float[2 * row.length];
      Arrays.fill(spread, nothing(operand));
      IntStream.range(0, row.length).forEach(i -> spread[2 * i] = row[i]);
      return spread;
    }).toArray(float[][]::new);
  }

  private static float[][] cycle(float[][] rows, int count) {
    return IntStream.range(0, count).mapToObj(row -> rows[row % rows.length].clone()).toArray(float[][]::new);
  }
}
