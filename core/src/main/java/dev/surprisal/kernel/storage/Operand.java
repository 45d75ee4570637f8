package dev.surprisal.kernel.storage;

/** What the values of rows are to a statistic. */
public enum Operand {
  /** Logits: the distribution is their softmax. */
  LOGITS,

  /** Probabilities, used as given, whatever their sum. */
  PROBABILITIES,

  /** Weights: the distribution is what they are divided by their sum. */
  WEIGHTS
}
