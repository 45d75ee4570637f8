package dev.surprisal.numbers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import dev.surprisal.reference.LogitsReference;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows so short that the kernel reads several at a time: each is still scored as if it were alone. */
class ShortRowsTest {
  private final SplittableRandom random = new SplittableRandom(20261124);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 15, 16, 17, 63, 64, 65})
  void neighboursDoNotMatter(int length) {
    for (int rows : new int[] {1, 2, 15, 16, 17, 31, 33, 100, 1000}) {
      float[] values = values(rows, length);
      values[random.nextInt(rows) * length] = Float.NaN;
      values[random.nextInt(rows) * length] = Float.POSITIVE_INFINITY;
      int empty = random.nextInt(rows) * length;
      Arrays.fill(values, empty, empty + length, Float.NEGATIVE_INFINITY);
      values[random.nextInt(rows) * length] = 1e30f;
      int[] targets = new int[rows];
      Arrays.setAll(targets, row -> random.nextInt(length));
      Scores scores = Scorer.sequential().score(Logits.of(values, rows, length), targets, Scores.allocate(rows));
      Scores shared = Scorer.parallel().score(Logits.of(values, rows, length), targets, Scores.allocate(rows));
      for (int row = 0; row < rows; row++) {
        float[] only = Arrays.copyOfRange(values, row * length, (row + 1) * length);
        Scores alone =
            Scorer.sequential().score(Logits.of(only, 1, length), new int[] {targets[row]}, Scores.allocate(1));
        assertEquals(describe(alone, 0), describe(scores, row), "row " + row + " of " + rows);
        assertEquals(describe(alone, 0), describe(shared, row), "row " + row + " of " + rows + ", in parallel");
      }
    }
  }

  private static String describe(Scores scores, int row) {
    return scores.entropy()[row] + " " + scores.varentropy()[row] + " " + scores.logSumExp()[row] + " "
        + scores.targetLogProbability()[row] + " " + scores.targetRank()[row] + " " + scores.argmax()[row] + " "
        + scores.maxLogit()[row];
  }

  /** What was read ahead is not used by the next call. */
  @Test
  void changesBetweenCallsAreSeen() {
    for (Scorer scorer : new Scorer[] {Scorer.sequential(), Scorer.parallel()}) {
      for (int rows : new int[] {1, 3, 16, 20, 200}) {
        float[] values = values(rows, 5);
        Logits logits = Logits.of(values, rows, 5);
        for (int call = 0; call < 20; call++) {
          System.arraycopy(values(rows, 5), 0, values, 0, values.length);
          double[] expected = new double[rows];
          Arrays.setAll(expected, row -> LogitsReference
              .entropy(LogitsReference.toDoubles(Arrays.copyOfRange(values, 5 * row, 5 * row + 5))));
          assertArrayEquals(expected, scorer.entropy(logits, new double[rows]), 1e-6);
        }
      }
    }
  }

  /** The maximum of one row is far beyond where the other's entry could be told from nothing. */
  @Test
  void divergenceOfLogitsOfAllSizes() {
    float[] p = {5227, -7e14f, 1.68e26f, 2.9e25f, 17};
    float[] q = {1e12f, 3, -5e12f, 2.3e11f, -1e20f};
    double expected = LogitsReference.klDivergence(LogitsReference.toDoubles(p), LogitsReference.toDoubles(q));
    assertEquals(expected, Scorer.sequential().klDivergence(Logits.of(p, 1, 5), Logits.of(q, 1, 5), new double[1])[0],
        1e-6 * expected);
    assertEquals(6e12, expected, 1e7);
  }

  @Test
  void inPlace() {
    float[] values = values(50, 7);
    float[] expected = Scorer.sequential().logSoftmax(Logits.of(values, 50, 7), new float[values.length]);
    assertArrayEquals(expected, Scorer.sequential().logSoftmax(Logits.of(values, 50, 7), values));
  }

  private float[] values(int rows, int length) {
    float[] values = new float[rows * length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian(0, 3);
    }
    return values;
  }

  /** Few classes average no errors out: of each term all digits count, also where p is about e times q. */
  @Test
  void jensenShannonOfFewClasses() {
    for (float a = -4; a < 4; a += 0.0613f) {
      for (float by = 0.5f; by < 2.5f; by += 0.0537f) {
        float[] x = {1.5f, 1.5f + a, -3};
        float[] y = {1.5f, 1.5f + a + by, -2.9f};
        double expected = LogitsReference.jensenShannon(LogitsReference.toDoubles(x), LogitsReference.toDoubles(y));
        double actual = Scorer.sequential().jensenShannon(Logits.of(x, 1, 3), Logits.of(y, 1, 3))[0];
        assertEquals(expected, actual, 1e-6 * expected, a + ", " + by);
      }
    }
  }
}
