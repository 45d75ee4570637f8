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
import dev.surprisal.data.Views;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Arguments that do not fit: which exception, that it names the values, and that nothing has been
 * written when it comes.
 */
class ArgumentsTest {
  private static final double SENTINEL = -77.5;

  private static final float[] TEN = new float[10];
  private static final MemorySegment TWENTY_BYTES = MemorySegment.ofArray(new byte[20]);
  private static final Logits PAIRS = Logits.of(TEN, 5, 2);
  private static final Probabilities CHANCES = Probabilities.of(TEN, 5, 2);
  private static final Scorer SCORER = Scorer.sequential();

  private static Arguments wrong(String what, Class<? extends Exception> type, Executable call, String... named) {
    return Arguments.of(Named.of(what, call), type, named);
  }

  static Stream<Arguments> shapes() {
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    Class<IndexOutOfBoundsException> outside = IndexOutOfBoundsException.class;
    Class<NullPointerException> missing = NullPointerException.class;
    return Stream.of(
        wrong("array too short", illegal, () -> Logits.of(TEN, 2, 6), "2", "6", "12", "10"),
        wrong("array too short by its offset", illegal, () -> Logits.of(TEN, 1, 2, 5, 5), "offset 1", "11", "10"),
        wrong("array too short by its stride", illegal, () -> Probabilities.of(TEN, 0, 3, 2, 5), "stride 5", "12",
            "10"),
        wrong("short[] too short", illegal, () -> Logits.of(new short[7], DType.BF16, 2, 4), "2", "4", "8", "7"),
        wrong("segment too short", illegal, () -> Logits.of(TWENTY_BYTES, DType.F32, 2, 3), "2", "3", "6", "20"),
        wrong("segment too short by a byte", illegal, () -> Logits.of(TWENTY_BYTES, DType.BF16, 1, 2, 5, 5), "10",
            "19"),
        wrong("segment too short by its stride", illegal, () -> Probabilities.of(TWENTY_BYTES, DType.F16, 0, 3, 1, 5),
            "stride 5", "11", "20"),
        wrong("byte offset behind the segment", illegal, () -> Logits.of(TWENTY_BYTES, DType.F32, 21, 0, 1, 1), "21",
            "20"),
        wrong("negative byte offset", illegal, () -> Probabilities.of(TWENTY_BYTES, DType.F32, -4, 1, 1, 1), "-4"),
        wrong("negative offset", illegal, () -> Logits.of(TEN, -1, 1, 2, 2), "-1"),
        wrong("negative rows", illegal, () -> Logits.of(TEN, -3, 2), "-3"),
        wrong("no vocabulary", illegal, () -> Logits.of(TEN, 2, 0), "0"),
        wrong("negative vocabulary", illegal, () -> Probabilities.of(TWENTY_BYTES, DType.F32, 1, -5), "-5"),
        wrong("too large a vocabulary", illegal, () -> Logits.of(TEN, 0, (1 << 30) + 1), "1073741825"),
        wrong("no vocabulary and no rows", illegal, () -> Logits.of(TEN, 0, 0), "0"),
        wrong("stride shorter than a row", illegal, () -> Logits.of(TEN, 0, 2, 4, 3), "3", "4"),
        wrong("elements beyond int", illegal, () -> Logits.of(TEN, Integer.MAX_VALUE, Integer.MAX_VALUE), "2147483647",
            "10"),
        wrong("elements beyond long", illegal, () -> Logits.of(TWENTY_BYTES, DType.F16, Long.MAX_VALUE / 2, 8), "8",
            "20"),
        wrong("stride beyond long", illegal, () -> Logits.of(TWENTY_BYTES, DType.F16, 0, 3, 1, Long.MAX_VALUE), "3",
            "20"),
        wrong("f32 in a short[]", illegal, () -> Logits.of(new short[4], DType.F32, 1, 2), "F32"),
        wrong("no array", missing, () -> Logits.of((float[]) null, 1, 2)),
        wrong("no segment", missing, () -> Probabilities.of((MemorySegment) null, DType.F32, 1, 2)),
        wrong("no dtype", missing, () -> Logits.of(TWENTY_BYTES, null, 1, 2)),
        wrong("no pool", missing, () -> Scorer.on(null)),
        wrong("rows from below 0", outside, () -> Logits.of(TEN, 5, 2).rows(-1, 2), "-1", "2", "5"),
        wrong("rows to above", outside, () -> Probabilities.of(TEN, 5, 2).rows(2, 6), "2", "6", "5"),
        wrong("rows backwards", outside, () -> Logits.of(TEN, 5, 2).rows(4, 3), "4", "3"),
        wrong("temperature 0", illegal, () -> Logits.of(TEN, 5, 2).withTemperature(0), "0.0"),
        wrong("temperature below 0", illegal, () -> Logits.of(TEN, 5, 2).withTemperature(-2), "-2.0"),
        wrong("temperature NaN", illegal, () -> Logits.of(TEN, 5, 2).withTemperature(Float.NaN), "NaN"),
        wrong("temperature infinite", illegal, () -> Logits.of(TEN, 5, 2).withTemperature(Float.POSITIVE_INFINITY),
            "Infinity"),
        wrong("temperatures whose product overflows", illegal,
            () -> Logits.of(TEN, 5, 2).withTemperature(1e30f).withTemperature(1e30f), "1.0E30"),
        wrong("temperatures whose product vanishes", illegal,
            () -> Logits.of(TEN, 5, 2).withTemperature(1e-30f).withTemperature(1e-30f), "1.0E-30"),
        wrong("scores of negative rows", illegal, () -> Scores.allocate(-1), "-1"),
        wrong("scores too small", illegal,
            () -> SCORER.score(Logits.of(TEN, 5, 2), new int[5], Scores.allocate(4)), "4", "5"),
        wrong("targets missing", illegal, () -> SCORER.crossEntropy(Logits.of(TEN, 5, 2), new int[4]), "4", "5"),
        wrong("targets for more rows", illegal, () -> SCORER.score(Logits.of(TEN, 5, 2), new int[6]), "6", "5"),
        wrong("logSoftmax array too short", illegal, () -> SCORER.logSoftmax(Logits.of(TEN, 5, 2), new float[9]), "5",
            "2", "10", "9"),
        wrong("logSoftmax segment too short", illegal,
            () -> SCORER.logSoftmax(Logits.of(TEN, 5, 2), MemorySegment.ofArray(new byte[39])), "5", "2", "10", "39"),
        wrong("Rényi divergence of order 0", illegal, () -> SCORER.renyiDivergence(PAIRS, PAIRS, 0), "0.0"),
        wrong("of order below 0", illegal, () -> SCORER.renyiDivergence(PAIRS, PAIRS, -0.5, new double[5]), "-0.5"),
        wrong("of order NaN", illegal, () -> SCORER.renyiDivergence(CHANCES, CHANCES, Double.NaN), "NaN"),
        wrong("of infinite order", illegal,
            () -> SCORER.renyiDivergence(CHANCES, CHANCES, Double.POSITIVE_INFINITY, new double[5]), "Infinity"),
        wrong("strided short[] too short", illegal, () -> Logits.of(new short[9], DType.BF16, 1, 3, 2, 4), "3", "2",
            "1", "4", "9", "11"),
        wrong("short[] of f32", illegal, () -> Logits.of(new short[9], DType.F32, 0, 3, 2, 2), "F32", "short[]"));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void namesWhatDoesNotFit(Executable call, Class<? extends Exception> type, String[] named) {
    String message = assertThrows(type, call).getMessage();
    for (String value : named) {
      assertTrue(message.contains(value), () -> "no " + value + " in: " + message);
    }
  }

  private static double[] out(int length) {
    double[] out = new double[length];
    Arrays.fill(out, SENTINEL);
    return out;
  }

  private static void assertUntouched(double[] out) {
    assertArrayEquals(out(out.length), out);
  }

  private static Views views(float[] values, int rows, int vocabulary) {
    return new Views(Logits.of(values, rows, vocabulary), Probabilities.of(values, rows, vocabulary));
  }

  private static Stream<Figure> computed() {
    return Figure.all().stream().filter(figure -> !figure.isScored());
  }

  static Stream<Figure> ofTwo() {
    return computed().filter(Figure::isOfTwo);
  }

  @ParameterizedTest
  @MethodSource("computed")
  void outTooShort(Figure figure) {
    double[] out = out(4);
    Views five = views(TEN, 5, 2);
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> figure.compute(SCORER, five, five, new int[5], out));
    assertTrue(thrown.getMessage().contains("4") && thrown.getMessage().contains("5"), thrown.getMessage());
    assertUntouched(out);
  }

