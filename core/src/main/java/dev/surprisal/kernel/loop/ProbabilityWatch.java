package dev.surprisal.kernel.loop;

/**
 * Whether values are probabilities, from their bit patterns: those of a negative value, an infinity or a NaN are
 * outside 0 .. infinity - 1 as signed integers.
 */
public final class ProbabilityWatch {
  private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

  /** Above it, sums of products of floats could overflow, and so could what the logarithm lifts. */
  private static final int LARGE = Float.floatToRawIntBits(0x1p100f);

  final IntSlots smallest = new IntSlots();
  final IntSlots largest = new IntSlots();

  /** For the plain forms of the loops that watch. */
  final Stage stage = new Stage();

  /** The largest of the span last asked about. */
  private int most;

  /** Whether the values of a span of so many entries are finite and not negative. */
  public boolean areValid(int entries) {
    most = largest.max(entries);
    return smallest.min(entries) >= 0 && most < INFINITY;
  }

  /** Whether one of the values of the span last asked about is too large for sums in float. */
  public boolean isLarge() {
    return most > LARGE;
  }
}
