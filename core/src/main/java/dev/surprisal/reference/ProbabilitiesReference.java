package dev.surprisal.reference;

/**
 * Statistics of probabilities by their definitions, over one row, in nats. Values are used as given, whatever their
 * sum; {@link #normalize} divides them by it.
 *
 * <p>Special values: {@code 0 log 0 = 0}, {@code 0 log(0/q) = 0}. A row with a negative, NaN or infinite value has the
 * statistic NaN. Rows of two arguments have the same length, or an {@link IllegalArgumentException} is thrown. Every
 * method takes time in proportion to the length of its rows.
 */
public final class ProbabilitiesReference {
  private ProbabilitiesReference() {}

  /**
   * Entropy, {@code -sum p log p}.
   *
   * @param p a row of probabilities
   * @return the entropy in nats
   */
  public static double entropy(double[] p) {
    return crossEntropy(p, p);
  }

  /**
   * Cross-entropy, {@code H(p, q) = -sum p log q}.
   *
   * @param p the true distribution
   * @param q the model
   * @return the cross-entropy in nats, positive infinity where p has mass and q has none
   */
  public static double crossEntropy(double[] p, double[] q) {
    double crossEntropy = check(p) + check(q);
    for (int i = checkSame(p, q) - 1; i >= 0; i--) {
      crossEntropy -= p[i] == 0 ? 0 : p[i] * Math.log(q[i]);
    }
    return crossEntropy;
  }

  /**
   * Cross-entropy of probabilities under logits, {@code -sum p log softmax(x)}.
   *
   * @param p the true distribution
   * @param x logits of the model
   * @return the cross-entropy in nats
   */
  public static double crossEntropyOfLogits(double[] p, double[] x) {
    double crossEntropy = check(p) + 0 * restOfNoDistribution(x);
    double[] logs = LogitsReference.logSoftmax(x);
    for (int i = checkSame(p, x) - 1; i >= 0; i--) {
      crossEntropy -= p[i] == 0 ? 0 : p[i] * logs[i];
    }
    return crossEntropy;
  }

  /**
   * Kullback-Leibler divergence, {@code sum p log(p/q)}. Summed as {@code p (e^-u - 1 + u)} with {@code u = log(p/q)},
   * never negative, plus what the sums of p and q differ by; or as it is, where little cancels.
   *
   * @param p the true distribution
   * @param q the model
   * @return the divergence in nats, positive infinity where p has mass and q has none
   */
  public static double klDivergence(double[] p, double[] q) {
    double divergence = check(p) + check(q);
    double direct = divergence;
    double sizes = 0;
    double excess = 0;
    for (int i = checkSame(p, q) - 1; i >= 0; i--) {
      double logRatio = Math.log(p[i] / q[i]);
      divergence += p[i] == 0 ? q[i] : LogitsReference.term(p[i], q[i], logRatio);
      excess += p[i] - q[i];
      direct += p[i] == 0 ? 0 : p[i] * logRatio;
      sizes += p[i] == 0 ? 0 : p[i] * Math.abs(logRatio);
    }
    // Terms of one sign keep the digits of a small divergence; where the sums differ much, not those of a large one.
    return Math.abs(direct) > sizes / 2 ? direct : divergence + excess;
  }

  /**
   * Kullback-Leibler divergence from logits, {@code sum p log(p / softmax(x))}.
   *
   * @param p the true distribution
   * @param x logits of the model
   * @return the divergence in nats
   */
  public static double klDivergenceOfLogits(double[] p, double[] x) {
    double[] q = LogitsReference.logSoftmax(x);
    double divergence = check(p) + 0 * restOfNoDistribution(x);
    for (int i = checkSame(p, q) - 1; i >= 0; i--) {
      divergence += p[i] == 0 ? 0
          : LogitsReference.term(p[i], Math.exp(q[i]), Math.log(p[i]) - q[i]) + p[i] - Math.exp(q[i]);
    }
    return divergence;
  }

