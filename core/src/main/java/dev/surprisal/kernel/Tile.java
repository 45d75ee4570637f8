package dev.surprisal.kernel;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The unit of work of a loop: a stretch of a row that stays in the first-level cache, and the sums over it.
 *
 * <p>A loop adds floats within a block of {@link #BLOCK} entries (32 to a lane, so that rounding errors stay small) and
 * leaves each block's sums in a slot of 16 lanes here; {@link #fold} adds the slots up in double. Whatever is wrong with a
 * tile (an entry far above the reference, say) is found before its sums are used, so it can simply be done again.
 */
final class Tile {
  /** Entries of a tile. */
  static final int SIZE = 8192;

  /** Entries whose sums are kept in float. */
  static final int BLOCK = 512;

  /** Up to so many blocks that a fast loop could not take are done again one by one; of a tile with more, all. */
  static final int FEW = 6;

  private static final int SLOTS = SIZE / BLOCK * Lanes.WIDTH;

  /** The units of a row, and of the second one of a pair. */
  final Unit x = new Unit();
  final Unit y = new Unit();

  /** What is taken off the differences of two rows, and what that float leaves off, in two more. */
  float offset;
  float offsetRest;
  float offsetLast;

  /** What scales the second distribution to the unit of the first. */
  float ratio;

  /** What the second and third sum of {@link MomentsLoop} are taken about; in {@link CrossEntropyLoop} see there. */
  float center;

  /** Entries above it are counted. */
  float target;

  /** Entries of this value are left out by careful loops; NaN to leave out none. */
  float excluded = Float.NaN;

  /** Lanes of the first, second and third sum, a slot a block. */
  final float[] a = new float[SLOTS];
  final float[] b = new float[SLOTS];
  final float[] c = new float[SLOTS];

  /**
   * What a loop watches, in the same slots: bit patterns of the smallest and the largest distance (or probability), and counts,
   * of what its comment says.
   */
  final int[] near = new int[SLOTS];
  final int[] nearSecond = new int[SLOTS];
  final int[] far = new int[SLOTS];
  final int[] above = new int[SLOTS];
  final int[] ties = new int[SLOTS];

  private final double[] lanes = new double[Lanes.WIDTH];

  /** Bits of the smallest distance of so many entries below the reference: negative if one is above it. */
  int near(int entries) {
    return min(near, used(entries));
  }

  /** As {@link #near}, of the second row of a pair. */
  int nearSecond(int entries) {
    return min(nearSecond, used(entries));
  }

  /** Bits of the largest distance of an entry below the reference, or of what else a loop watches. */
  int far(int entries) {
    return max(far, used(entries));
  }

  /** How many entries are above the target. */
  int above(int entries) {
    return sum(above, used(entries));
  }

  /** How many entries were left out for being equal to the one excluded. */
  int ties(int entries) {
    return sum(ties, used(entries));
  }

  /** Whether the bit patterns watched were those of finite numbers without a sign. */
  boolean holdsProbabilities(int entries) {
    return near(entries) >= 0 && far(entries) < Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
  }

  /** Lanes of the slots that so many entries use. */
  private static int used(int entries) {
    return (entries + BLOCK - 1) / BLOCK * Lanes.WIDTH;
  }

  /** The sum of the slots that so many entries use, lane by lane in double, then over the lanes. */
  double fold(float[] slots, int entries) {
    int used = used(entries);
    if (used > Lanes.WIDTH) {
      addSlots(slots, used, lanes);
      return Lanes.fold(lanes);
    }
    return Lanes.fold(slots, 0);
  }

  /** The sum over one block, which is 0 afterwards. */
  double take(float[] slots, int block) {
    int first = block * Lanes.WIDTH;
    double sum = Lanes.fold(slots, first);
    Arrays.fill(slots, first, first + Lanes.WIDTH, 0);
    return sum;
  }

  /** The blocks, a bit each, in which something watched is above a limit. */
  int blocksAbove(int[] watched, int limit, int entries) {
    int blocks = 0;
    for (int i = 0; i < used(entries); i++) {
      blocks |= watched[i] > limit ? 1 << i / Lanes.WIDTH : 0;
    }
    return blocks;
  }

  /** The blocks, a bit each, in which something watched is negative: of distances, that of an entry above the reference. */
  int blocksBelowZero(int[] watched, int entries) {
    int blocks = 0;
    for (int i = 0; i < used(entries); i++) {
      blocks |= watched[i] < 0 ? 1 << i / Lanes.WIDTH : 0;
    }
    return blocks;
  }

  /** The first block in which something watched has this value. */
  static int blockOf(int[] watched, int value) {
    int i = 0;
    while (watched[i] != value) {
      i++;
    }
    return i / Lanes.WIDTH;
  }

  /** Forgets the sums over some blocks, a bit each, and what was watched there. */
  void forget(int blocks) {
    for (int left = blocks; left != 0; left &= left - 1) {
      int first = Integer.numberOfTrailingZeros(left) * Lanes.WIDTH;
      int end = first + Lanes.WIDTH;
      Arrays.fill(a, first, end, 0);
      Arrays.fill(b, first, end, 0);
      Arrays.fill(c, first, end, 0);
      Arrays.fill(near, first, end, Integer.MAX_VALUE);
      Arrays.fill(above, first, end, 0);
      Arrays.fill(ties, first, end, 0);
    }
  }

  private static void addSlots(float[] slots, int used, double[] lanes) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.DOUBLES.length()) {
      DoubleVector sum = DoubleVector.zero(Lanes.DOUBLES);
      for (int slot = lane; slot < used; slot += Lanes.WIDTH) {
        sum = sum.add(FloatVector.fromArray(Lanes.HALF, slots, slot).convertShape(VectorOperators.F2D, Lanes.DOUBLES, 0));
      }
      sum.intoArray(lanes, lane);
    }
  }

  // Integers may be reduced in any order.

  static int max(int[] slots, int used) {
    IntVector max = Lanes.all(Integer.MIN_VALUE);
    for (int i = 0; i < used; i += Lanes.COUNT) {
      max = max.max(IntVector.fromArray(Lanes.INTS, slots, i));
    }
    return max.reduceLanes(VectorOperators.MAX);
  }

  private static int min(int[] slots, int used) {
    IntVector min = Lanes.all(Integer.MAX_VALUE);
    for (int i = 0; i < used; i += Lanes.COUNT) {
      min = min.min(IntVector.fromArray(Lanes.INTS, slots, i));
    }
    return min.reduceLanes(VectorOperators.MIN);
  }

  private static int sum(int[] slots, int used) {
    IntVector sum = Lanes.all(0);
    for (int i = 0; i < used; i += Lanes.COUNT) {
      sum = sum.add(IntVector.fromArray(Lanes.INTS, slots, i));
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }
}
