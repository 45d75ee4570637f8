package dev.surprisal.cli.scoring;

import java.io.Closeable;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/**
 * How far a second file of logits is from a first: means over the rows, those to be ignored left
 * out. Natural logarithms.
 */
public final class CompareSummary implements RowSink<ComparedRow>, Closeable {
  private final ScoreSummary base = new ScoreSummary();
  private final ScoreSummary other = new ScoreSummary();
  private final Map<Divergence, Mean> divergences = new EnumMap<>(Divergence.class);
  private final Mean nllChange = new Mean();
  private final Mean targetChange = new Mean();
  private final Mean squaredTargetChange = new Mean();
  private final Mean sameTop = new Mean();
  private final Quantiles klQuantiles = new Quantiles();

  /**
   * A summary of no rows yet.
   *
   * @throws IOException if there is no room for its temporary file
   */
  public CompareSummary() throws IOException {
    for (Divergence divergence : Divergence.values()) {
      divergences.put(divergence, new Mean());
    }
  }

  @Override
  public void accept(ComparedRow row) throws IOException {
    base.accept(row.base());
    other.accept(row.other());
    if (row.base().isIgnored()) {
      return;
    }
    divergences.forEach((divergence, mean) -> mean.add(row.divergence(divergence)));
    klQuantiles.add(row.kl());
    sameTop.add(row.isUndefined() ? Double.NaN : row.isSameTop() ? 1 : 0);
    if (row.base().isScored()) {
      nllChange.add(row.other().nll() - row.base().nll());
      targetChange.add(row.targetChange());
      squaredTargetChange.add(row.targetChange() * row.targetChange());
    }
  }

  /** {@return the scores of the first file} */
  public ScoreSummary base() {
    return base;
  }

  /** {@return the scores of the second file} */
  public ScoreSummary other() {
    return other;
  }

  /**
   * The mean of a divergence.
   *
   * @param divergence which one
   * @return its mean
   */
  public Mean mean(Divergence divergence) {
    return divergences.get(divergence);
  }

  /** {@return the change of the target's probability} */
  public Mean targetChange() {
    return targetChange;
  }

  /** {@return the root of the mean squared change of the target's probability} */
  public double rmsTargetChange() {
    return Math.sqrt(squaredTargetChange.value());
  }

  /** {@return its standard error, to first order} */
  public double stderrRmsTargetChange() {
    return squaredTargetChange.standardError() / (2 * rmsTargetChange());
  }

  /** {@return the share of rows in which both find the same entry most likely} */
  public double sameTop() {
    return sameTop.value();
  }

  /** {@return its standard error} */
  public double stderrSameTop() {
    return sameTop.standardError();
  }

  /** {@return perplexity of the second file over that of the first} */
  public double perplexityRatio() {
    return Math.exp(nllChange.value());
  }

  /** {@return its standard error, to first order; the rows are paired, so what both find hard does not count twice} */
  public double stderrPerplexityRatio() {
    return perplexityRatio() * nllChange.standardError();
  }

  /**
   * A quantile of KL(base || other), exact.
   *
   * @param share from 0, the smallest, to 1, the largest
   * @return the quantile, between two rows by linear interpolation
   * @throws IOException if the temporary file cannot be read
   */
  public double klQuantile(double share) throws IOException {
    return klQuantiles.quantile(share);
  }

  @Override
  public void close() throws IOException {
    klQuantiles.close();
  }
}
