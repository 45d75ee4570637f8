package dev.surprisal.benchmarks.accuracy;

/** Relative errors of some results against the exact values; of values below a least one, errors relative to that. */
final class Errors {
  private final double least;
  private double max;
  private double squares;
  private int count;

  Errors(double least) {
    this.least = least;
  }

  /** Adds results, one for each exact value. */
  Errors add(double[] exact, double[] results) {
    for (int row = 0; row < exact.length; row++) {
      double error = results[row] == exact[row] ? 0
          : Math.abs(results[row] - exact[row]) / Math.max(least, Math.abs(exact[row]));
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
