package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Sizes;
import java.util.Arrays;

/**
 * One thing watched over the blocks of a span, as integers in the slots of {@link FloatSlots}: counts, or bit patterns
 * of floats that are positive, which order as the floats do. Those of negative floats are negative; that of a NaN is
 * above infinity's, or negative, by its sign bit.
 */
public final class IntSlots {
  /** The lanes of the first block, then those of the second, and so on. */
  public final int[] lanes = new int[Sizes.SPAN / Sizes.BLOCK * Lanes.WIDTH];

  /** The largest over a span of so many entries. */
  public int max(int entries) {
    return SlotLoop.of().max(lanes, FloatSlots.used(entries));
  }

  /** The smallest over a span of so many entries. */
  public int min(int entries) {
    return SlotLoop.of().min(lanes, FloatSlots.used(entries));
  }

  /** The sum over a span of so many entries. */
  public int sum(int entries) {
    return SlotLoop.of().sum(lanes, FloatSlots.used(entries));
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

  /** Leaves what is watched over a block in its slot. */
  void setSlot(int slot, int value) {
    Arrays.fill(lanes, slot, slot + Lanes.WIDTH, value);
  }

  /** Leaves what is counted over a block in its slot. */
  void countSlot(int slot, int count) {
    setSlot(slot, 0);
    lanes[slot] = count;
  }
}