  /**
   * Jensen-Shannon divergence, {@code (KL(p||m) + KL(q||m)) / 2} with {@code m = (p + q) / 2}.
   *
   * @param p a distribution
   * @param q another
   * @return the divergence in nats, at most {@code log 2} if both sum to 1
   */
  public static double jensenShannon(double[] p, double[] q) {
    double[] mean = new double[checkSame(p, q)];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = p[i] / 2 + q[i] / 2;
    }
    return (klDivergence(p, mean) + klDivergence(q, mean)) / 2;
  }

  /**
   * Rényi divergence of order alpha, {@code log(sum p^alpha q^(1-alpha)) / (alpha - 1)}; of order 1
   * the Kullback-Leibler divergence.
   *
   * @param p a distribution
   * @param q another
   * @param alpha the order, positive and finite
   * @return the divergence in nats; positive infinity where p and q have nothing in common, and for an order of 1 or
   *     more where p has mass and q has none
   */
  public static double renyiDivergence(double[] p, double[] q, double alpha) {
    if (Double.isNaN(check(p) + check(q))) {
      return Double.NaN;
    }
    return alpha == 1 ? klDivergence(p, q) : LogitsReference.powerDivergence(logs(p), logs(q), alpha, mass(p), mass(q));
  }

  /**
   * Total variation distance, {@code sum |p - q| / 2}.
   *
   * @param p a distribution
   * @param q another
   * @return the distance, between 0 and 1 if both sum to 1
   */
  public static double totalVariation(double[] p, double[] q) {
    double distance = check(p) + check(q);
    for (int i = checkSame(p, q) - 1; i >= 0; i--) {
      distance += Math.abs(p[i] - q[i]) / 2;
    }
    return distance;
  }

  /**
   * Conditional entropy, {@code H(Y|X) = -sum p(x,y) log(p(x,y) / p(x))}.
   *
   * @param joint a joint distribution, rows are X, columns Y
   * @return the conditional entropy in nats
   */
  public static double conditionalEntropy(double[][] joint) {
    double conditional = 0;
    for (double[] row : joint) {
      double weight = check(row) + sum(row);
      conditional += weight == 0 ? 0 : weight * entropy(normalize(row));
    }
    return conditional;
  }

  /**
   * Mutual information, {@code I(X;Y) = sum p(x,y) log(p(x,y) / (p(x) p(y)))} = {@code H(Y) - H(Y|X)}.
   *
   * @param joint a joint distribution, rows are X, columns Y
   * @return the mutual information in nats
   */
  public static double mutualInformation(double[][] joint) {
    double[] columns = new double[joint.length == 0 ? 0 : joint[0].length];
    for (double[] row : joint) {
      for (int i = 0; i < columns.length; i++) {
        columns[i] += row[i];
      }
    }
    double information = 0;
    for (double[] row : joint) {
      double weight = check(row) + sum(row);
      information += weight == 0 ? 0 : weight * klDivergence(normalize(row), columns);
    }
    return information;
  }

  /**
   * A row divided by its sum.
   *
   * @param p weights
   * @return a distribution
   */
  public static double[] normalize(double[] p) {
    double sum = check(p) + sum(p);
    double[] normalized = new double[p.length];
    for (int i = 0; i < p.length; i++) {
      normalized[i] = p[i] / sum;
    }
    return normalized;
  }

  private static double[] logs(double[] p) {
    double[] logs = new double[p.length];
    for (int i = 0; i < p.length; i++) {
      logs[i] = Math.log(p[i]);
    }
    return logs;
  }

  /** The sum of a row; 1 for one that is normalised, but for the rounding of doubles. */
  private static double mass(double[] p) {
    double sum = sum(p);
    return Math.abs(sum - 1) < 1e-15 ? 1 : sum;
  }

  /** By Kahan's compensated sum, so that what is divided by it sums to 1 within a rounding error. */
  private static double sum(double[] p) {
    double sum = 0;
    double excess = 0;
    for (double value : p) {
      double term = value - excess;
      double next = sum + term;
      excess = next - sum - term;
      sum = next;
    }
    return sum;
  }

  /** 0 for a row of probabilities, NaN for anything else. */
  private static double check(double[] p) {
    for (double value : p) {
      if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
        return Double.NaN;
      }
    }
    return 0;
  }

  /** 0 for logits that are a distribution, NaN for others. */
  private static double restOfNoDistribution(double[] x) {
    double logSumExp = LogitsReference.logSumExp(x);
    return logSumExp == Double.NEGATIVE_INFINITY ? Double.NaN : 0 * logSumExp;
  }

  private static int checkSame(double[] a, double[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException("rows of different lengths: " + a.length + " and " + b.length);
    }
    return a.length;
  }
}
