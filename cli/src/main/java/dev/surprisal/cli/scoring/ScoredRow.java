package dev.surprisal.cli.scoring;

import dev.surprisal.Scorer;
import dev.surprisal.Scores;

/**
 * A row of a file with its scores. Natural logarithms.
 *
 * @param row its index in the file
 * @param target its target, {@link Scorer#IGNORE} if it is to be left out, {@link #NO_TARGET} if the file has none
 * @param nll negative log-likelihood of the target, NaN without one
 * @param rank how many entries are more likely than the target, -1 without one
 * @param logSumExp logarithm of the sum of the exponentials
 * @param entropy entropy of the distribution
 * @param varentropy variance of the surprisal
 * @param argmax index of the most likely entry
 * @param maxLogit its logit
 */
public record ScoredRow(long row, int target, double nll, int rank, double logSumExp, double entropy, double varentropy, int argmax,
    float maxLogit) {
  /** In place of a target where there are none at all. */
  public static final int NO_TARGET = -1;

  /** The scores of one row of a block. */
  static ScoredRow of(long row, int target, Scores scores, int i) {
    boolean scored = target >= 0;
    return new ScoredRow(row, target, scored ? -scores.targetLogProbability()[i] : Double.NaN,
        scored ? scores.targetRank()[i] : -1, scores.logSumExp()[i], scores.entropy()[i], scores.varentropy()[i],
        scores.argmax()[i], scores.maxLogit()[i]);
  }

  /** {@return whether it has a target} */
  public boolean isScored() {
    return target >= 0;
  }

  /** {@return whether it is to be left out of every mean} */
  public boolean isIgnored() {
    return target == Scorer.IGNORE;
  }

  /** {@return whether it is no distribution, because of a NaN, an infinite logit or nothing but minus infinity} */
  public boolean isUndefined() {
    return Double.isNaN(entropy);
  }

  /** {@return the probability of the most likely entry} */
  public double confidence() {
    return Math.exp(maxLogit - logSumExp);
  }

  /** {@return whether the target is the most likely entry} */
  public boolean isHit() {
    return rank == 0;
  }
}
