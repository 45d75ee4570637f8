package dev.surprisal.benchmarks.input;

import dev.surprisal.kernel.Statistic;
import dev.surprisal.kernel.storage.Operand;

/** What a statistic is computed from. Weights are left out: they are probabilities, once more summed. */
public enum Inputs {
  /** One batch of logits. */
  LOGITS(Operand.LOGITS, null),
  /** Two batches of logits: a teacher and its student. */
  LOGITS_PAIR(Operand.LOGITS, Operand.LOGITS),
  /** A teacher's probabilities and its student's logits. */
  PROBABILITIES_AND_LOGITS(Operand.PROBABILITIES, Operand.LOGITS),
  /** One batch of probabilities. */
  PROBABILITIES(Operand.PROBABILITIES, null),
  /** Two batches of probabilities. */
  PROBABILITIES_PAIR(Operand.PROBABILITIES, Operand.PROBABILITIES);

  private final Operand first;
  private final Operand second;

  Inputs(Operand first, Operand second) {
    this.first = first;
    this.second = second;
  }

  /**
   * Whether a statistic is computed from such inputs.
   *
   * @param statistic of the library
   * @return true if so
   */
  public boolean areTakenBy(Statistic statistic) {
    return statistic.takes(first, second);
  }

  /** {@return whether there are two batches} */
  public boolean arePairs() {
    return second != null;
  }

  /**
   * The first input.
   *
   * @param logits whole rows
   * @param vocabulary length of a row
   * @return the logits, or what is made of them
   */
  public float[] first(float[] logits, int vocabulary) {
    return as(first, logits, vocabulary);
  }

  /**
   * The second input.
   *
   * @param logits whole rows
   * @param vocabulary length of a row
   * @return the logits, or what is made of them; null if there is only one input
   */
  public float[] second(float[] logits, int vocabulary) {
    return arePairs() ? as(second, logits, vocabulary) : null;
  }

  private static float[] as(Operand operand, float[] logits, int vocabulary) {
    return operand == Operand.LOGITS ? logits : SyntheticRows.probabilities(logits, vocabulary);
  }
}