  @ParameterizedTest
  @MethodSource("computed")
  void onlyTheFirstElementsOfOutAreWritten(Figure figure) {
    double[] out = out(9);
    Views five = views(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 5, 2);
    assertEquals(out, figure.compute(SCORER, five, five, new int[5], out));
    assertArrayEquals(out(4), Arrays.copyOfRange(out, 5, 9));
    assertTrue(Arrays.stream(out, 0, 5).noneMatch(value -> value == SENTINEL));
  }

  @ParameterizedTest
  @MethodSource("ofTwo")
  void shapesThatDiffer(Figure figure) {
    double[] out = out(10);
    for (Views other : new Views[] {views(TEN, 2, 5), views(TEN, 4, 2), views(TEN, 5, 1)}) {
      IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class,
          () -> figure.compute(SCORER, views(TEN, 5, 2), other, new int[5], out));
      for (Object value : new Object[] {5, 2, other.logits().rows(), other.logits().vocabulary()}) {
        assertTrue(thrown.getMessage().contains(value.toString()), thrown.getMessage());
      }
    }
    assertUntouched(out);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, -99, -101, 3, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void targetOutsideTheVocabulary(int target) {
    Logits logits = Logits.of(new float[12], 4, 3);
    int[] targets = {0, 1, 2, target};
    double[] out = out(4);
    assertNames(assertThrows(IndexOutOfBoundsException.class, () -> SCORER.crossEntropy(logits, targets, out)), 3,
        target, 3);
    assertUntouched(out);
    Scores scores = SCORER.score(Logits.of(new float[] {9, 8, 7}, 1, 3), new int[] {1}, Scores.allocate(4));
    Scores.Summary before = scores.summary();
    double[] entropy = scores.entropy().clone();
    assertNames(assertThrows(IndexOutOfBoundsException.class, () -> SCORER.score(logits, targets, scores)), 3, target,
        3);
    assertArrayEquals(entropy, scores.entropy());
    assertEquals(before, scores.summary());
    assertEquals(1, scores.rows());
  }

