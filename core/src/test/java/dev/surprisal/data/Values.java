package dev.surprisal.data;

import dev.surprisal.kernel.storage.Operand;
import dev.surprisal.oracle.Measure;

/** Values of each operand with the distribution that a row of logits has, and what the oracle makes of them. */
final class Values {
  private Values() {}

  /** Probabilities sum to 1 but for their rounding; weights have another sum. */
  static float[] of(Operand operand, float[] logits) {
    return switch (operand) {
      case LOGITS -> logits;
      case PROBABILITIES -> Softmax.times(logits, 1, true);
      case WEIGHTS -> Softmax.times(logits, 3.7, false);
    };
  }

  /** The oracle's view of stored values. */
  static Measure measure(Operand operand, float[] stored) {
    return switch (operand) {
      case LOGITS -> Measure.ofLogits(stored);
      case PROBABILITIES -> Measure.ofProbabilities(stored);
      case WEIGHTS -> Measure.ofWeights(stored);
    };
  }

  /** The oracle's view of a row that has each of the stored values so many times. */
  static Measure measure(Operand operand, float[] stored, int[] counts) {
    return switch (operand) {
      case LOGITS -> Measure.ofLogits(stored, counts);
      case PROBABILITIES -> Measure.ofProbabilities(stored, counts);
      case WEIGHTS -> Measure.ofWeights(stored, counts);
    };
  }
}
