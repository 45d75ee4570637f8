package dev.surprisal.data;

import dev.surprisal.kernel.storage.Operand;
import dev.surprisal.oracle.Measure;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A row, or two, of few distinct values: equal terms are all rounded alike, so that these are the rows whose errors
 * come closest to their bounds. They follow from a few numbers, and so does the truth about them.
 *
 * @param length how many entries
 * @param first the values of the first row, one a level
 * @param second those of the second row, null where there is none
 * @param few how many entries the levels have, all but the last; see {@link Arrangement}
 * @param arrangement where the entries of each level stand
 * @param seed of the arrangement
 * @param target the level of the target
 */
public record Levels(
    int length, float[] first, float[] second, int[] few, Arrangement arrangement, long seed, int target) {
  private static final int MOST = 5;

  /** How far apart the levels of a row of logits are: within a float's rounding, a sum's, or an exponential's range. */
  private static final double[] SPREADS = {0.01, 1, 3, 10, 18, 25, 90, 110};

  /** Of short rows, of those about their maximum, of those of several blocks, and longer. */
  public static int anyLength(RandomGenerator random) {
    return switch (random.nextInt(16)) {
      case 0, 1, 2, 3 -> 1 + random.nextInt(64);
      case 4, 5, 6 -> random.nextInt(65, 257);
      case 7 -> 512;
      case 14 -> random.nextInt(10) == 0 ? 20_000 : 1024;
      case 15 -> random.nextInt(4) == 0 ? 8192 : 2048;
      default -> random.nextInt(257, 2049);
    };
  }

  /** Any row, or pair of rows. */
  public static Levels any(int length, Operand first, Operand second, RandomGenerator random) {
    double[] x = anyLogits(random);
    double[] y = random.nextInt(3) == 0 ? anyLogits(x.length, random) : near(x, random);
    return of(length, first, second, x, y, anyArrangement(random), random);
  }

  /** A row, or a pair of rows, whose distributions are those of the logits, with any number of entries a level. */
  public static Levels of(int length, Operand first, Operand second, double[] x, double[] y, Arrangement arrangement,
      RandomGenerator random) {
    int[] few = new int[x.length - 1];
    Arrays.setAll(few, level -> anyCount(length, random));
    Levels places = new Levels(length, new float[x.length], null, few, arrangement, random.nextLong(1L << 32),
        random.nextInt(x.length));
    int[] counts = places.counts();
    return new Levels(length, stored(first, x, counts, anyLogSum(random)),
        second == null ? null : stored(second, y, counts, anyLogSum(random)), few, arrangement, places.seed,
        places.target);
  }

  /** The logarithm of what weights sum to: of anything a float can hold, or of some ordinary number. */
  private static double anyLogSum(RandomGenerator random) {
    return Math.log(10) * (random.nextBoolean() ? random.nextDouble(-40, 38) : random.nextDouble(-2, 2));
  }

  private static Arrangement anyArrangement(RandomGenerator random) {
    return Arrangement.values()[random.nextInt(Arrangement.values().length)];
  }

  private static int anyCount(int length, RandomGenerator random) {
    return random.nextInt(3) == 0 ? 1 + random.nextInt(4) : (int) Math.exp(random.nextDouble() * Math.log(length + 1));
  }

  /** The logits of two to five levels. */
  public static double[] anyLogits(RandomGenerator random) {
    return anyLogits(2 + random.nextInt(MOST - 1), random);
  }

  private static double[] anyLogits(int levels, RandomGenerator random) {
    double spread = SPREADS[random.nextInt(SPREADS.length)];
    double[] x = new double[levels];
    for (int level = 0; level < levels; level++) {
      x[level] = level > 0 && random.nextInt(8) == 0 ? x[level - 1] + 0.05 * random.nextGaussian()
          : spread * (random.nextDouble() - 0.5);
    }
    if (random.nextInt(8) == 0) {
      x[random.nextInt(levels)] -= 75 + 35 * random.nextDouble();
    }
    return x;
  }

  /** Shifted, and moved by any distance, or not at all. */
  private static double[] near(double[] x, RandomGenerator random) {
    double shift = random.nextBoolean() ? 0 : anySize(-2, 1.5, random);
    double distance = random.nextInt(6) == 0 ? 0 : anySize(-6, 1, random);
    double[] y = new double[x.length];
    for (int level = 0; level < x.length; level++) {
      y[level] = x[level] + shift + distance * random.nextGaussian();
    }
    return y;
  }

  private static double anySize(double least, double most, RandomGenerator random) {
    return Math.pow(10, random.nextDouble(least, most)) * (random.nextBoolean() ? 1 : -1);
  }

  /** Logits as floats; the same distribution as probabilities that sum to 1, or as weights of such a sum. */
  private static float[] stored(Operand operand, double[] logits, int[] counts, double logSum) {
    double shift = 0;
    if (operand != Operand.LOGITS) {
      double max = Double.NEGATIVE_INFINITY;
      for (int level = 0; level < logits.length; level++) {
        max = counts[level] == 0 ? max : Math.max(max, logits[level]);
      }
      double sum = 0;
      for (int level = 0; level < logits.length; level++) {
        sum += counts[level] == 0 ? 0 : counts[level] * Math.exp(logits[level] - max);
      }
      shift = (operand == Operand.WEIGHTS ? logSum : 0) - max - Math.log(sum);
    }
    double most = operand == Operand.PROBABILITIES ? 1 : Float.MAX_VALUE;
    float[] stored = new float[logits.length];
    for (int level = 0; level < logits.length; level++) {
      double value = logits[level] + shift;
      stored[level] = (float) (operand == Operand.LOGITS ? value : Math.min(Math.exp(value), most));
    }
    return stored;
  }

  /** The same levels, arranged otherwise. */
  public Levels in(Arrangement other) {
    return new Levels(length, first, second, few, other, seed, target);
  }

  /** The level of each entry. */
  public byte[] places() {
    byte[] places = new byte[length];
    Arrays.fill(places, (byte) few.length);
    arrangement.place(few, seed, places);
    return places;
  }

  /** How many entries each level has. */
  public int[] counts() {
    return counts(places());
  }

  int[] counts(byte[] places) {
    int[] counts = new int[first.length];
    for (byte level : places) {
      counts[level]++;
    }
    return counts;
  }

  /** Writes a row of these values. */
  static void write(byte[] places, float[] values, float[] to, int at) {
    for (int i = 0; i < places.length; i++) {
      to[at + i] = values[places[i]];
    }
  }

  /** The first row. */
  public float[] firstRow() {
    return row(first);
  }

  /** The second row. */
  public float[] secondRow() {
    return row(second);
  }

  private float[] row(float[] values) {
    float[] row = new float[length];
    write(places(), values, row, 0);
    return row;
  }

  /** The level of the target, one that has an entry. */
  int target(int[] counts) {
    int level = target;
    while (counts[level] == 0) {
      level = (level + 1) % counts.length;
    }
    return level;
  }

  static int indexOf(int level, byte[] places) {
    int index = 0;
    while (places[index] != level) {
      index++;
    }
    return index;
  }

  /** What the oracle says of a row of these values. */
  static Measure measure(Operand operand, float[] values, int[] counts) {
    return Values.measure(operand, values, counts);
  }

  @Override
  public String toString() {
    return "V " + length + ", " + arrangement + " " + Arrays.toString(few) + ", x " + Arrays.toString(first)
        + (second == null ? "" : ", y " + Arrays.toString(second)) + ", target " + target + ", seed " + seed;
  }
}
