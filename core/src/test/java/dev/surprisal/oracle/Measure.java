package dev.surprisal.oracle;

import java.util.Arrays;

/**
 * One row as the oracle sees it: every p and its logarithm, about 30 digits each, so that every statistic is its
 * definition, term by term. Knows nothing of the library: neither its reference nor its kernels.
 *
 * <p>Relative error about 1e-28 where all terms have one sign, near-deterministic rows included; of divergences about
 * 1e-30 absolute, which is 1e-24 of a divergence of 1e-6.
 */
public final class Measure {
  private static final DoubleDouble MINUS_INFINITY = new DoubleDouble(Double.NEGATIVE_INFINITY, 0);
  private static final DoubleDouble INFINITY = new DoubleDouble(Double.POSITIVE_INFINITY, 0);
  private static final DoubleDouble NAN = new DoubleDouble(Double.NaN, 0);

  private final DoubleDouble[] p;
  private final DoubleDouble[] logP;

  /** How many entries of the row each of these is. */
  private final int[] counts;

  /** The logarithm of the sum over the maximum, and the maximum. */
  private final DoubleDouble logRatio;
  private final double max;

  /** No distribution. */
  private Measure(DoubleDouble logRatio) {
    this(null, null, null, logRatio, 0);
  }

  private Measure(DoubleDouble[] p, DoubleDouble[] logP, int[] counts, DoubleDouble logRatio, double max) {
    this.p = p;
    this.logP = logP;
    this.counts = counts;
    this.logRatio = logRatio;
    this.max = max;
  }

