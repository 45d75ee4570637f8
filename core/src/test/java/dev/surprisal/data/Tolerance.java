package dev.surprisal.data;

import dev.surprisal.data.Figure.Column;
import dev.surprisal.kernel.Statistic;
import dev.surprisal.kernel.storage.Operand;
import dev.surprisal.oracle.Measure;

/**
 * How far a result may be from the truth: the one place that says it.
 *
 * <table>
 * <caption>Error allowed</caption>
 * <tr><td>log-sum-exp, surprisal, entropy of probabilities, Rényi divergence</td>
 *     <td>{@link #RELATIVE} of its value</td></tr>
 * <tr><td>entropy of logits, varentropy, KL and Jensen-Shannon divergence, total variation,
 *     cross-entropy of probabilities</td>
 *     <td>{@link #RELATIVE_OF_TWO_SUMS} of its value</td></tr>
 * <tr><td>entropies and surprisals, below {@link #SMALLEST}</td><td>what is allowed there</td></tr>
 * <tr><td>divergences</td><td>never less than {@link #OF_DIVERGENCE}</td></tr>
 * <tr><td>total variation</td><td>never less than {@link #OF_VARIATION}</td></tr>
 * <tr><td>results that are sums of terms that cancel</td><td>relative to {@link #cancelled}</td></tr>
 * <tr><td>log-softmax</td> <td>{@link #LOG_SOFTMAX_ROUNDINGS} roundings to float, 2^-24 of the result each, and
 *     {@link #RELATIVE} of log sum e^(x-max)</td></tr>
 * </table>
 */
public final class Tolerance {
  static final double RELATIVE = 1e-6;

  /** The errors of two sums, or of two masses and the terms. */
  static final double RELATIVE_OF_TWO_SUMS = 2e-6;

  /** Entropies and surprisals below it are right to {@code SMALLEST * RELATIVE}. */
  static final double SMALLEST = 1e-12;

  static final double OF_DIVERGENCE = 1e-12;

  /** Total variations are about the roots of divergences. */
  static final double OF_VARIATION = 1e-10;

  /** Each of three operations on terms of one sign is rounded; of them only those of large terms count. */
  static final double LOG_SOFTMAX_ROUNDINGS = 2;

  /** A little more than half an ulp of 1, for those of second order. */
  private static final double ROUNDING = 1.00001 * 0x1p-24;

  private Tolerance() {}

  /** The relative error that most results may have. */
  public static double relative() {
    return RELATIVE;
  }

  private static double relative(Figure figure) {
    return hasTwoSums(figure) ? RELATIVE_OF_TWO_SUMS : RELATIVE;
  }

  private static boolean hasTwoSums(Figure figure) {
    return switch (figure.statistic()) {
      case KL_DIVERGENCE, JENSEN_SHANNON, TOTAL_VARIATION -> true;
      case CROSS_ENTROPY -> figure.isOfTwo();
      case ENTROPY -> figure.first() == Operand.LOGITS;
      case SCORE -> figure.column() == Column.VARENTROPY || figure.column() == Column.ENTROPY;
      case LOG_SUM_EXP, RENYI_DIVERGENCE, LOG_SOFTMAX, ROW_SUM, COLUMN_SUMS -> false;
    };
  }

  private static double floor(Figure figure) {
    return switch (figure.statistic()) {
      case KL_DIVERGENCE, JENSEN_SHANNON, RENYI_DIVERGENCE -> OF_DIVERGENCE;
      case TOTAL_VARIATION -> OF_VARIATION;
      case LOG_SUM_EXP, ENTROPY, CROSS_ENTROPY, SCORE, LOG_SOFTMAX, ROW_SUM, COLUMN_SUMS -> RELATIVE * SMALLEST;
    };
  }

  /**
   * The error that is promised.
   *
   * @param cancelled of {@link #cancelled}
   */
  public static double promised(Figure figure, double expected, double cancelled) {
    return Math.max(relative(figure) * Math.max(Math.abs(expected), cancelled), floor(figure));
  }