  private static void assertNames(IndexOutOfBoundsException thrown, int row, int target, int vocabulary) {
    assertTrue(thrown.getMessage().contains("row " + row), thrown.getMessage());
    assertTrue(thrown.getMessage().contains("" + target), thrown.getMessage());
    assertTrue(thrown.getMessage().contains("vocabulary of " + vocabulary), thrown.getMessage());
  }

  static List<Figure> figures() {
    return Figure.all();
  }

  @ParameterizedTest
  @MethodSource("figures")
  void zeroRows(Figure figure) {
    Views none = views(new float[0], 0, 7);
    assertArrayEquals(out(2), figure.compute(SCORER, none, none, new int[0], out(2)));
  }

  @Test
  void zeroRowsOfEveryReturningMethod() {
    Logits logits = Logits.of(MemorySegment.NULL, DType.F16, 0, 7);
    Probabilities probabilities = Probabilities.of(new short[0], DType.BF16, 0, 7);
    assertEquals(0, SCORER.logSumExp(logits).length);
    assertEquals(0, SCORER.entropy(probabilities).length);
    assertEquals(0, SCORER.crossEntropy(logits, new int[0]).length);
    assertEquals(0, SCORER.klDivergence(probabilities, logits).length);
    assertEquals(0, SCORER.jensenShannon(logits, logits).length);
    assertEquals(0, SCORER.renyiDivergence(logits, logits, 2).length);
    assertEquals(0, SCORER.renyiDivergence(probabilities, probabilities, 0.5).length);
    assertEquals(0, SCORER.totalVariation(logits, logits).length);
    assertEquals(0, SCORER.totalVariation(probabilities, probabilities).length);
    assertEquals(0, SCORER.logSoftmax(logits, new float[0]).length);
    assertEquals(0, SCORER.score(logits, new int[0]).rows());
    assertEquals(0, SCORER.score(logits, new int[0]).summary().rows());
    assertEquals(0, logits.rows(0, 0).rows());
  }
}
