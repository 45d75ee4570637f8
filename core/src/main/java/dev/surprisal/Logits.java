package dev.surprisal;

import dev.surprisal.kernel.storage.Rows;
import java.lang.foreign.MemorySegment;

/**
 * Rows of logits, one row a distribution over the vocabulary: {@code p = softmax(x)},
 * {@code p[i] = e^x[i] / sum e^x[j]}. Log-probabilities are logits too. A logit of negative infinity
 * is a probability of exactly 0.
 *
 * <p>A view: nothing is copied, and a later change of the storage is seen. Immutable, and safe for use by many
 * threads as far as the storage is.
 */
public final class Logits {
  private final Rows rows;

  private Logits(Rows rows) {
    this.rows = rows;
  }

  /**
   * Rows one behind the other in an array. Nothing is copied.
   *
   * @param values at least {@code rows * vocabulary} logits
   * @param rows how many rows, 0 or more
   * @param vocabulary how many logits a row has, 1 or more
   * @return a view of the array
   * @throws IllegalArgumentException if the array is too short or a number is out of its range; the message names them
   */
  public static Logits of(float[] values, int rows, int vocabulary) {
    return new Logits(Rows.of(values, 0, rows, vocabulary, vocabulary));
  }

  /**
   * Rows in an array, with a gap behind each.
   *
   * @param values the storage
   * @param offset index of the first value of the first row
   * @param rows how many rows, 0 or more
   * @param vocabulary how many logits a row has, 1 or more
   * @param rowStride from the first value of a row to the first of the next, at least {@code vocabulary}
   * @return a view of the array
   * @throws IllegalArgumentException if the rows do not fit the array or a number is out of its range
   */
  public static Logits of(float[] values, int offset, int rows, int vocabulary, int rowStride) {
    return new Logits(Rows.of(values, offset, rows, vocabulary, rowStride));
  }

  /**
   * Rows of 16-bit values one behind the other in an array. Nothing is copied.
   *
   * @param values at least {@code rows * vocabulary} logits
   * @param dtype {@link DType#F16} or {@link DType#BF16}
   * @param rows how many rows, 0 or more
   * @param vocabulary how many logits a row has, 1 or more
   * @return a view of the array
   * @throws IllegalArgumentException if the array is too short, a number is out of its range, or
   *     the dtype has not 16 bits
   */
  public static Logits of(short[] values, DType dtype, int rows, int vocabulary) {
    return new Logits(Rows.of(values, dtype.element(), 0, rows, vocabulary, vocabulary));
  }

  /**
   * Rows of 16-bit values in an array, with a gap behind each.
   *
   * @param values the storage
   * @param dtype {@link DType#F16} or {@link DType#BF16}
   * @param offset index of the first logit of the first row
   * @param rows how many rows, 0 or more
   * @param vocabulary how many logits a row has, 1 or more
   * @param rowStride from the first logit of a row to the first of the next, at least {@code vocabulary}
   * @return a view of the array
   * @throws IllegalArgumentException if the rows do not fit the array, a number is out of its
   *     range, or the dtype is F32
   */
  public static Logits of(short[] values, DType dtype, int offset, int rows, int vocabulary, int rowStride) {
    return new Logits(Rows.of(values, dtype.element(), offset, rows, vocabulary, rowStride));
  }

  /**
   * Rows one behind the other in a memory segment: off-heap memory, a mapped file, a direct buffer
   * ({@code MemorySegment.ofBuffer}), at any alignment and of any size. Nothing is copied.
   *
   * @param segment the storage; it must stay alive, and accessible to the threads that score it, while it is scored
   * @param dtype how a value is stored
   * @param rows how many rows, 0 or more
   * @param vocabulary how many logits a row has, 1 or more
   * @return a view of the segment
   * @throws IllegalArgumentException if the segment is too short or a number is out of its range
   */
  public static Logits of(MemorySegment segment, DType dtype, long rows, int vocabulary) {
    return new Logits(Rows.of(segment, dtype.element(), 0, rows, vocabulary, vocabulary));
  }

  /**
   * Rows in a memory segment, beginning at a byte offset, with a gap behind each.
   *
   * @param segment the storage; it must stay alive, and accessible to the threads that score it, while it is scored
   * @param dtype how a value is stored
   * @param byteOffset where the first row begins, in bytes, of any alignment
   * @param rows how many rows, 0 or more
   * @param vocabulary how many logits a row has, 1 or more
   * @param rowStride from the first value of a row to the first of the next, in values, at least {@code vocabulary}
   * @return a view of the segment
   * @throws IllegalArgumentException if the rows do not fit the segment or a number is out of its range
   */
  public static Logits of(
      MemorySegment segment, DType dtype, long byteOffset, long rows, int vocabulary, long rowStride) {
    return new Logits(Rows.of(segment, dtype.element(), byteOffset, rows, vocabulary, rowStride));
  }

  /**
   * How many rows there are.
   *
   * @return 0 or more
   */
  public long rows() {
    return rows.rows();
  }

  /**
   * How many logits a row has.
   *
   * @return 1 or more
   */
  public int vocabulary() {
    return rows.vocabulary();
  }

  /**
   * How a value is stored.
   *
   * @return the dtype
   */
  public DType dtype() {
    return DType.of(rows.element());
  }

  /**
   * A view of some of the rows.
   *
   * @param from the first row
   * @param to one past the last row
   * @return the rows {@code from} to {@code to - 1}, over the same storage
   * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= rows()}
   */
  public Logits rows(long from, long to) {
    return new Logits(rows.slice(from, to));
  }

  /**
   * The same logits at another temperature: every logit {@code x} stands for the float nearest to
   * {@code x / temperature}. The division happens as a row is read; nothing is copied.
   *
   * @param temperature above 1 flattens the distributions, below 1 sharpens them; multiplied with
   *     an earlier temperature
   * @return a view of the same storage
   * @throws IllegalArgumentException unless the temperature is positive and finite
   */
  public Logits withTemperature(float temperature) {
    return new Logits(rows.withTemperature(temperature));
  }

  Rows storage() {
    return rows;
  }

  /** What the rows are, for people. */
  @Override
  public String toString() {
    return "Logits[" + rows + "]";
  }
}
