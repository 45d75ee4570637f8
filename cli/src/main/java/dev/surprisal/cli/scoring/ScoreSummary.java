package dev.surprisal.cli.scoring;

/** What a file of logits comes to: means over its rows, those to be ignored left out. Natural logarithms. */
public final class ScoreSummary implements RowSink<ScoredRow> {
  private static final double NATS_PER_BIT = Math.log(2);

  private final Mean nll = new Mean();
  private final Mean entropy = new Mean();
  private final Mean hits = new Mean();
  private long rows;
  private long undefined;

  /** A summary of no rows yet. */
  public ScoreSummary() {}

  @Override
  public void accept(ScoredRow row) {
    rows++;
    if (row.isIgnored()) {
      return;
    }
    entropy.add(row.entropy());
    if (row.isUndefined()) {
      undefined++;
    }
    if (row.isScored()) {
      nll.add(row.nll());
      hits.add(row.isUndefined() ? Double.NaN : row.isHit() ? 1 : 0);
    }
  }

  /** {@return how many rows there were} */
  public long rows() {
    return rows;
  }

  /** {@return how many rows are no distribution, because of a NaN, an infinite logit or nothing but minus infinity} */
  public long undefined() {
    return undefined;
  }

  /** {@return how many rows have a target} */
  public long scored() {
    return nll.count();
  }

  /** {@return the mean negative log-likelihood of the targets} */
  public double meanNll() {
    return nll.value();
  }

  /** {@return its standard error} */
  public double stderrNll() {
    return nll.standardError();
  }

  /** {@return e to the mean negative log-likelihood} */
  public double perplexity() {
    return Math.exp(nll.value());
  }

  /** {@return the standard error of the perplexity, to first order} */
  public double stderrPerplexity() {
    return perplexity() * stderrNll();
  }

  /** {@return the mean negative log-likelihood in bits} */
  public double bitsPerToken() {
    return nll.value() / NATS_PER_BIT;
  }

  /** {@return the mean entropy} */
  public double meanEntropy() {
    return entropy.value();
  }

  /** {@return the share of targets that are the most likely entry of their row} */
  public double accuracy() {
    return hits.value();
  }
}
