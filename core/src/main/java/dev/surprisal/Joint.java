package dev.surprisal;

import java.util.Arrays;

/** What follows from the rows and columns of a joint distribution, rows X and columns Y. */
final class Joint {
  private Joint() {}

  /** {@code sum weight * value}, divided by the sum of the weights if they are to be normalised; NaN for no rows. */
  static double mean(double[] weights, double[] values, boolean normalized) {
    double total = weights.length == 0 ? Double.NaN : 0;
    double sum = 0;
    for (int row = 0; row < weights.length; row++) {
      sum += weights[row];
      // A row of no weight counts nothing, whatever its value.
      total += weights[row] == 0 ? 0 : weights[row] * values[row];
    }
    return normalized ? total / sum : total;
  }

  /**
   * {@code sum p(x,y) log(p(x,y) / (p(x) p(y)))}, from the divergences of the normalised rows from the normalised
   * marginal of Y. Of values that sum to s and not to 1, each of these is off by log s.
   */
  static double mutualInformation(double[] weights, double[] divergences, boolean normalized) {
    double total = mean(weights, divergences, normalized);
    double sum = normalized ? 1 : Arrays.stream(weights).sum();
    return total - (sum == 0 ? 0 : sum * Math.log(sum));
  }

  /**
   * A marginal q as floats: adds KL(q || rounded q) to the mutual information, which is of second
   * order in the rounding, about 1e-15.
   */
  static float[] rounded(double[] marginal) {
    float[] rounded = new float[marginal.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) marginal[i];
    }
    return rounded;
  }
}
