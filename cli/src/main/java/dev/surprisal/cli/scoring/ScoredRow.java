package dev.surprisal.cli.scoring;

import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/** A row of a file with its figures. */
public final class ScoredRow {
  /** In place of a target where there are none at all. */
  public static final int NO_TARGET = -1;

  private static final RowFigure[] FIGURES = RowFigure.values();

  private final long row;
  private final int target;
  /** In the order of {@link RowFigure}; NaN where a figure of the target has none. */
  private final double[] figures = new double[FIGURES.length];

  /**
   * A row.
   *
   * @param row its index in the file
   * @param target its target, {@link Scorer#IGNORE} if it is to be left out, {@link #NO_TARGET} if the file has none
   * @param source its figures; without a target those of the target are not asked for
   */
  ScoredRow(long row, int target, ToDoubleFunction<RowFigure> source) {
    this.row = row;
    this.target = target;
    for (RowFigure figure : FIGURES) {
      figures[figure.ordinal()] = has(figure) ? source.applyAsDouble(figure) : Double.NaN;
    }
  }

  /** Row {@code i} of a block. */
  static ScoredRow of(long row, int target, Scores scores, int i) {
    return new ScoredRow(row, target, figure -> figure.of(scores, i));
  }

  /** {@return its index in the file} */
  public long row() {
    return row;
  }

  /** {@return its target, {@link Scorer#IGNORE} or {@link #NO_TARGET}} */
  public int target() {
    return target;
  }

  private boolean has(RowFigure figure) {
    return isScored() || !figure.isOfTarget();
  }

  /**
   * One of its figures, of the kind of number that it is.
   *
   * @param figure which one
   * @return the figure, null if it is of the target and there is none
   */
  public Number number(RowFigure figure) {
    return has(figure) ? figure.type().of(figure(figure)) : null;
  }

  private double figure(RowFigure figure) {
    return figures[figure.ordinal()];
  }

  /** {@return negative log-likelihood of the target, NaN without one} */
  public double nll() {
    return figure(RowFigure.NLL);
  }

  /** {@return entropy of the distribution} */
  public double entropy() {
    return figure(RowFigure.ENTROPY);
  }

  /** {@return index of the most likely entry} */
  public int argmax() {
    return (int) figure(RowFigure.ARGMAX);
  }

  /** {@return how many entries are more likely than the target, which it must have} */
  public int rank() {
    return (int) figure(RowFigure.RANK);
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
    return Double.isNaN(entropy());
  }

  /** {@return the probability of the most likely entry} */
  public double confidence() {
    return Math.exp(figure(RowFigure.MAX_LOGIT) - figure(RowFigure.LOG_SUM_EXP));
  }

  /** {@return whether the target is the most likely entry} */
  public boolean isHit() {
    return figure(RowFigure.RANK) == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScoredRow that && row == that.row && target == that.target
        && Arrays.equals(figures, that.figures);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(row);
  }

  /** For messages of tests. */
  @Override
  public String toString() {
    return "row " + row + ", target " + target + ": " + Arrays.toString(figures);
  }
}
