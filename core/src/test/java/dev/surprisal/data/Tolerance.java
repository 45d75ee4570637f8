package dev.surprisal.data;

import dev.surprisal.Backend;

/**
 * How far a result may be from the truth: the one place that says it.
 *
 * <table>
 * <caption>Error allowed</caption>
 * <tr><td>every statistic</td><td>{@link #RELATIVE} of its value, down to {@link #SMALLEST}</td></tr>
 * <tr><td>divergences</td><td>{@link #RELATIVE} of their value, down to {@link #SMALLEST_DIVERGENCE}</td></tr>
 * <tr><td>total variation</td><td>{@link #RELATIVE} of its value, down to {@link #SMALLEST_VARIATION}</td></tr>
 * <tr><td>log-sum-exp = m + log1p(R)</td><td>where the terms cancel, {@link #RELATIVE} of log1p(R)</td></tr>
 * <tr><td>KL of probabilities as given = a sum of terms of one sign + the difference of the masses</td> <td>where these
 *   cancel, {@link #RELATIVE} of the larger</td></tr>
 * <tr><td>Rényi divergence of probabilities as given: the same, with {@code a / (a-1)} of what the first mass is off
 *   by, less what the second is</td> <td>where these cancel, {@link #RELATIVE} of the larger; and what the masses, sums
 *   of doubles, are rounded by, divided by {@code |a - 1|}</td></tr>
 * <tr><td>the scalar backend, textbook in doubles</td> <td>{@link #RELATIVE_OF_SCALAR} of the value,
 *     or {@link #OF_SCALAR}</td></tr>
 * <tr><td>log-softmax</td> <td>{@link #LOG_SOFTMAX_ULPS} units in the last place of the float, down
 *     to {@link #SMALLEST}</td></tr>
 * </table>
 */
public final class Tolerance {
  static final double RELATIVE = 1e-6;
  static final double RELATIVE_OF_SCALAR = 1e-9;

  static final double OF_SCALAR = 1e-12;

  /** Entropies and surprisals below it are right to {@code SMALLEST * RELATIVE}. */
  static final double SMALLEST = 1e-12;

  /** Divergences below it are right to {@code 1e-12}. */
  static final double SMALLEST_DIVERGENCE = 1e-6;

  /** Total variations, which are about the roots of divergences, are right to {@code 1e-10} below it. */
  static final double SMALLEST_VARIATION = 1e-4;

  /** Measured: 2.0, and 2.7 for the entry that has nearly all the mass, whose log-probability is -log1p(R). */
  static final double LOG_SOFTMAX_ULPS = 3;

  private Tolerance() {}

  /** The relative error that the backend of this process may have. */
  public static double relative() {
    return isScalar() ? RELATIVE_OF_SCALAR : RELATIVE;
  }

  /** Whether a result is as good as promised. */
  public static boolean allows(Figure figure, double expected, double actual, double cancelled) {
    if (Double.isNaN(expected) || Double.isInfinite(expected)) {
      return Double.compare(expected, actual) == 0;
    }
    double smallest = RELATIVE * switch (figure.statistic()) {
      case KL_DIVERGENCE, JENSEN_SHANNON, RENYI_DIVERGENCE -> SMALLEST_DIVERGENCE;
      case TOTAL_VARIATION -> SMALLEST_VARIATION;
      case LOG_SUM_EXP, ENTROPY, CROSS_ENTROPY, SCORE, LOG_SOFTMAX, ROW_SUM, COLUMN_SUMS -> SMALLEST;
    };
    double floor = isScalar() ? Math.max(OF_SCALAR, smallest) : smallest;
    return Math.abs(actual - expected) <= Math.max(relative() * Math.max(Math.abs(expected), cancelled), floor);
  }

  /** Whether an entry of a log-softmax is as good as promised. */
  public static boolean allowsLogSoftmax(double expected, float actual) {
    if (Double.isNaN(expected) || Double.isInfinite(expected)) {
      return Double.compare(expected, actual) == 0;
    }
    return Math.abs(actual - expected) <= Math.max(LOG_SOFTMAX_ULPS * Math.ulp((float) expected), RELATIVE * SMALLEST);
  }

  private static boolean isScalar() {
    return Backend.current().vectorBits() == 0;
  }
}
