package dev.surprisal.kernel.row;

import dev.surprisal.kernel.scalar.DoubleMath;

/**
 * What is known of one row of logits, or of a part of it: enough for its log-sum-exp, entropy, varentropy,
 * maximum and the rank of an entry.
 *
 * <p>With a base point {@code m} near the maximum and {@code S = sum e^(x - m)},
 *
 * <pre>
 *   log-sum-exp = m + log S                              kept as two numbers, for their sum may lose the second
 *   surprisal of entry t = (m - x[t]) + log S
 *   entropy = log S + D                                  D = sum e^(x - m) (m - x) / S, the mean distance below m
 *   varentropy = sum e^(x - m) (m - x)^2 / S - D^2
 * </pre>
 *
 * <p>A row that is no distribution has a base of NaN; its {@code log S} and maximum are NaN, or -inf if all its
 * entries are. Reused from row to row.
 */
public final class Moments {
  double base = Double.NaN;
  double logSum = Double.NEGATIVE_INFINITY;
  double meanDistance = Double.NaN;
  double variance = Double.NaN;
  float max = Float.NEGATIVE_INFINITY;
  int argmax = -1;
  long above;
  float target = Float.NaN;

  /** Becomes those of a row that is no distribution: its largest entry is NaN, or -inf. */
  void setNoDistribution(float largest) {
    base = Double.NaN;
    logSum = largest;
    meanDistance = Double.NaN;
    variance = Double.NaN;
    max = largest;
    argmax = -1;
  }

  /** Becomes those about a base point, with {@code log S}, the mean distance below it, and the variance. */
  void set(float point, double logOfSum, double distance, double squares) {
    base = point;
    logSum = logOfSum;
    meanDistance = distance;
    variance = squares;
  }

  /** Takes over {@code log S} about the base point as it was known before; the entropy stays. */
  void keepLogSum(double logOfSum) {
    meanDistance += logSum - logOfSum;
    logSum = logOfSum;
  }

  /** Moves the base point. */
  void moveBase(float to) {
    double shift = to - base;
    base = to;
    logSum -= shift;
    meanDistance += shift;
  }

  /**
   * Adds another part of the same row, for which the same target was given. With m the larger
   * base, and distances taken from it,
   *
   * <pre>
   *   log S = log1p(expm1(log S1) + w2)        w2 = e^(m2 - m + log S2)
   *   D     = (S1 D1 + w2 D2) / S
   *   V     = (S1 V1 + w2 V2) / S + S1 w2 (D1 - D2)^2 / S^2
   * </pre>
   *
   * <p>the variance after Chan, Golub and LeVeque (1983). A part with nothing but -inf adds
   * nothing; one with a NaN makes all NaN.
   *
   * @param other the other part
   * @param offset what is added to its index of the maximum to make it one of this row
   */
  public void merge(Moments other, int offset) {
    above += other.above;
    if (other.isEmpty() || isUndefined()) {
      return;
    }
    if (isEmpty() || other.isUndefined()) {
      long sum = above;
      set(other);
      above = sum;
      argmax = other.argmax < 0 ? -1 : other.argmax + offset;
      return;
    }
    int otherArgmax = other.argmax + offset;
    if (other.max > max || other.max == max && otherArgmax < argmax) {
      max = other.max;
      argmax = otherArgmax;
    }
    double upper = Math.max(base, other.base);
    boolean first = base >= other.base;
    double larger = first ? logSum : other.logSum;
    // The bases first: their difference is exact where the sum of a base and a logarithm is not.
    double weight = first
        ? DoubleMath.exp((other.base - upper) + other.logSum)
        : DoubleMath.exp((base - upper) + logSum);
    double rest = StrictMath.expm1(larger) + weight;
    double sum = 1 + rest;
    double mine = (first ? sum - weight : weight) / sum;
    double others = (first ? weight : sum - weight) / sum;
    double distance = meanDistance + (upper - base);
    double otherDistance = other.meanDistance + (upper - other.base);
    double apart = distance - otherDistance;
    base = upper;
    logSum = DoubleMath.log1p(rest);
    meanDistance = mine * distance + others * otherDistance;
    variance = mine * variance + others * other.variance + mine * others * apart * apart;
  }

  private void set(Moments other) {
    base = other.base;
    logSum = other.logSum;
    meanDistance = other.meanDistance;
    variance = other.variance;
    max = other.max;
    argmax = other.argmax;
  }

  private boolean isEmpty() {
    return logSum == Double.NEGATIVE_INFINITY;
  }

  private boolean isUndefined() {
    return Double.isNaN(logSum);
  }

  /** Whether the row is a distribution. */
  public boolean isDistribution() {
    return !Double.isNaN(base);
  }

  /** The base point m, NaN for a row that is no distribution. */
  public double base() {
    return base;
  }

  /** {@code log S}. */
  public double logSum() {
    return logSum;
  }

  /** {@code log sum e^x}. */
  public double logSumExp() {
    return isDistribution() ? base + logSum : logSum;
  }

  /** {@code -sum p log p}. */
  public double entropy() {
    return logSum + meanDistance;
  }

  /** {@code sum p (log p + H)^2}. */
  public double varentropy() {
    return variance;
  }

  /** {@code -log p} of the target. */
  public double surprisal() {
    return base - target + logSum;
  }

  /** The largest logit, where it was asked for; NaN or -inf for a row that is no distribution. */
  public float max() {
    return max;
  }

  /** Its lowest index, where it was asked for; -1 for a row that is no distribution. */
  public int argmax() {
    return argmax;
  }

  /** How many entries are above the target, where it was asked for. */
  public long above() {
    return above;
  }
}
