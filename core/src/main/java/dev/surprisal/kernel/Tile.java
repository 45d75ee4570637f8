package dev.surprisal.kernel;

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
   * What a loop watches over the whole tile: bit patterns of the smallest and the largest distance (or probability), and counts, of
   * what its comment says.
   */
  final int[] nearLanes = new int[Lanes.WIDTH];
  final int[] nearSecondLanes = new int[Lanes.WIDTH];
  final int[] farLanes = new int[Lanes.WIDTH];
  final int[] aboveLanes = new int[Lanes.WIDTH];
  final int[] tieLanes = new int[Lanes.WIDTH];

  private final double[] lanes = new double[Lanes.WIDTH];

  /** Makes the watched lanes ready for a loop. */
  void begin() {
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
      IntVector.broadcast(Lanes.INTS, Integer.MAX_VALUE).intoArray(nearLanes, lane);
      IntVector.broadcast(Lanes.INTS, Integer.MAX_VALUE).intoArray(nearSecondLanes, lane);
      IntVector.broadcast(Lanes.INTS, 0).intoArray(farLanes, lane);
      IntVector.broadcast(Lanes.INTS, 0).intoArray(aboveLanes, lane);
      IntVector.broadcast(Lanes.INTS, 0).intoArray(tieLanes, lane);
    }
  }

  /** Bits of the smallest distance of an entry below the reference: negative if an entry is above it. */
  int near() {
    return min(nearLanes);
  }

  /** As {@link #near}, of the second row of a pair. */
  int nearSecond() {
    return min(nearSecondLanes);
  }

  /** Bits of the largest distance of an entry below the reference. */
  int far() {
    return max(farLanes);
  }

  /** How many entries are above the target. */
  int above() {
    return sum(aboveLanes);
  }

  /** How many entries were left out for being equal to the one excluded. */
  int ties() {
    return sum(tieLanes);
  }

  /** Whether the bit patterns watched were those of finite numbers without a sign. */
  boolean holdsProbabilities() {
    return near() >= 0 && far() < Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
  }

  /** The sum of the slots that so many entries use, lane by lane in double, then over the lanes. */
  double fold(float[] slots, int entries) {
    int used = (entries + BLOCK - 1) / BLOCK * Lanes.WIDTH;
    if (used > Lanes.WIDTH) {
      addSlots(slots, used, lanes);
      return Lanes.fold(lanes);
    }
    return Lanes.fold(slots);
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

  static int max(int[] lanes) {
    int max = Integer.MIN_VALUE;
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
      max = Math.max(max, IntVector.fromArray(Lanes.INTS, lanes, lane).reduceLanes(VectorOperators.MAX));
    }
    return max;
  }

  private static int min(int[] lanes) {
    int min = Integer.MAX_VALUE;
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
      min = Math.min(min, IntVector.fromArray(Lanes.INTS, lanes, lane).reduceLanes(VectorOperators.MIN));
    }
    return min;
  }

  private static int sum(int[] lanes) {
    int sum = 0;
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
      sum += IntVector.fromArray(Lanes.INTS, lanes, lane).reduceLanes(VectorOperators.ADD);
    }
    return sum;
  }
}
