package dev.surprisal.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * One thing watched over the blocks of a span, as integers in the slots of {@link FloatSlots}: counts, or bit patterns
 * of floats that are positive, which order as the floats do. Those of negative floats are negative; that of a NaN is
 * above infinity's, or negative, by its sign bit.
 */
public final class IntSlots {
  /** The lanes of the first block, then those of the second, and so on. */
  public final int[] lanes = new int[Sizes.SPAN / Sizes.BLOCK * Lanes.WIDTH];

  // Integers may be reduced in any order.

  /** The largest over a span of so many entries. */
  public int max(int entries) {
    int used = FloatSlots.used(entries);
    IntVector max = Lanes.all(Integer.MIN_VALUE);
    for (int i = 0; i < used; i += Lanes.COUNT) {
      max = max.max(IntVector.fromArray(Lanes.INTS, lanes, i));
    }
    return max.reduceLanes(VectorOperators.MAX);
  }

  /** The smallest over a span of so many entries. */
  public int min(int entries) {
    int used = FloatSlots.used(entries);
    IntVector min = Lanes.all(Integer.MAX_VALUE);
    for (int i = 0; i < used; i += Lanes.COUNT) {
      min = min.min(IntVector.fromArray(Lanes.INTS, lanes, i));
    }
    return min.reduceLanes(VectorOperators.MIN);
  }

  /** The sum over a span of so many entries. */
  public int sum(int entries) {
    int used = FloatSlots.used(entries);
    IntVector sum = Lanes.all(0);
    for (int i = 0; i < used; i += Lanes.COUNT) {
      sum = sum.add(IntVector.fromArray(Lanes.INTS, lanes, i));
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  /** The blocks, a bit each, of a span of so many entries in which something is above a limit. */
  public int blocksAbove(int limit, int entries) {
    int blocks = 0;
    for (int i = 0; i < FloatSlots.used(entries); i++) {
      blocks |= lanes[i] > limit ? 1 << i / Lanes.WIDTH : 0;
    }
    return blocks;
  }

  /** The blocks, a bit each, of a span of so many entries in which something is negative. */
  public int blocksBelowZero(int entries) {
    int blocks = 0;
    for (int i = 0; i < FloatSlots.used(entries); i++) {
      blocks |= lanes[i] < 0 ? 1 << i / Lanes.WIDTH : 0;
    }
    return blocks;
  }

  /** The first block that has this value. */
  public int blockOf(int value) {
    int i = 0;
    while (lanes[i] != value) {
      i++;
    }
    return i / Lanes.WIDTH;
  }

  /** Puts a value in all lanes of some blocks, a bit each. */
  public void set(int blocks, int value) {
    for (int left = blocks; left != 0; left &= left - 1) {
      int first = Integer.numberOfTrailingZeros(left) * Lanes.WIDTH;
      Arrays.fill(lanes, first, first + Lanes.WIDTH, value);
    }
  }
}
