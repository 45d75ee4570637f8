package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Sizes;
import java.util.Arrays;

/**
 * One sum over the blocks of a span, in float: a slot of 16 lanes for each block. Added up in
 * double, in one fixed order.
 */
public final class FloatSlots {
  /** The lanes of the first block, then those of the second, and so on. */
  public final float[] lanes = new float[Sizes.SPAN / Sizes.BLOCK * Lanes.WIDTH];

  private final double[] folded = new double[Lanes.WIDTH];

  /** The sum over a span of so many entries: lane by lane in double, then over the lanes. */
  public double fold(int entries) {
    int used = used(entries);
    if (used == Lanes.WIDTH) {
      return Lanes.fold(lanes, 0);
    }
    if (used == 2 * Lanes.WIDTH) {
      return Lanes.foldTwo(lanes);
    }
    SlotLoop.of().add(lanes, used, folded);
    return Lanes.fold(folded);
  }

  /** The sum over one block, which is 0 afterwards. */
  public double take(int block) {
    int first = block * Lanes.WIDTH;
    double sum = Lanes.fold(lanes, first);
    Arrays.fill(lanes, first, first + Lanes.WIDTH, 0);
    return sum;
  }

  /** Makes the sums over some blocks, a bit each, 0. */
  public void clear(int blocks) {
    for (int left = blocks; left != 0; left &= left - 1) {
      int first = Integer.numberOfTrailingZeros(left) * Lanes.WIDTH;
      Arrays.fill(lanes, first, first + Lanes.WIDTH, 0);
    }
  }

  /** Lanes of the slots that so many entries use. */
  static int used(int entries) {
    return (entries + Sizes.BLOCK - 1) / Sizes.BLOCK * Lanes.WIDTH;
  }
}
