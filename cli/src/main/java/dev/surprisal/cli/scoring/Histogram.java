package dev.surprisal.cli.scoring;

/** Counts of numbers in bins of equal width; what lies beyond either end counts in the last bin there. */
public final class Histogram {
  private final double low;
  private final double high;
  private final long[] counts;

  /**
   * An empty histogram.
   *
   * @param low where the first bin begins
   * @param high where the last bin ends
   * @param bins how many bins
   */
  public Histogram(double low, double high, int bins) {
    this.low = low;
    this.high = high;
    this.counts = new long[bins];
  }

  /**
   * Counts a number; NaN does not count.
   *
   * @param value the number
   */
  public void add(double value) {
    if (!Double.isNaN(value)) {
      double place = (value - low) / (high - low) * counts.length;
      counts[(int) Math.clamp(place, 0, counts.length - 1)]++;
    }
  }

  /** {@return where the first bin begins} */
  public double low() {
    return low;
  }

  /** {@return where the last bin ends} */
  public double high() {
    return high;
  }

  /** {@return the count of each bin} */
  public long[] counts() {
    return counts.clone();
  }
}
