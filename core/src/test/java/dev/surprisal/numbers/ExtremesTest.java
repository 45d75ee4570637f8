package dev.surprisal.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import dev.surprisal.data.Figure;
import dev.surprisal.data.Storage;
import dev.surprisal.data.Views;
import dev.surprisal.kernel.Statistic;
import dev.surprisal.kernel.storage.Operand;
import dev.surprisal.oracle.Measure;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Weights, logits and ratios at the ends of what a float can be, and beyond: weights whose sums are far from 1 and from
 * each other, entries far below the others, logits further apart than the largest float.
 *
 * <p>Divergences are held to 2e-6, as is proved, all else to 1e-6; of rows as given relative to the sum of the absolute
 * values of the terms.
 */
class ExtremesTest {
  private static final double RELATIVE = 1e-6;
  private static final double RELATIVE_OF_DIVERGENCES = 2e-6;

  private static final int ROUNDS = 60;
  private static final int[] LENGTHS = {3, 17, 64, 65, 300, 512, 1_500};

  /** One row, or two, with the value that is known. */
  record Known(Statistic statistic, Operand first, Operand second, float[] p, float[] q, double value) {
    Figure figure() {
      return Figure.all().stream()
          .filter(figure -> figure.statistic() == statistic && figure.first() == first && figure.second() == second)
          .findFirst().orElseThrow();
    }

    @Override
    public String toString() {
      return statistic + " of " + name(p) + (q == null ? "" : " and " + name(q));
    }

    private static String name(float[] row) {
      return row.length > 5 ? row.length + " entries" : Arrays.toString(row);
    }
  }

  private static Known kl(Operand first, float[] p, Operand second, float[] q, double value) {
    return new Known(Statistic.KL_DIVERGENCE, first, second, p, q, value);
  }

  private static Known cost(Operand first, float[] p, Operand second, float[] q, double value) {
    return new Known(Statistic.CROSS_ENTROPY, first, second, p, q, value);
  }

  private static float[] row(float... values) {
    return values;
  }

  /** So many entries, the first of them of one value, all others of another. */
  private static float[] levels(int length, int first, float value, float others) {
    float[] row = new float[length];
    Arrays.fill(row, others);
    Arrays.fill(row, 0, first, value);
    return row;
  }

  static Stream<Known> known() {
    Operand given = Operand.PROBABILITIES;
    Operand weights = Operand.WEIGHTS;
    Operand logits = Operand.LOGITS;
    float[] counts = row(5e18f, 1.5e19f, 8e19f);
    float[] few = row(6e-21f, 3e-21f, 1e-21f);
    float[] sharp = row(45, 1, -5, 0, 0.5f);
    float[] one = levels(50_257, 50_256, 0, 1);
    float[] far = levels(50_257, 50_256, 0, -86.9f);
    return Stream.of(
        // What q has where p is more than 87 below its maximum.
        kl(logits, row(88, 0), logits, row(10, 0), 4.5398899216870535e-5),
        kl(logits, sharp, logits, row(8, 0, 0.5f, -0.5f, -1), Double.NaN),
        kl(logits, row(0, -79), logits, row(0, -5.75f), 3.17772646e-3),
        // q that would be no normal float beside weights of a small sum.
        kl(weights, row(5e-10f, 4.5e-10f, 5e-11f), logits, row(0, -3, -85), 4.79289879),
        kl(weights, row(5e-6f, 4.5e-6f, 5e-7f), logits, row(0, -3, -86.9f), 4.88789878),
        kl(given, one, logits, far, 97.7248867),
        kl(weights, one, logits, far, 97.7248867),
        // Sums whose ratio is no float, or a large one.
        kl(weights, counts, weights, few, 1.43533581),
        new Known(Statistic.JENSEN_SHANNON, weights, weights, counts, few, 0.30482050),
        kl(weights, row(.23f, .77f), weights, row(7.2e8f, 2.8e8f), 0.51646314792),
        // Weights that are large, or subnormal.
        new Known(Statistic.ENTROPY, weights, null, levels(4, 4, 1e31f, 0), null, 1.38629436),
        new Known(Statistic.ENTROPY, weights, null, row(6e-41f, 3e-41f, 1e-41f), null, 0.89794459),
        cost(weights, row(6e31f, 3e31f, 1e31f), weights, row(5e30f, 1.5e31f, 8e31f), 2.38888972),
        // Many equal terms after a few large ones.
        cost(given, levels(512, 4, .25f, 1.6e-8f), logits, levels(512, 4, 0, -9.35f), 1.3973657728),
        kl(weights, levels(512, 10, 0.016f, 1.22e-7f), weights, levels(512, 10, 0.027f, 0.0014541832f), 1.3055594742),
        // Logits further apart than the largest float.
        cost(given, row(.5f, .5f), logits, row(2e38f, -2e38f), 2e38f),
        cost(weights, row(.5f, .5f), logits, row(2e38f, -2e38f), 2e38f),
        kl(given, row(.5f, .5f), logits, row(2e38f, -2e38f), 2e38f),
        kl(weights, row(.5f, .5f), logits, row(2e38f, -2e38f), 2e38f),
        kl(logits, row(0, 0), logits, row(2e38f, -2e38f), 2e38f),
        kl(logits, new float[300], logits, levels(300, 150, 2e38f, -2e38f), 2e38f));
  }