  private static int[] ones(int length) {
    int[] ones = new int[length];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** The softmax of a row of logits. */
  public static Measure ofLogits(float[] x) {
    return ofLogits(x, ones(x.length));
  }

  /** The softmax of a row that has each of these logits so many times, 0 times included. */
  public static Measure ofLogits(float[] x, int[] counts) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < x.length; i++) {
      max = counts[i] == 0 ? max : Math.max(max, x[i]);
    }
    if (max == Double.NEGATIVE_INFINITY || !(max < Double.POSITIVE_INFINITY)) {
      return new Measure(max == Double.NEGATIVE_INFINITY ? MINUS_INFINITY : NAN);
    }
    DoubleDouble[] logs = new DoubleDouble[x.length];
    for (int i = 0; i < x.length; i++) {
      logs[i] = x[i] == Double.NEGATIVE_INFINITY || counts[i] == 0 ? MINUS_INFINITY : DoubleDouble.sum(x[i], -max);
    }
    return ofLogsUnderMaximum(logs, counts, max);
  }

  /** A row of weights, divided by their sum. */
  public static Measure ofWeights(float[] weights) {
    return ofWeights(weights, ones(weights.length));
  }

  /** A row that has each of these weights so many times, divided by their sum. */
  public static Measure ofWeights(float[] weights, int[] counts) {
    float max = 0;
    for (int i = 0; i < weights.length; i++) {
      if (!(weights[i] >= 0 && weights[i] < Float.POSITIVE_INFINITY)) {
        return new Measure(NAN);
      }
      max = counts[i] == 0 ? max : Math.max(max, weights[i]);
    }
    if (max == 0) {
      return new Measure(NAN);
    }
    DoubleDouble[] logs = new DoubleDouble[weights.length];
    for (int i = 0; i < weights.length; i++) {
      logs[i] = weights[i] == 0 || counts[i] == 0 ? MINUS_INFINITY
          : DoubleDouble.of(weights[i]).over(DoubleDouble.of(max)).log();
    }
    return ofLogsUnderMaximum(logs, counts, 0);
  }

  /** A row of probabilities as it is, whatever its sum. */
  public static Measure ofProbabilities(float[] probabilities) {
    return ofProbabilities(probabilities, ones(probabilities.length));
  }

  /** A row that has each of these probabilities so many times, whatever its sum. */
  public static Measure ofProbabilities(float[] probabilities, int[] counts) {
    DoubleDouble[] p = new DoubleDouble[probabilities.length];
    DoubleDouble[] logs = new DoubleDouble[p.length];
    for (int i = 0; i < p.length; i++) {
      if (!(probabilities[i] >= 0 && probabilities[i] < Float.POSITIVE_INFINITY)) {
        return new Measure(NAN);
      }
      p[i] = counts[i] == 0 ? DoubleDouble.ZERO : DoubleDouble.of(probabilities[i]);
      logs[i] = p[i].hi() == 0 ? MINUS_INFINITY : p[i].log();
    }
    return new Measure(p, logs, counts, NAN, 0);
  }

  /**
   * From logarithms of which the largest is 0: p = e^log / (1 + R), with the rest R = sum e^log
   * over all but one maximum.
   */
  private static Measure ofLogsUnderMaximum(DoubleDouble[] logs, int[] counts, double max) {
    DoubleDouble[] p = new DoubleDouble[logs.length];
    DoubleDouble rest = DoubleDouble.ZERO;
    boolean skipped = false;
    for (int i = 0; i < logs.length; i++) {
      p[i] = logs[i].hi() == Double.NEGATIVE_INFINITY ? DoubleDouble.ZERO : logs[i].exp();
      boolean skip = !skipped && logs[i].hi() == 0;
      skipped |= skip;
      rest = rest.plus(p[i].times(skip ? counts[i] - 1 : counts[i]));
    }
    DoubleDouble share = DoubleDouble.ONE.over(rest.plus(1));
    DoubleDouble logRatio = rest.log1p();
    DoubleDouble[] logP = new DoubleDouble[logs.length];
    for (int i = 0; i < logs.length; i++) {
      p[i] = p[i].times(share);
      logP[i] = logs[i].hi() == Double.NEGATIVE_INFINITY ? MINUS_INFINITY : logs[i].minus(logRatio);
    }
    return new Measure(p, logP, counts, logRatio, max);
  }

  public boolean isDistribution() {
    return p != null;
  }

  /** {@code log sum e^x}, of logits. */
  public DoubleDouble logSumExp() {
    return p == null ? logRatio : logRatio.plus(max);
  }

  /** {@code log sum e^(x - max)}, of logits. */
  public DoubleDouble logSumOverMaximum() {
    return logRatio;
  }

  /** {@code sum p}: 1, or what the probabilities as given sum to. */
  public DoubleDouble mass() {
    DoubleDouble sum = p == null ? NAN : DoubleDouble.ZERO;
    for (int i = 0; p != null && i < p.length; i++) {
      sum = sum.plus(p[i].times(counts[i]));
    }
    return sum;
  }

  /** How many entries the row has. */
  public int length() {
    return Arrays.stream(counts).sum();
  }

  public DoubleDouble logP(int i) {
    return p == null ? NAN : logP[i];
  }

  /** {@code -sum p log p}. */
  public DoubleDouble entropy() {
    return crossEntropy(this);
  }

  /** {@code sum p (log p + H)^2}. */
  public DoubleDouble varentropy() {
    DoubleDouble entropy = entropy();
    DoubleDouble sum = p == null ? NAN : DoubleDouble.ZERO;
    for (int i = 0; p != null && i < p.length; i++) {
      if (p[i].hi() > 0) {
        DoubleDouble deviation = logP[i].plus(entropy);
        sum = sum.plus(deviation.times(deviation).times(p[i]).times(counts[i]));
      }
    }
    return sum;
  }

  /** {@code -log p[target]}. */
  public DoubleDouble crossEntropy(int target) {
    return logP(target).negated();
  }

  /** {@code -sum p log q}. */
  public DoubleDouble crossEntropy(Measure q) {
    if (p == null || q.p == null) {
      return NAN;
    }
    DoubleDouble sum = DoubleDouble.ZERO;
    for (int i = 0; i < p.length; i++) {
      if (isOutsideSupport(i, q)) {
        return INFINITY;
      }
      sum = p[i].hi() > 0 ? sum.minus(p[i].times(q.logP[i]).times(counts[i])) : sum;
    }
    return sum;
  }

  /** {@code sum |p log q|}: more than the cross-entropy where probabilities as given are above 1. */
  public double absoluteCrossEntropy(Measure q) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += p[i].hi() > 0 ? Math.abs(p[i].hi() * q.logP[i].hi()) * counts[i] : 0;
    }
    return sum;
  }

  /** {@code sum p log(p/q)}. */
  public DoubleDouble klDivergence(Measure q) {
    if (p == null || q.p == null) {
      return NAN;
    }
    DoubleDouble sum = DoubleDouble.ZERO;
    for (int i = 0; i < p.length; i++) {
      if (isOutsideSupport(i, q)) {
        return INFINITY;
      }
      sum = p[i].hi() > 0 ? sum.plus(p[i].times(logP[i].minus(q.logP[i])).times(counts[i])) : sum;
    }
    return sum;
  }

  /** Whether entry i has mass here and none in q. A finite logit is mass, however little. */
  private boolean isOutsideSupport(int i, Measure q) {
    return logP[i].hi() > Double.NEGATIVE_INFINITY && q.logP[i].hi() == Double.NEGATIVE_INFINITY;
  }

  /** {@code (KL(p||m) + KL(q||m)) / 2} with {@code m = (p + q) / 2}. */
  public DoubleDouble jensenShannon(Measure q) {
    if (p == null || q.p == null) {
      return NAN;
    }
    DoubleDouble sum = DoubleDouble.ZERO;
    for (int i = 0; i < p.length; i++) {
      boolean pIsLarger = logP[i].minus(q.logP[i]).hi() >= 0 || q.logP[i].hi() == Double.NEGATIVE_INFINITY;
      DoubleDouble term = pIsLarger ? toMean(p[i], logP[i], q.p[i], q.logP[i])
          : toMean(q.p[i], q.logP[i], p[i], logP[i]);
      sum = sum.plus(term.times(counts[i]));
    }
    return sum.times(0.5);
  }

  /** {@code a log(a/m) + b log(b/m)} with {@code m = (a + b) / 2}, a the larger. */
  private static DoubleDouble toMean(DoubleDouble a, DoubleDouble logA, DoubleDouble b, DoubleDouble logB) {
    if (a.hi() == 0) {
      return DoubleDouble.ZERO;
    }
    boolean single = b.hi() == 0;
    DoubleDouble logRatio = single ? DoubleDouble.ZERO : logB.minus(logA);
    DoubleDouble half = single ? DoubleDouble.of(-0.5) : logRatio.expm1().times(0.5);
    return b.times(logRatio).minus(a.plus(b).times(half.log1p()));
  }

  /**
   * {@code log(sum p^a q^(1-a)) / (a - 1)} of an order a, and of order 1 the KL divergence. The sum is over the entries
   * that both have, each as {@code e^(log p + (a-1) log(p/q) - m)} with the largest exponent m.
   */
  public DoubleDouble renyiDivergence(Measure q, double order) {
    if (order == 1 || p == null || q.p == null) {
      return klDivergence(q);
    }
    DoubleDouble b = DoubleDouble.sum(order, -1);
    DoubleDouble[] exponents = new DoubleDouble[p.length];
    DoubleDouble max = MINUS_INFINITY;
    for (int i = 0; i < p.length; i++) {
      if (order > 1 && isOutsideSupport(i, q)) {
        return INFINITY;
      }
      boolean common = logP[i].hi() > Double.NEGATIVE_INFINITY && q.logP[i].hi() > Double.NEGATIVE_INFINITY;
      exponents[i] = common ? logP[i].plus(logP[i].minus(q.logP[i]).times(b)) : MINUS_INFINITY;
      max = exponents[i].hi() > max.hi() ? exponents[i] : max;
    }
    if (max.hi() == Double.NEGATIVE_INFINITY) {
      return INFINITY;
    }
    DoubleDouble sum = DoubleDouble.ZERO;
    for (int i = 0; i < p.length; i++) {
      boolean counted = exponents[i].hi() > Double.NEGATIVE_INFINITY;
      sum = counted ? sum.plus(exponents[i].minus(max).exp().times(counts[i])) : sum;
    }
    return sum.log().plus(max).over(b);
  }

  /** {@code sum |p - q| / 2}. */
  public DoubleDouble totalVariation(Measure q) {
    if (p == null || q.p == null) {
      return NAN;
    }
    DoubleDouble sum = DoubleDouble.ZERO;
    for (int i = 0; i < p.length; i++) {
      DoubleDouble difference = p[i].minus(q.p[i]);
      sum = sum.plus((difference.hi() < 0 ? difference.negated() : difference).times(counts[i]));
    }
    return sum.times(0.5);
  }

  /** {@code -sum p(x,y) log(p(x,y) / p(x))} of a joint distribution as it is. */
  public static DoubleDouble conditionalEntropy(float[][] joint, boolean normalized) {
    return joint(joint, normalized, false).negated();
  }

  /** {@code sum p(x,y) log(p(x,y) / (p(x) p(y)))} of a joint distribution as it is. */
  public static DoubleDouble mutualInformation(float[][] joint, boolean normalized) {
    return joint(joint, normalized, true);
  }

  /** {@code sum p(x,y) log(p(x,y) / p(x))}, with the marginal of Y also under the fraction if it is asked for. */
  private static DoubleDouble joint(float[][] joint, boolean normalized, boolean underY) {
    DoubleDouble[] y = new DoubleDouble[joint[0].length];
    Arrays.fill(y, DoubleDouble.ZERO);
    DoubleDouble total = DoubleDouble.ZERO;
    for (float[] row : joint) {
      for (int i = 0; i < row.length; i++) {
        if (!(row[i] >= 0 && row[i] < Float.POSITIVE_INFINITY)) {
          return NAN;
        }
        y[i] = y[i].plus(row[i]);
        total = total.plus(row[i]);
      }
    }
    if (normalized && total.hi() == 0) {
      return NAN;
    }
    DoubleDouble scale = normalized ? DoubleDouble.ONE.over(total) : DoubleDouble.ONE;
    DoubleDouble sum = DoubleDouble.ZERO;
    for (float[] row : joint) {
      DoubleDouble x = DoubleDouble.ZERO;
      for (float value : row) {
        x = x.plus(value);
      }
      for (int i = 0; i < row.length; i++) {
        if (row[i] > 0) {
          DoubleDouble under = underY ? x.times(scale).times(y[i]) : x;
          sum = sum.plus(DoubleDouble.of(row[i]).over(under).log().times(scale).times(row[i]));
        }
      }
    }
    return sum;
  }
}
