package dev.surprisal.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import dev.surprisal.data.Figure;
import dev.surprisal.data.Figure.Column;
import dev.surprisal.data.Tolerance;
import dev.surprisal.kernel.Statistic;
import dev.surprisal.reference.LogitsReference;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows whose mass is that of a few entries, which are far above those that the kernel sees first. */
class DominatedRowsTest {
  @ParameterizedTest
  @ValueSource(ints = {1024, 4096, 8192, 8193, 70000})
  void twoInDifferentBlocks(int length) {
    for (float top = 1; top < 40; top += 0.7f) {
      for (float below : new float[] {0, 0.05f, 0.4f, 1.5f, 6}) {
        float[] x = new float[length];
        Arrays.fill(x, -1.3f);
        x[length / 2 - 5] = top;
        x[length / 2 + 5] = top - below;
        check(x, top + ", " + below);
      }
    }
  }

  /** A first large entry, from which distances are taken, and two larger ones in other blocks that share the mass. */
  @ParameterizedTest
  @ValueSource(ints = {1024, 8192})
  void twoAboveTheFirst(int length) {
    for (float top : new float[] {5.9f, 13.5f}) {
      for (float fill = -22; fill < 8; fill += 0.35f) {
        float[] x = new float[length];
        Arrays.fill(x, fill);
        x[0] = 0;
        x[length / 2 - 8] = top > 6 ? 7.9f : fill;
        x[length * 5 / 8 + 3] = top;
        x[length * 7 / 8 + 7] = top + 0.05f;
        check(x, top + " above " + fill);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1024, 2048, 8192, 20000})
  void tiesInDifferentBlocks(int length) {
    for (float top = 1; top < 40; top += 0.7f) {
      for (int ties = 2; ties <= 5; ties++) {
        float[] x = new float[length];
        for (int i = 1; i <= ties; i++) {
          x[i * (length / (ties + 1))] = top;
        }
        check(x, top + ", " + ties + " ties");
      }
    }
  }

  /** In the last block, behind the last whole vector, where the row was last rescaled. */
  @Test
  void anywhere() {
    SplittableRandom random = new SplittableRandom(20261125);
    for (int length : new int[] {65, 257, 511, 513, 1045, 8191, 8200, 65536 + 17}) {
      for (int round = 0; round < 40; round++) {
        float[] x = new float[length];
        for (int i = 0; i < length; i++) {
          x[i] = (float) random.nextGaussian(-4, 1);
        }
        float top = (float) random.nextDouble(0, 28);
        x[random.nextInt(length)] = top;
        x[random.nextInt(length)] = top - (float) random.nextDouble(1.5);
        x[length - 1 - random.nextInt(20)] = top - (float) random.nextDouble(3);
        check(x, "round " + round + " of " + length);
      }
    }
  }

  private static void check(float[] x, String name) {
    double[] logits = LogitsReference.toDoubles(x);
    Logits row = Logits.of(x, 1, x.length);
    double entropy = LogitsReference.entropy(logits);
    assertAllowed(Figure.ofLogits(Statistic.ENTROPY), entropy, Scorer.sequential().entropy(row)[0], name);
    assertAllowed(Figure.ofLogits(Statistic.LOG_SUM_EXP), LogitsReference.logSumExp(logits),
        Scorer.sequential().logSumExp(row)[0], name);
    Scores scores = Scorer.sequential().score(row);
    assertAllowed(Figure.of(Column.ENTROPY), entropy, scores.entropy()[0], name);
    assertAllowed(Figure.of(Column.VARENTROPY), LogitsReference.varentropy(logits), scores.varentropy()[0], name);
    assertEquals(LogitsReference.argmax(logits), scores.argmax()[0], "argmax: " + name);
  }

  /** The definitions in double are exact to 1e-12. */
  private static void assertAllowed(Figure figure, double expected, double actual, String name) {
    double allowed = Math.max(Tolerance.promised(figure, expected, 0), 1e-12);
    assertEquals(expected, actual, allowed, figure + ": " + name);
  }
}
