package dev.surprisal.cli.scoring;

/**
 * A row of two files with what tells them apart. Natural logarithms.
 *
 * @param base the scores of the row in the first file
 * @param other the scores of the row in the second
 * @param kl KL(base || other)
 * @param reverseKl KL(other || base)
 * @param jensenShannon the Jensen-Shannon divergence
 */
public record ComparedRow(ScoredRow base, ScoredRow other, double kl, double reverseKl, double jensenShannon) {
  /** {@return its index in the files} */
  public long row() {
    return base.row();
  }

  /** {@return whether it is no distribution in one of the files or in both} */
  public boolean isUndefined() {
    return base.isUndefined() || other.isUndefined();
  }

  /** {@return whether both find the same entry most likely} */
  public boolean isSameTop() {
    return base.argmax() == other.argmax();
  }

  /** {@return the probability of the target in the second file less that in the first} */
  public double targetChange() {
    return Math.exp(-other.nll()) - Math.exp(-base.nll());
  }
}
