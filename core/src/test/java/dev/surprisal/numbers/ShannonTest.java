package dev.surprisal.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import dev.surprisal.reference.LogitsReference;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Jensen-Shannon divergences of rows of few distinct values, whose terms are all rounded the same way, within what is
 * proved for every row.
 */
class ShannonTest {
  /** See docs/numerics.md, section 7. */
  private static final double BOUND = 1.8e-6;
  private static final double FLOOR = 1e-12;

  private static final int ROUNDS = 120;

  @Test
  void threeEntries() {
    float[] x = {-6.241387f, -23.3959f, -0.5505602f};
    float[] y = {-6.3031335f, -15.319011f, 0.90485376f};
    assertEquals(4.5526760588e-4, shannon(x, y), 4.5526760588e-4 * BOUND);
  }

  @Test
  void twoLevels() {
    float[] x = new float[512];
    float[] y = new float[512];
    Arrays.fill(x, 2, 512, -15.5f);
    Arrays.fill(y, 2, 512, -13.5f);
    assertEquals(6.5034141546e-5, shannon(x, y), 6.5034141546e-5 * BOUND);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 17, 64, 65, 100, 256, 257, 512, 513, 1024, 1000, 8192, 9000, 70_000})
  void fewLevels(int length) {
    long seed = 20261201 + length;
    SplittableRandom random = new SplittableRandom(seed);
    float[] x = new float[length];
    float[] y = new float[length];
    double worst = 0;
    int rounds = Math.max(ROUNDS * 1000 / (1000 + length), 5);
    for (int round = 0; round < rounds; round++) {
      int levels = random.nextInt(2, 7);
      float spread = new float[] {0.01f, 0.5f, 3, 10, 25, 100}[random.nextInt(6)];
      float[] xs = new float[levels];
      float[] ys = new float[levels];
      for (int i = 0; i < levels; i++) {
        xs[i] = (float) random.nextDouble(-spread, spread);
        ys[i] = round % 3 == 0 ? (float) random.nextDouble(-spread, spread)
            : xs[i] + (float) random.nextGaussian(0, round % 3 == 1 ? 2 : 0.05);
      }
      float apart = round % 5 == 0 ? (float) random.nextDouble(-30_000, 30_000) : 0;
      int where = random.nextInt(4);
      for (int i = 0; i < length; i++) {
        int level = switch (where) {
          case 0 -> (int) ((long) i * levels / length);
          case 1 -> i % levels;
          case 2 -> i < 5 ? i % levels : 0;
          default -> random.nextInt(levels);
        };
        x[i] = xs[level];
        y[i] = ys[level] + apart;
      }
      worst = Math.max(worst, check(x, y, "seed " + seed + ", round " + round + " of " + length));
    }
    System.out.printf("Jensen-Shannon, %d entries of few levels: largest relative error %.3g%n", length, worst);
  }

  /** Masked entries in one row or in both, and logits so large that they are reduced before the exponential. */
  @ParameterizedTest
  @ValueSource(ints = {50, 1024, 20_000})
  void maskedAndHuge(int length) {
    long seed = 20261202 + length;
    SplittableRandom random = new SplittableRandom(seed);
    float[] x = new float[length];
    float[] y = new float[length];
    for (float at : new float[] {0, -20_000, 32_700, 40_000, 1e6f, 2e7f, -1e30f, 3e38f}) {
      for (int round = 0; round < 10; round++) {
        float share = random.nextInt(3) * 0.3f;
        for (int i = 0; i < length; i++) {
          x[i] = at + 0.25f * random.nextInt(12);
          y[i] = (round % 2 == 0 ? at : -at) + 0.25f * random.nextInt(12);
          x[i] = random.nextDouble() < share ? Float.NEGATIVE_INFINITY : x[i];
          y[i] = random.nextDouble() < share ? Float.NEGATIVE_INFINITY : y[i];
        }
        x[7] = at;
        y[9] = round % 2 == 0 ? at : -at;
        check(x, y, "seed " + seed + ", at " + at + ", round " + round + " of " + length);
      }
    }
  }

  @Test
  void isOfOneRow() {
    SplittableRandom random = new SplittableRandom(20261203);
    for (int length : new int[] {1, 64, 65, 1000, 70_000}) {
      float[] x = new float[length];
      for (int i = 0; i < length; i++) {
        x[i] = (float) random.nextGaussian(0, 6);
      }
      assertEquals(0, shannon(x, x.clone()), "of " + length);
    }
  }

  @Test
  void isAtMostLogTwo() {
    for (int length : new int[] {2, 64, 66, 1000, 70_000}) {
      float[] x = new float[length];
      float[] y = new float[length];
      for (int i = 0; i < length; i++) {
        x[i] = i < length / 2 ? 0 : -40;
        y[i] = i < length / 2 ? Float.NEGATIVE_INFINITY : 5;
      }
      // The scalar backend does not cut it off.
      assertTrue(shannon(x, y) <= Math.log(2) + FLOOR, "of " + length);
      check(x, y, "of " + length);
    }
  }

  private static double check(float[] x, float[] y, String name) {
    double expected = LogitsReference.jensenShannon(LogitsReference.toDoubles(x), LogitsReference.toDoubles(y));
    double forth = shannon(x, y);
    double back = shannon(y, x);
    double allowed = Math.max(BOUND * expected, FLOOR);
    assertEquals(expected, forth, allowed, name);
    assertEquals(expected, back, allowed, name + ", the other way round");
    return expected < FLOOR / BOUND ? 0 : Math.max(Math.abs(forth - expected), Math.abs(back - expected)) / expected;
  }

  private static double shannon(float[] x, float[] y) {
    return Scorer.sequential().jensenShannon(Logits.of(x, 1, x.length), Logits.of(y, 1, y.length))[0];
  }
}
