package dev.surprisal.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import dev.surprisal.reference.LogitsReference;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Long rows that are ordinary but for a few entries, masked ones or such as are far above or below the others: the
 * kernel reads the blocks that have them once more, one by one, and those blocks only.
 */
class ExceptionalBlocksTest {
  private static final double RELATIVE = 1e-6;

  private final SplittableRandom random = new SplittableRandom(20261128);

  @ParameterizedTest
  @ValueSource(ints = {257, 1024, 1029, 8209, 70_001})
  void rows(int length) {
    for (int exceptions = 1; exceptions <= 24; exceptions = exceptions * 3 / 2 + 1) {
      for (float by : new float[] {Float.NEGATIVE_INFINITY, -300, -88, 7, 20, 86, 95}) {
        float[] x = gaussian(length, 3);
        change(x, exceptions, by);
        check(x, exceptions + " of " + length + " at " + by);
      }
    }
  }

  /** Every new maximum far above the one before, in blocks of one tile and of several. */
  @Test
  void records() {
    for (int length : new int[] {4096, 20_000}) {
      for (float step : new float[] {2, 6.5f, 8.5f, 15, 40, 90}) {
        for (int records = 2; records < 12; records++) {
          float[] x = gaussian(length, 1);
          for (int i = 1; i <= records; i++) {
            x[random.nextInt(length)] = i * step;
          }
          check(x, records + " records of " + length + " by " + step);
        }
      }
    }
  }

  /**
   * Ascending, so that the maximum is far above what it was when most of the mass was read, and
   * with many equal entries.
   */
  @Test
  void rampsOfTies() {
    for (int length = 60_000; length < 70_000; length += 2101) {
      for (int range = 10; range < 60; range += 10) {
        float[] x = new float[length];
        for (int i = 0; i < length; i++) {
          x[i] = Float
              .intBitsToFloat(Float.floatToRawIntBits((float) range * i / length - range / 2) + 0x8000 & 0xFFFF0000);
        }
        check(x, "ramp of " + length + " over " + range);
      }
    }
  }

  /** The largest entries are equal, or neighbours among the floats, in different blocks beside exceptional ones. */
  @Test
  void ties() {
    for (int round = 0; round < 100; round++) {
      float[] x = gaussian(8192 + random.nextInt(3) * 4096, 1);
      float top = (float) random.nextDouble(3, 14);
      for (int i = 0; i < 4; i++) {
        x[random.nextInt(x.length)] = random.nextBoolean() ? top : Math.nextDown(top);
      }
      change(x, 3, random.nextBoolean() ? Float.NEGATIVE_INFINITY : -200);
      check(x, "round " + round);
    }
  }

  /** Masked in both rows, or so far below that it makes no difference. */
  @ParameterizedTest
  @ValueSource(ints = {257, 1024, 8209, 70_001})
  void pairs(int length) {
    for (double noise : new double[] {1, 1e-3, 3}) {
      for (int exceptions : new int[] {1, 7, 100}) {
        for (float by : new float[] {Float.NEGATIVE_INFINITY, -300, -95, -70}) {
          float[] x = gaussian(length, 2);
          float[] y = near(x, noise);
          for (int i = 0; i < exceptions; i++) {
            int at = random.nextInt(length);
            x[at] = by;
            y[at] = by + (float) random.nextDouble(2);
          }
          checkPair(x, y, exceptions + " of " + length + " at " + by + ", noise " + noise);
        }
      }
    }
  }

  /**
   * Masked in one of the rows: the divergence of the one that has it from the other is infinite,
   * however small its mass there.
   */
  @Test
  void pairsMaskedOnce() {
    for (int length : new int[] {513, 8192, 33_001}) {
      for (float mass : new float[] {0, -20, -80, -90, -300}) {
        for (int exceptions : new int[] {1, 5, 60}) {
          float[] x = gaussian(length, 2);
          float[] y = near(x, 0.5);
          for (int i = 0; i < exceptions; i++) {
            int at = random.nextInt(length);
            x[at] = mass;
            y[at] = Float.NEGATIVE_INFINITY;
          }
          String name = exceptions + " of " + length + ", mass " + mass;
          assertEquals(Double.POSITIVE_INFINITY, klDivergence(x, y), name);
          checkPair(y, x, name);
        }
      }
    }
  }

