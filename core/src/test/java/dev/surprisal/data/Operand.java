package dev.surprisal.data;

import dev.surprisal.oracle.Measure;

/** What the values of a row are to a statistic. */
public enum Operand {
  LOGITS {
    @Override
    float[] values(float[] logits) {
      return logits;
    }

    @Override
    Measure measure(float[] stored) {
      return Measure.ofLogits(stored);
    }
  },

  /** Probabilities that sum to 1 but for their rounding, used as they are. */
  PROBABILITIES {
    @Override
    float[] values(float[] logits) {
      return Softmax.times(logits, 1, true);
    }

    @Override
    Measure measure(float[] stored) {
      return Measure.ofProbabilities(stored);
    }
  },

  /** Weights of any sum, to be normalised. */
  WEIGHTS {
    @Override
    float[] values(float[] logits) {
      return Softmax.times(logits, 3.7, false);
    }

    @Override
    Measure measure(float[] stored) {
      return Measure.ofWeights(stored);
    }
  };

  /** Values of this sort with the distribution that the logits have. */
  abstract float[] values(float[] logits);

  /** The oracle's view of stored values. */
  abstract Measure measure(float[] stored);
}
