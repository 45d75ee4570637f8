package dev.surprisal.cli.scoring;

import dev.surprisal.Scores;

/**
 * What is told of a row of logits. This is the only list of it: a {@link ScoredRow} holds these figures, per-row files
 * have a column for each, and the manual a line. Natural logarithms.
 */
public enum RowFigure {
  /** {@code -log p[target]}. */
  NLL("nll", true, NumberType.DOUBLE, "nats", "negative log-likelihood of the target",
      (scores, i) -> -scores.targetLogProbability()[i]),
  /** {@code count(p[i] > p[target])}. */
  RANK("rank", true, NumberType.INTEGER, "", "how many entries are more likely than the target: 0 is the most likely",
      (scores, i) -> scores.targetRank()[i]),
  /** {@code -sum p log p}. */
  ENTROPY("entropy", false, NumberType.DOUBLE, "nats", "entropy of the distribution",
      (scores, i) -> scores.entropy()[i]),
  /** {@code sum p (log p)^2 - (sum p log p)^2}. */
  VARENTROPY("varentropy", false, NumberType.DOUBLE, "nats²", "variance of the surprisal",
      (scores, i) -> scores.varentropy()[i]),
  /** {@code log sum e^x}. */
  LOG_SUM_EXP("logSumExp", false, NumberType.DOUBLE, "nats", "logarithm of the sum of the exponentials",
      (scores, i) -> scores.logSumExp()[i]),
  /** {@code argmax x}, the lowest index on ties. */
  ARGMAX("argmax", false, NumberType.INTEGER, "", "index of the most likely entry", (scores, i) -> scores.argmax()[i]),
  /** {@code max x}. */
  MAX_LOGIT("maxLogit", false, NumberType.FLOAT, "nats", "the largest logit", (scores, i) -> scores.maxLogit()[i]);

  /** Takes a figure of one row out of the scores of a block. */
  @FunctionalInterface
  private interface Source {
    double of(Scores scores, int i);
  }

  private final String column;
  private final boolean ofTarget;
  private final NumberType type;
  private final String unit;
  private final String meaning;
  private final Source source;

  RowFigure(String column, boolean ofTarget, NumberType type, String unit, String meaning, Source source) {
    this.column = column;
    this.ofTarget = ofTarget;
    this.type = type;
    this.unit = unit;
    this.meaning = meaning;
    this.source = source;
  }

  /** {@return its name in per-row files} */
  public String column() {
    return column;
  }

  /** {@return whether only a row with a target has it} */
  public boolean isOfTarget() {
    return ofTarget;
  }

  /** {@return what kind of number it is} */
  public NumberType type() {
    return type;
  }

  /** {@return its unit, empty for none} */
  public String unit() {
    return unit;
  }

  /** {@return what it is, for the manual} */
  public String meaning() {
    return meaning;
  }

  /** The figure of row {@code i} of a block. */
  double of(Scores scores, int i) {
    return source.of(scores, i);
  }
}