  /** Masked in x only, so that all that y has there, of any size, is divergence; and y far above x somewhere. */
  @Test
  void pairsOfWhichOneIsHigh() {
    for (int length : new int[] {1024, 8201}) {
      for (float low : new float[] {-3, -8, -12, -30, -70, -79, -85, -100, Float.NEGATIVE_INFINITY}) {
        for (float high = -2; high < 8; high += 0.73f) {
          float[] x = new float[length];
          float[] y = x.clone();
          x[7] = low;
          y[7] = high;
          checkPair(x, y, low + " and " + high + " of " + length);
        }
      }
      for (int most = 0; most < 20; most += 3) {
        float[] y = gaussian(length, 2.5);
        float[] x = y.clone();
        for (int i = 0; i < length; i++) {
          x[i] = y[i] < 3 + 0.2f * most ? Float.NEGATIVE_INFINITY : y[i];
        }
        x[1] = 7;
        checkPair(x, y, "the largest of " + length + " from " + 0.2f * most);
      }
    }
  }

  /** Whatever the bits of a NaN, which loops take for those of a number. */
  @Test
  void everyNanIsFound() {
    for (int length : new int[] {64, 256, 300, 1000, 9007}) {
      for (int bits : new int[] {0x7FC00000, 0x7FC00001, 0x7F800001, 0x7FC00101, 0x7FFFFFFF, 0xFFC00001, 0xFFFFFFFF}) {
        for (int at : new int[] {5, length / 2, length - 1}) {
          String name = Integer.toHexString(bits) + " at " + at + " of " + length;
          float[] x = gaussian(length, 1);
          float[] y = near(x, 0.1);
          Logits rows = Logits.of(x, 1, length);
          Logits others = Logits.of(y, 1, length);
          for (float other : new float[] {y[at], Float.NEGATIVE_INFINITY}) {
            x[at] = Float.intBitsToFloat(bits);
            y[at] = other;
            assertEquals(Double.NaN, Scorer.sequential().klDivergence(rows, others)[0], "KL: " + name);
            assertEquals(Double.NaN, Scorer.sequential().klDivergence(others, rows)[0], "KL, second: " + name);
            assertEquals(Double.NaN, Scorer.sequential().jensenShannon(others, rows)[0], "Jensen-Shannon: " + name);
          }
          assertEquals(Double.NaN, Scorer.sequential().logSumExp(rows)[0], "log-sum-exp: " + name);
          assertEquals(Double.NaN, Scorer.sequential().entropy(rows)[0], "entropy: " + name);
          assertEquals(Double.NaN, Scorer.sequential().crossEntropy(rows, new int[] {2})[0], "cross-entropy: " + name);
          Scores scores = Scorer.sequential().score(rows);
          assertEquals(Double.NaN, scores.entropy()[0], "scored: " + name);
          assertEquals(-1, scores.argmax()[0], "argmax: " + name);
        }
      }
    }
  }

  private float[] gaussian(int length, double sigma) {
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = (float) random.nextGaussian(0, sigma);
    }
    return x;
  }

  private float[] near(float[] x, double noise) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i] + (float) random.nextGaussian(0.3, noise);
    }
    return y;
  }

  private void change(float[] x, int entries, float to) {
    for (int i = 0; i < entries; i++) {
      x[random.nextInt(x.length)] = to + (float) random.nextGaussian();
    }
  }

  private static double klDivergence(float[] x, float[] y) {
    return Scorer.sequential().klDivergence(Logits.of(x, 1, x.length), Logits.of(y, 1, y.length))[0];
  }

  private static void checkPair(float[] x, float[] y, String name) {
    double[] p = LogitsReference.toDoubles(x);
    double[] q = LogitsReference.toDoubles(y);
    close(LogitsReference.klDivergence(p, q), klDivergence(x, y), "KL: " + name);
    double shannon = Scorer.sequential().jensenShannon(Logits.of(x, 1, x.length), Logits.of(y, 1, y.length))[0];
    close(LogitsReference.jensenShannon(p, q), shannon, "Jensen-Shannon: " + name);
  }

  private static void check(float[] x, String name) {
    double[] logits = LogitsReference.toDoubles(x);
    Logits row = Logits.of(x, 1, x.length);
    int target = x.length / 3;
    double logSumExp = LogitsReference.logSumExp(logits);
    close(LogitsReference.entropy(logits), Scorer.sequential().entropy(row)[0], "entropy: " + name);
    close(logSumExp, Scorer.sequential().logSumExp(row)[0], "log-sum-exp: " + name);
    Scores scores = Scorer.sequential().score(row, new int[] {target});
    close(LogitsReference.entropy(logits), scores.entropy()[0], "entropy scored: " + name);
    close(LogitsReference.varentropy(logits), scores.varentropy()[0], "varentropy: " + name);
    assertEquals(LogitsReference.argmax(logits), scores.argmax()[0], "argmax: " + name);
    assertEquals(x[scores.argmax()[0]], scores.maxLogit()[0], "maximum: " + name);
    assertEquals(LogitsReference.rank(logits, target), scores.targetRank()[0], "rank: " + name);
  }

  private static void close(double expected, double actual, String name) {
    assertEquals(expected, actual, Math.max(RELATIVE * Math.abs(expected), 1e-12), name);
  }
}
