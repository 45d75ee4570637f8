package dev.surprisal.benchmarks.accuracy;

/** Relative errors of some results against the exact values; of values below 1e-12, errors relative to that. */
final class Errors {
  private static final double LEAST = 1e-12;

  private double max;
  private double squares;
  private int count;

  /** Adds results, one for each exact value. */
  Errors add(double[] exact, double[] results) {
    for (int row = 0; row < exact.length; row++) {
      double error = results[row] == exact[row] ? 0
          : Math.abs(results[row] - exact[row]) / Math.max(LEAST, Math.abs(exact[row]));
      // A NaN, once in, stays.
      max = Math.max(max, error);
      squares += error * error;
      count++;
    }
    return this;
  }

  double max() {
    return max;
  }

  /** Root of the mean of the squares. */
  double rootMeanSquare() {
    return Math.sqrt(squares / count);
  }
}
