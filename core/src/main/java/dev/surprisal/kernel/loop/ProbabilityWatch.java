package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.vector.IntSlots;

/**
 * Whether values are probabilities, from their bit patterns: those of a negative value, an infinity or a NaN are
 * outside 0 .. infinity - 1 as signed integers.
 */
public final class ProbabilityWatch {
  private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

  final IntSlots smallest = new IntSlots();
  final IntSlots largest = new IntSlots();

  /** Whether the values of a span of so many entries are finite and not negative. */
  public boolean areValid(int entries) {
    return smallest.min(entries) >= 0 && largest.max(entries) < INFINITY;
  }
}
