package dev.surprisal.benchmarks.input;

import dev.surprisal.benchmarks.input.Batches.Shape;

/** What a statistic is computed from. */
public enum Inputs {
  /** One batch of logits. */
  LOGITS(1),
  /** Two batches of logits: a teacher and its student. */
  LOGITS_PAIR(2),
  /** One batch of probabilities. */
  PROBABILITIES(1),
  /** Two batches of probabilities. */
  PROBABILITIES_PAIR(2),
  /** A teacher's probabilities and its student's logits. */
  PROBABILITIES_AND_LOGITS(2);

  private final int count;

  Inputs(int count) {
    this.count = count;
  }

  /**
   * The first input of a batch.
   *
   * @param shape rows and vocabulary
   * @return its values
   */
  public float[] first(Shape shape) {
    float[] logits = SyntheticRows.logits(shape.batchSize());
    return this == LOGITS || this == LOGITS_PAIR ? logits : SyntheticRows.probabilities(logits, shape.vocabulary());
  }

  /**
   * The second input of a batch.
   *
   * @param shape rows and vocabulary
   * @return its values, null if there is only one input
   */
  public float[] second(Shape shape) {
    if (count == 1) {
      return null;
    }
    float[] logits = SyntheticRows.student(SyntheticRows.logits(shape.batchSize()));
    return this == PROBABILITIES_PAIR ? SyntheticRows.probabilities(logits, shape.vocabulary()) : logits;
  }
}