  @ParameterizedTest
  @MethodSource
  void known(Known known) {
    Figure figure = known.figure();
    double expected = expected(figure, known.p, known.q);
    if (!Double.isNaN(known.value)) {
      assertEquals(known.value, expected, 1e-7 * known.value, "the oracle");
    }
    double first = compute(figure, Storage.ARRAY, Scorer.sequential(), known.p, known.q);
    check(figure, known.p, known.q, first, known.toString());
    for (Storage storage : Storage.values()) {
      assertEquals(first, compute(figure, storage, Scorer.sequential(), known.p, known.q), known + " in " + storage);
      assertEquals(first, compute(figure, storage, Scorer.parallel(), known.p, known.q), known + " in " + storage);
    }
  }

  /** A sharp teacher and its student. */
  @Test
  void temperature() {
    Logits x = Logits.of(row(9, 0.2f, -1, 0, 0.1f), 1, 5).withTemperature(0.1f);
    Logits y = Logits.of(row(8, 0, 0.5f, -0.5f, -1), 1, 5);
    assertEquals(0.00121468714, Scorer.sequential().klDivergence(x, y)[0], 2e-6 * 0.0012);
  }

  /** Weights of a sum between 1e-40 and 1e38 each, as probabilities and normalised. */
  @Test
  void sumsOfAnySize() {
    for (int round = 0; round < ROUNDS; round++) {
      for (int length : LENGTHS) {
        long seed = 20261129L + 1_000 * round + length;
        SplittableRandom random = new SplittableRandom(seed);
        float[] p = weights(random, length, random.nextDouble(-40, 38));
        float[] q = weights(random, length, random.nextDouble(-40, 38));
        // Where the sums are the same, they nearly agree.
        if (round % 4 == 0) {
          double factor = StrictMath.pow(2, random.nextInt(-20, 20));
          for (int i = 0; i < length; i++) {
            q[i] = (float) Math.min(p[i] * factor * (1 + 0.01 * random.nextGaussian()), Float.MAX_VALUE);
          }
        }
        checkAll(p, q, logits(random, length, 3), "seed " + seed);
      }
    }
  }

  /** Entries 75 to 110 nats below the others, in one of the rows or in both. */
  @Test
  void entriesFarBelow() {
    for (int round = 0; round < ROUNDS; round++) {
      for (int length : LENGTHS) {
        long seed = 20261130L + 1_000 * round + length;
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = logits(random, length, 2);
        float[] y = logits(random, length, 2);
        float[] z = logits(random, length, 2);
        for (int i = 1; i < length; i++) {
          x[i] -= random.nextInt(3) == 0 ? (float) random.nextDouble(75, 110) : 0;
          y[i] -= random.nextInt(3) == 0 ? (float) random.nextDouble(75, 110) : 0;
        }
        checkAll(exponentials(x), exponentials(z), y, "seed " + seed);
        checkAll(exponentials(z), exponentials(x), y, "seed " + seed);
        if (length <= 64) {
          Figure figure = Figure.ofLogits(Statistic.KL_DIVERGENCE);
          for (float[][] pair : new float[][][] {{x, y}, {x, z}, {z, x}}) {
            double actual = compute(figure, Storage.ARRAY, Scorer.sequential(), pair[0], pair[1]);
            check(figure, pair[0], pair[1], actual, "seed " + seed);
          }
        }
      }
    }
  }

  /** Rows of many entries that are all as far apart as floats can be, so that their sum is none. */
  @Test
  void allAsFarApartAsCanBe() {
    float[] x = new float[1_000];
    float[] y = new float[1_000];
    Arrays.fill(x, -2e38f);
    Arrays.fill(y, -3e38f);
    x[999] = -1e38f;
    y[0] = 3e38f;
    Figure figure = Figure.ofLogits(Statistic.KL_DIVERGENCE);
    assertEquals(6e38, compute(figure, Storage.ARRAY, Scorer.sequential(), x, y), 1e33);
  }

