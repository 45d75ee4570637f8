package dev.surprisal.data;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Kinds of rows of logits, each with a reason to be hard. */
public enum RowKind {
  NARROW((random, n) -> gaussian(random, n, 1e-4)),
  GAUSSIAN((random, n) -> gaussian(random, n, 1)),
  ORDINARY((random, n) -> gaussian(random, n, 3)),
  PEAKED((random, n) -> gaussian(random, n, 10)),

  /** Every block has a larger maximum than the one before. */
  RAMP_UP((random, n) -> ramp(n, 30, 0)),
  RAMP_DOWN((random, n) -> ramp(n, 30, n - 1)),
  STEEP_RAMP_UP((random, n) -> ramp(n, 5000, 0)),
  STEEP_RAMP_DOWN((random, n) -> ramp(n, 5000, n - 1)),

  TIES((random, n) -> fill(n, i -> random.nextInt(4))),
  CONSTANT((random, n) -> fill(n, i -> 0.7f)),

  /** The maximum and its neighbour among the floats. */
  NEAR_TIE((random, n) -> fill(n, i -> random.nextBoolean() ? 17.3f : Math.nextDown(17.3f))),

  /** One entry has all the mass but so much. */
  ALL_BUT_1E3((random, n) -> dominated(random, n, 1e-3)),
  ALL_BUT_1E6((random, n) -> dominated(random, n, 1e-6)),
  ALL_BUT_1E9((random, n) -> dominated(random, n, 1e-9)),
  ALL_BUT_1E12((random, n) -> dominated(random, n, 1e-12)),

  /** Two entries share the mass but for a little. */
  TWO_DOMINATE((random, n) -> {
    float[] x = dominated(random, n, 1e-7);
    x[random.nextInt(n)] = max(x) - 1;
    return x;
  }),

  OFFSET_1E4((random, n) -> shifted(gaussian(random, n, 3), 1e4f)),
  OFFSET_MINUS_1E4((random, n) -> shifted(gaussian(random, n, 3), -1e4f)),
  OFFSET_1E6((random, n) -> shifted(gaussian(random, n, 3), 1e6f)),
  OFFSET_1E20((random, n) -> fill(n, i -> random.nextInt(3) == 0 ? 1e20f : 1e20f - random.nextInt(3) * 1e13f)),

  MASK_ONE((random, n) -> masked(gaussian(random, n, 3), random, 1)),
  MASK_HALF((random, n) -> masked(gaussian(random, n, 3), random, n / 2)),
  MASK_90((random, n) -> masked(gaussian(random, n, 3), random, (int) (0.9 * n))),
  MASK_ALL_BUT_ONE((random, n) -> masked(gaussian(random, n, 3), random, n - 1)),

  SPREAD_1E36((random, n) -> gaussian(random, n, 1e36)),

  /** Of every size, and both signs. */
  ALL_SIZES((random, n) -> fill(n,
      i -> (float) ((random.nextBoolean() ? 1 : -1) * StrictMath.pow(10, 40 * random.nextDouble() - 4)))),

  /** Differences around those at which e^d leaves the normal floats, and then the floats. */
  FAR_TAIL((random, n) -> {
    float[] x = fill(n, i -> -84 - 24 * random.nextFloat());
    x[random.nextInt(n)] = 0;
    return x;
  }),

  /** Logits that are log-probabilities: the log-sum-exp is close to 0. */
  LOG_PROBABILITIES((random, n) -> {
    float[] x = gaussian(random, n, 2);
    double logSum = StrictMath.log(Arrays.stream(Softmax.weights(x)).sum()) + max(x);
    return fill(n, i -> (float) (x[i] - logSum));
  }),

  SUBNORMAL((random, n) -> gaussian(random, n, 1e-41));

  /** Makes a row. */
  @FunctionalInterface
  interface Maker {
    float[] row(RandomGenerator random, int length);
  }

  /** One entry of a row. */
  @FunctionalInterface
  interface Entry {
    float at(int index);
  }

  private final Maker maker;

  RowKind(Maker maker) {
    this.maker = maker;
  }

  /** A row of this kind. */
  public float[] row(RandomGenerator random, int length) {
    return maker.row(random, length);
  }

  static float[] fill(int n, Entry entry) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = entry.at(i);
    }
    return x;
  }

  /** Near enough to a normal distribution, and the same on every machine: the sum of twelve uniform numbers. */
  static double gaussian(RandomGenerator random) {
    double sum = -6;
    for (int i = 0; i < 12; i++) {
      sum += random.nextDouble();
    }
    return sum;
  }

  static float[] gaussian(RandomGenerator random, int n, double sigma) {
    return fill(n, i -> (float) (sigma * gaussian(random)));
  }

  static float max(float[] x) {
    float max = Float.NEGATIVE_INFINITY;
    for (float value : x) {
      max = Math.max(max, value);
    }
    return max;
  }

  private static float[] ramp(int n, float range, int lowest) {
    return fill(n, i -> range * Math.abs(i - lowest) / n - range / 2);
  }

  private static float[] shifted(float[] x, float offset) {
    return fill(x.length, i -> x[i] + offset);
  }

  private static float[] masked(float[] x, RandomGenerator random, int count) {
    int[] order = new int[x.length];
    Arrays.setAll(order, i -> i);
    for (int i = 0; i < Math.min(count, x.length - 1); i++) {
      int swap = random.nextInt(i, x.length);
      int index = order[swap];
      order[swap] = order[i];
      x[index] = Float.NEGATIVE_INFINITY;
    }
    return x;
  }

  private static float[] dominated(RandomGenerator random, int n, double rest) {
    float[] x = gaussian(random, n, 2);
    int winner = random.nextInt(n);
    double others = Arrays.stream(Softmax.weights(x)).sum();
    x[winner] = (float) (max(x) + StrictMath.log(others / rest));
    return x;
  }
}