  /** The error of a result as a share of what is promised; infinite where a special value is another. */
  public static double share(Figure figure, double expected, double actual, double cancelled) {
    return share(expected, actual, promised(figure, expected, cancelled));
  }

  private static double share(double expected, double actual, double promised) {
    if (Double.isFinite(expected) && Double.isFinite(actual)) {
      return Math.abs(actual - expected) / promised;
    }
    return Double.compare(expected, actual) == 0 ? 0 : Double.POSITIVE_INFINITY;
  }

  /** Whether a result is as good as promised. */
  public static boolean allows(Figure figure, double expected, double actual, double cancelled) {
    return share(figure, expected, actual, cancelled) <= 1;
  }

  /**
   * Where a result is the sum of terms that cancel, the size of these: a log-sum-exp is the maximum plus
   * {@code log1p(R)}; a KL divergence of probabilities as given is a sum of terms of one sign plus the difference of
   * the two masses; cross-entropy of probabilities above 1 has terms of both signs. A Rényi divergence of order a of
   * probabilities as given is {@code (T + a (s - 1)) / (a - 1) - (t - 1)} with terms T of one sign and the masses s, t;
   * what these, sums of doubles, are rounded by is divided by {@code |a - 1|}.
   */
  static double cancelled(Figure figure, Measure p, Measure q, double expected) {
    if (!p.isDistribution() || q != null && !q.isDistribution()) {
      return 0;
    }
    return switch (figure.statistic()) {
      case LOG_SUM_EXP -> p.logSumOverMaximum().hi();
      case SCORE -> figure.column() == Column.LOG_SUM_EXP ? p.logSumOverMaximum().hi() : 0;
      case ENTROPY -> isGiven(figure) ? p.absoluteCrossEntropy(p) : 0;
      case CROSS_ENTROPY -> isGiven(figure) ? p.absoluteCrossEntropy(q) : 0;
      case KL_DIVERGENCE -> isGiven(figure) ? cancelledByMasses(figure, p, q, expected) : 0;
      case RENYI_DIVERGENCE -> !isGiven(figure) ? 0
          : figure.order() == 1 ? cancelledByMasses(figure, p, q, expected)
          : Math.max(cancelledByMasses(figure, p, q, expected),
              (p.length() / 16.0 + 20) * 0x1p-53 / Math.abs(figure.order() - 1) / RELATIVE);
      case JENSEN_SHANNON, TOTAL_VARIATION, LOG_SOFTMAX, ROW_SUM, COLUMN_SUMS -> 0;
    };
  }

  private static double cancelledByMasses(Figure figure, Measure p, Measure q, double expected) {
    double excess = figure.statistic() == Statistic.KL_DIVERGENCE || figure.order() == 1
        ? Math.abs(p.mass().minus(q.mass()).hi())
        : Math.abs((p.mass().hi() - 1) * figure.order() / (figure.order() - 1)) + Math.abs(q.mass().hi() - 1);
    return Math.abs(expected) + excess;
  }

  private static boolean isGiven(Figure figure) {
    return figure.first() == Operand.PROBABILITIES || figure.second() == Operand.PROBABILITIES;
  }

  /** The error of an entry of a log-softmax as a share of what is promised. */
  public static double shareOfLogSoftmax(Measure p, int entry, float actual) {
    double expected = p.logP(entry).hi();
    if (Float.isInfinite((float) expected)) {
      return actual == (float) expected ? 0 : Double.POSITIVE_INFINITY;
    }
    double ofLogSum = relative() * p.logSumOverMaximum().hi();
    double rounded = LOG_SOFTMAX_ROUNDINGS * ROUNDING * Math.abs(expected);
    return share(expected, actual, Math.max(ofLogSum + rounded, RELATIVE * SMALLEST));
  }
}
