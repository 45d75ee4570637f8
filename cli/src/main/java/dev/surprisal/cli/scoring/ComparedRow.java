package dev.surprisal.cli.scoring;

import java.util.function.ToDoubleFunction;

/** A row of two files with what tells them apart. */
public final class ComparedRow {
  private static final Divergence[] DIVERGENCES = Divergence.values();

  private final ScoredRow base;
  private final ScoredRow other;
  /** In the order of {@link Divergence}. */
  private final double[] divergences = new double[DIVERGENCES.length];

  /** A row, by its figures in either file and those of both. */
  ComparedRow(ScoredRow base, ScoredRow other, ToDoubleFunction<Divergence> source) {
    this.base = base;
    this.other = other;
    for (Divergence divergence : DIVERGENCES) {
      divergences[divergence.ordinal()] = source.applyAsDouble(divergence);
    }
  }

  /** {@return the figures of the row in the first file} */
  public ScoredRow base() {
    return base;
  }

  /** {@return the figures of the row in the second file} */
  public ScoredRow other() {
    return other;
  }

  /**
   * How far one is from the other.
   *
   * @param divergence by which measure
   * @return the divergence
   */
  public double divergence(Divergence divergence) {
    return divergences[divergence.ordinal()];
  }

  /** {@return KL(base || other)} */
  public double kl() {
    return divergence(Divergence.KL);
  }

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
