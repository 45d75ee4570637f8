package dev.surprisal.data;

import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Probabilities;
import dev.surprisal.kernel.storage.Operand;
import java.lang.foreign.MemorySegment;

/**
 * The same stored values, as whatever a statistic is of.
 *
 * @param weights the probabilities, to be normalised
 */
public record Views(Logits logits, Probabilities probabilities, Probabilities weights) {
  public Views(Logits logits, Probabilities probabilities) {
    this(logits, probabilities, probabilities.normalized());
  }

  /** The probabilities or the weights. */
  Probabilities probabilities(Operand operand) {
    return operand == Operand.WEIGHTS ? weights : probabilities;
  }

  static Views of(MemorySegment segment, DType dtype, long byteOffset, long rows, int vocabulary, long stride) {
    return byteOffset == 0 && stride == vocabulary
        ? new Views(Logits.of(segment, dtype, rows, vocabulary), Probabilities.of(segment, dtype, rows, vocabulary))
        : new Views(
            Logits.of(segment, dtype, byteOffset, rows, vocabulary, stride),
            Probabilities.of(segment, dtype, byteOffset, rows, vocabulary, stride));
  }
}
