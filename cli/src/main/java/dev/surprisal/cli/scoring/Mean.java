package dev.surprisal.cli.scoring;

/**
 * Mean and standard error of numbers that come one by one (Welford's update: no cancellation, and the result depends on
 * their order only, not on how they were cut into blocks).
 */
public final class Mean {
  private long count;
  private double mean;
  private double squares;

  /**
   * Takes a number in.
   *
   * @param value the number
   */
  public void add(double value) {
    count++;
    double step = value - mean;
    // Infinite surprisal makes an infinite mean; the update itself would make inf - inf of it.
    mean = Double.isInfinite(mean) || Double.isInfinite(value) ? mean + value : mean + step / count;
    squares += step * (value - mean);
  }

  /** {@return how many numbers there were} */
  public long count() {
    return count;
  }

  /** {@return their mean; NaN of none} */
  public double value() {
    return count == 0 ? Double.NaN : mean;
  }

  /**
   * {@return the standard error of the mean: the sample deviation over the root of the count; NaN of fewer than two}
   */
  public double standardError() {
    return count < 2 ? Double.NaN : Math.sqrt(squares / (count - 1) / count);
  }
}