  /** Logits up to 2e38 of both signs, next to ordinary ones. */
  @Test
  void hugeLogits() {
    for (int round = 0; round < ROUNDS; round++) {
      for (int length : LENGTHS) {
        long seed = 20261131L + 1_000 * round + length;
        SplittableRandom random = new SplittableRandom(seed);
        float[] y = logits(random, length, 3);
        for (int i = 0; i < length; i++) {
          y[i] = switch (random.nextInt(3)) {
            case 0 -> 2e38f;
            case 1 -> -2e38f;
            default -> y[i];
          };
        }
        float[] p = weights(random, length, random.nextInt(2) * random.nextDouble(-40, 38));
        checkAll(p, p, y, "seed " + seed);
        Figure figure = Figure.ofLogits(Statistic.KL_DIVERGENCE);
        float[] x = logits(random, length, 3);
        check(figure, x, y, compute(figure, Storage.ARRAY, Scorer.sequential(), x, y), "seed " + seed);
      }
    }
  }

  /** Every figure of probabilities. */
  private static void checkAll(float[] p, float[] q, float[] y, String name) {
    for (Figure figure : Figure.all()) {
      boolean renyi = figure.statistic() == Statistic.RENYI_DIVERGENCE;
      if (!figure.isOfLogits() && (!renyi || figure.first() == Operand.WEIGHTS && figure.second() == Operand.WEIGHTS)) {
        float[] second = figure.second() == Operand.LOGITS ? y : q;
        check(figure, p, second, compute(figure, Storage.ARRAY, Scorer.sequential(), p, second), name);
      }
    }
  }

  private static void check(Figure figure, float[] p, float[] q, double actual, String name) {
    double expected = expected(figure, p, q);
    if (Double.isNaN(expected) || Double.isInfinite(expected)) {
      assertEquals(expected, actual, figure + " of " + name);
      return;
    }
    boolean variation = figure.statistic() == Statistic.TOTAL_VARIATION;
    boolean divergence = figure.isOfTwo() && figure.statistic() != Statistic.CROSS_ENTROPY;
    double relative = divergence ? RELATIVE_OF_DIVERGENCES : RELATIVE;
    double floor = variation ? 1e-10 : divergence ? 1e-12 : 1e-18;
    double allowed = relative * Math.max(Math.abs(expected), size(figure, p, q)) + floor;
    assertTrue(Math.abs(actual - expected) <= allowed,
        () -> figure + " of " + name + ": expected " + expected + ", got " + actual + ", off by "
            + Math.abs(actual - expected) / allowed + " of what is allowed");
  }

  /** Of rows as given, the sum of the absolute values of the terms, and with logits that of p. */
  private static double size(Figure figure, float[] p, float[] q) {
    boolean kl = figure.statistic() == Statistic.KL_DIVERGENCE;
    boolean cost = figure.statistic() == Statistic.CROSS_ENTROPY || figure.statistic() == Statistic.ENTROPY;
    if (!List.of(figure.first(), figure.second() == null ? figure.first() : figure.second())
        .contains(Operand.PROBABILITIES) || !kl && !cost) {
      return 0;
    }
    Measure first = measure(figure.first(), p);
    Measure second = figure.second() == null ? first : measure(figure.second(), q);
    double size = 0;
    for (int i = 0; i < p.length; i++) {
      if (p[i] > 0) {
        double logP = first.logP(i).hi();
        double each = Math.abs((kl ? logP : 0) - second.logP(i).hi());
        size += StrictMath.exp(logP) * (figure.second() == Operand.LOGITS && kl ? each + 1 : each);
      }
    }
    return size;
  }

  private static double expected(Figure figure, float[] p, float[] q) {
    return figure.define(measure(figure.first(), p), figure.isOfTwo() ? measure(figure.second(), q) : null, 0).hi();
  }

  private static Measure measure(Operand operand, float[] row) {
    return switch (operand) {
      case LOGITS -> Measure.ofLogits(row);
      case PROBABILITIES -> Measure.ofProbabilities(row);
      case WEIGHTS -> Measure.ofWeights(row);
    };
  }

  private static double compute(Figure figure, Storage storage, Scorer scorer, float[] p, float[] q) {
    Views first = storage.place(new float[][] {p}, DType.F32);
    Views second = figure.isOfTwo() ? storage.place(new float[][] {q}, DType.F32) : null;
    return figure.compute(scorer, first, second, new int[1], new double[1])[0];
  }

  private static float[] logits(SplittableRandom random, int length, double deviation) {
    float[] row = new float[length];
    for (int i = 0; i < length; i++) {
      row[i] = (float) random.nextGaussian(0, deviation);
    }
    return row;
  }

  /** Weights whose sum has about this decimal logarithm. */
  private static float[] weights(SplittableRandom random, int length, double exponent) {
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = StrictMath.exp(random.nextGaussian(0, 3));
    }
    double scale = StrictMath.pow(10, exponent) / Arrays.stream(values).sum();
    float[] row = new float[length];
    for (int i = 0; i < length; i++) {
      row[i] = (float) (values[i] * scale);
    }
    return row;
  }

  private static float[] exponentials(float[] logits) {
    float[] row = new float[logits.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) StrictMath.exp(logits[i]);
    }
    return row;
  }
}
