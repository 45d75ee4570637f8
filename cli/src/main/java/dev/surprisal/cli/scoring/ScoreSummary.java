package dev.surprisal.cli.scoring;

import dev.surprisal.Scorer;
import dev.surprisal.Scores;

/** What a file of logits comes to: means over its rows. Natural logarithms. */
public final class ScoreSummary implements FileScorer.Sink {
  private static final double NATS_PER_BIT = Math.log(2);

  private final Mean nll = new Mean();
  private final Mean entropy = new Mean();
  private final Mean hits = new Mean();

  /** A summary of no rows yet. */
  public ScoreSummary() {}

  @Override
  public void accept(long firstRow, int[] targets, Scores scores) {
    for (int i = 0; i < targets.length; i++) {
      entropy.add(scores.entropy()[i]);
      if (targets[i] != Scorer.IGNORE) {
        nll.add(-scores.targetLogProbability()[i]);
        hits.add(scores.targetRank()[i] == 0 ? 1 : 0);
      }
    }
  }

  /** {@return how many rows there were} */
  public long rows() {
    return entropy.count();
  }

  /** {@return how many of them had a target} */
  public long scored() {
    return nll.count();
  }

  /** {@return the mean negative log-likelihood of the targets, in nats} */
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

  /** {@return the mean negative log-likelihood in bits} */
  public double bitsPerToken() {
    return nll.value() / NATS_PER_BIT;
  }

  /** {@return the mean entropy of all rows, in nats} */
  public double meanEntropy() {
    return entropy.value();
  }

  /** {@return the share of targets that were the most likely entry of their row} */
  public double accuracy() {
    return hits.value();
  }
}
