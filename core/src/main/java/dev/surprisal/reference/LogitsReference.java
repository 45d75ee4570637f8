package dev.surprisal.reference;

/**
 * Statistics of logits by their definitions, over one row, in nats: {@code p = softmax(x)}, {@code q = softmax(y)}.
 *
 * <p>Special values: a logit of negative infinity is a probability of 0. A row with a NaN, with a logit of
 * positive infinity or with nothing but negative infinities is no distribution: every statistic is NaN (the
 * log-sum-exp of nothing but negative infinities is negative infinity). Rows of two arguments have the same
 * length, or an {@link IllegalArgumentException} is thrown. Every method reads its rows a few times and takes time
 * in proportion to their length.
 */
public final class LogitsReference {
  private LogitsReference() {}

  /**
   * Log-sum-exp, {@code log sum e^x[i]} = {@code m + log sum e^(x[i] - m)} with the maximum {@code m}.
   *
   * @param x a row of logits
   * @return the logarithm of the sum, in nats
   */
  public static double logSumExp(double[] x) {
    double max = max(x);
    if (max == Double.NEGATIVE_INFINITY) {
      return max;
    }
    return max == Double.POSITIVE_INFINITY ? Double.NaN : max + Math.log1p(restOverMax(x, max));
  }

  /**
   * Log-softmax, {@code log p[i] = x[i] - logSumExp(x)}.
   *
   * @param x a row of logits
   * @return the logarithms of the probabilities, in nats
   */
  public static double[] logSoftmax(double[] x) {
    double max = max(x);
    double rest = max == Double.NEGATIVE_INFINITY || max == Double.POSITIVE_INFINITY ? Double.NaN : restOverMax(x, max);
    double[] logs = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      logs[i] = x[i] - max - Math.log1p(rest);
    }
    return logs;
  }

  /**
   * Entropy, {@code -sum p log p}, between 0 and {@code log V}.
   *
   * @param x a row of logits
   * @return the entropy in nats
   */
  public static double entropy(double[] x) {
    double entropy = 0;
    for (double log : logSoftmax(x)) {
      entropy -= log == Double.NEGATIVE_INFINITY ? 0 : Math.exp(log) * log;
    }
    return entropy;
  }

  /**
   * Varentropy, the variance of {@code -log p}: {@code sum p (log p + H)^2}.
   *
   * @param x a row of logits
   * @return the varentropy in nats squared
   */
  public static double varentropy(double[] x) {
    double entropy = entropy(x);
    double varentropy = 0;
    for (double log : logSoftmax(x)) {
      varentropy += log == Double.NEGATIVE_INFINITY ? 0 : Math.exp(log) * (log + entropy) * (log + entropy);
    }
    return varentropy;
  }

  /**
   * Cross-entropy of one target (its surprisal, its negative log-likelihood), {@code -log p[target]}.
   *
   * @param x a row of logits
   * @param target an index into the row
   * @return the surprisal in nats, positive infinity for a target whose logit is negative infinity
   */
  public static double crossEntropy(double[] x, int target) {
    return 0 - logSoftmax(x)[target];
  }

  /**
   * Kullback-Leibler divergence, {@code sum p log(p/q)}: what coding samples of p with a code made for q costs above
   * H(p). Summed as {@code p (e^-u - 1 + u)} with {@code u = log(p/q)}, which is the same in total and never negative,
   * plus the mass that q has outside the support of p.
   *
   * @param x logits of the true distribution p
   * @param y logits of the model q
   * @return the divergence in nats, positive infinity where p has mass and q has none
   */
  public static double klDivergence(double[] x, double[] y) {
    return divergence(logSoftmax(x), logSoftmax(y));
  }

  /**
   * Jensen-Shannon divergence, {@code (KL(p||m) + KL(q||m)) / 2} with {@code m = (p + q) / 2},
   * between 0 and {@code log 2}.
   *
   * @param x logits of p
   * @param y logits of q
   * @return the divergence in nats
   */
  public static double jensenShannon(double[] x, double[] y) {
    double[] p = logSoftmax(x);
    double[] q = logSoftmax(y);
    double[] mean = new double[checkSame(p, q)];
    for (int i = 0; i < mean.length; i++) {
      double max = Math.max(p[i], q[i]);
      double min = Math.min(p[i], q[i]);
      mean[i] = max == Double.NEGATIVE_INFINITY ? max : max + Math.log1p(Math.expm1(min - max) / 2);
    }
    return (divergence(p, mean) + divergence(q, mean)) / 2;
  }

  /**
   * Rényi divergence of order alpha, {@code log(sum p^alpha q^(1-alpha)) / (alpha - 1)}; of order 1 the
   * Kullback-Leibler divergence. Where the sum S is near 1, {@code S - 1} is summed as
   * {@code p ((e^bu - 1 - bu) + b (e^-u - 1 + u))} with {@code u = log(p/q)} and {@code b = alpha - 1}, terms of one
   * sign, plus what p and q have where the other has nothing.
   *
   * @param x logits of p
   * @param y logits of q
   * @param alpha the order, positive and finite
   * @return the divergence in nats; positive infinity where p and q have nothing in common, and for an order of 1 or
   *     more where p has mass and q has none
   */
  public static double renyiDivergence(double[] x, double[] y, double alpha) {
    return alpha == 1 ? klDivergence(x, y) : powerDivergence(logSoftmax(x), logSoftmax(y), alpha, 1, 1);
  }

  /**
   * Total variation distance, {@code sum |p - q| / 2}: the largest difference that p and q have in the
   * probability of any event. Summed where p is larger, as {@code q (e^u - 1)} with {@code u = log(p/q)}, and
   * where q is larger; the mean of the two.
   *
   * @param x logits of p
   * @param y logits of q
   * @return the distance, between 0 and 1
   */
  public static double totalVariation(double[] x, double[] y) {
    double[] p = logSoftmax(x);
    double[] q = logSoftmax(y);
    double sum = 0;
    for (int i = checkSame(p, q) - 1; i >= 0; i--) {
      double max = Math.max(p[i], q[i]);
      sum += max == Double.NEGATIVE_INFINITY ? 0 : -Math.exp(max) * Math.expm1(Math.min(p[i], q[i]) - max);
    }
    return sum / 2;
  }

  /**
   * How many entries have a larger logit than the target.
   *
   * @param x a row of logits
   * @param target an index into the row
   * @return 0 if the target is the most likely entry
   */
  public static int rank(double[] x, int target) {
    int rank = 0;
    for (double value : x) {
      rank += value > x[target] ? 1 : 0;
    }
    return rank;
  }

  /**
   * The most likely entry, the lowest index on ties.
   *
   * @param x a row of logits without NaN
   * @return its index
   */
  public static int argmax(double[] x) {
    int argmax = 0;
    for (int i = 1; i < x.length; i++) {
      argmax = x[i] > x[argmax] ? i : argmax;
    }
    return argmax;
  }

  /**
   * The floats of a row as doubles, for the methods of this class.
   *
   * @param x a row of logits
   * @return the same values
   */
  public static double[] toDoubles(float[] x) {
    double[] doubles = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      doubles[i] = x[i];
    }
    return doubles;
  }

  /** {@code sum p log(p/q)} of log-probabilities. */
  private static double divergence(double[] logP, double[] logQ) {
    double divergence = 0;
    for (int i = checkSame(logP, logQ) - 1; i >= 0; i--) {
      double q = Math.exp(logQ[i]);
      divergence += logP[i] == Double.NEGATIVE_INFINITY ? q : term(Math.exp(logP[i]), q, logP[i] - logQ[i]);
    }
    return divergence;
  }

  /** {@code p (e^-u - 1 + u)} with {@code u = log(p/q)}, 0 or more. */
  static double term(double p, double q, double u) {
    return Math.abs(u) < 1e-3 ? p * u * u * (1 - u / 3 * (1 - u / 4 * (1 - u / 5))) / 2
        : u == Double.POSITIVE_INFINITY ? u : q - p + p * u;
  }

  /** {@code log(sum p^alpha q^(1-alpha)) / (alpha - 1)} of logarithms, whose distributions have these masses. */
  static double powerDivergence(double[] logP, double[] logQ, double alpha, double pMass, double qMass) {
    double b = alpha - 1;
    double[] exponents = new double[checkSame(logP, logQ)];
    double terms = 0;
    double pOutside = 0;
    double qOutside = 0;
    for (int i = 0; i < exponents.length; i++) {
      double p = Math.exp(logP[i]);
      double q = Math.exp(logQ[i]);
      double u = logP[i] - logQ[i];
      boolean none = logP[i] == Double.NEGATIVE_INFINITY || logQ[i] == Double.NEGATIVE_INFINITY;
      exponents[i] = none ? Double.NEGATIVE_INFINITY : logP[i] + b * u;
      pOutside += none ? p : 0;
      qOutside += none ? q : 0;
      terms += none ? 0
          : Math.abs(u) < 1 && Math.abs(b * u) < 1 ? p * (aboveTangent(b * u) + b * aboveTangent(-u))
          : (Math.abs(b * u) < 1 ? p * Math.expm1(b * u) : Math.exp(exponents[i]) - p) + b * (q - p);
      if (logQ[i] == Double.NEGATIVE_INFINITY && logP[i] > logQ[i] && alpha > 1) {
        return logSumExp(logP) + logSumExp(logQ) < Double.POSITIVE_INFINITY ? Double.POSITIVE_INFINITY : Double.NaN;
      }
    }
    double logSum = logSumExp(exponents);
    if (logSum == Double.NEGATIVE_INFINITY) {
      return Double.POSITIVE_INFINITY;
    }
    double excess = terms + alpha * (pMass - 1 - pOutside) - b * (qMass - 1 - qOutside);
    double divergence = (Math.abs(logSum) < 0.5 ? Math.log1p(excess) : logSum) / b;
    return pMass == 1 && qMass == 1 ? Math.max(divergence, 0) : divergence;
  }

  /** {@code e^u - 1 - u}. */
  private static double aboveTangent(double u) {
    return Math.abs(u) < 1e-3 ? u * u / 2 * (1 + u / 3 * (1 + u / 4 * (1 + u / 5))) : Math.expm1(u) - u;
  }

  private static double max(double[] x) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : x) {
      max = Math.max(max, value);
    }
    return max;
  }

  /** {@code sum e^(x[i] - max)} over all entries but one that is the maximum. */
  private static double restOverMax(double[] x, double max) {
    double rest = 0;
    boolean skipped = false;
    for (double value : x) {
      boolean skip = !skipped && value == max;
      skipped |= skip;
      rest += skip ? 0 : Math.exp(value - max);
    }
    return rest;
  }

  private static int checkSame(double[] a, double[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException("rows of different lengths: " + a.length + " and " + b.length);
    }
    return a.length;
  }
}
