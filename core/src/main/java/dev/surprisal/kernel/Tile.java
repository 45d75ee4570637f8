package dev.surprisal.kernel;

/**
 * The unit of work of a loop: a stretch of a row that stays in the first-level cache, and the sums over it.
 *
 * <p>A loop adds floats within a block of {@link #BLOCK} entries (64 to a lane, so that rounding errors stay small) and
 * leaves each block's sums in a slot of 16 lanes here; {@link #fold} adds the slots up in double. Whatever is wrong with a
 * tile (an entry far above the reference, say) is found before its sums are used, so it can simply be done again.
 */
final class Tile {
  /** Entries of a tile. */
  static final int SIZE = 8192;

  /** Entries whose sums are kept in float. */
  static final int BLOCK = 1024;

  private static final int SLOTS = SIZE / BLOCK * Lanes.WIDTH;

  /** What distances are taken from: a little above the largest entry so far. */
  float reference;

  /** What the second and third sum of {@link MomentsLoop} are taken about. */
  float center;

  /** What is taken off an entry before {@link Exp#scaled}: 0, or the reference where that is beyond its range. */
  float shift;

  /** The scale of {@link Exp#scaled}. */
  float magic;

  /** Entries above it are counted. */
  float target;

  /** Entries of this value are left out by careful loops; NaN to leave out none. */
  float excluded = Float.NaN;

  /** Lanes of the first, second and third sum, a slot a block. */
  final float[] a = new float[SLOTS];
  final float[] b = new float[SLOTS];
  final float[] c = new float[SLOTS];

  /** Lanes of the largest and the smallest bit patterns, and of counts. */
  final int[] far = new int[SLOTS];
  final int[] near = new int[SLOTS];
  final int[] nearSecond = new int[SLOTS];
  final int[] count = new int[SLOTS];

  private final double[] lanes = new double[Lanes.WIDTH];

  /** Sets the reference, and the scale that belongs to it. Returns the logarithm of the unit of the sums. */
  double refer(float to) {
    reference = to;
    boolean far = !(Math.abs(to) <= Exp.MAX_ARGUMENT);
    shift = far ? to : 0;
    int k = far ? 0 : Exp.exponent(to);
    magic = Exp.magic(k);
    return shift + Exp.unit(k);
  }

  /** How many slot lanes a tile of so many entries uses. */
  static int used(int entries) {
    return (entries + BLOCK - 1) / BLOCK * Lanes.WIDTH;
  }

  /** The sum of all slots, lane by lane in double, then over the lanes. */
  double fold(float[] slots, int used) {
    if (used == Lanes.WIDTH) {
      return Lanes.fold(slots);
    }
    double[] sums = lanes;
    for (int lane = 0; lane < Lanes.WIDTH; lane++) {
      sums[lane] = slots[lane];
    }
    for (int slot = Lanes.WIDTH; slot < used; slot += Lanes.WIDTH) {
      for (int lane = 0; lane < Lanes.WIDTH; lane++) {
        sums[lane] += slots[slot + lane];
      }
    }
    return Lanes.fold(sums);
  }

  static int max(int[] slots, int used) {
    int max = slots[0];
    for (int i = 1; i < used; i++) {
      max = Math.max(max, slots[i]);
    }
    return max;
  }

  static int min(int[] slots, int used) {
    int min = slots[0];
    for (int i = 1; i < used; i++) {
      min = Math.min(min, slots[i]);
    }
    return min;
  }

  static long sum(int[] slots, int used) {
    long sum = 0;
    for (int i = 0; i < used; i++) {
      sum += slots[i];
    }
    return sum;
  }
}
