package dev.surprisal;

import dev.surprisal.kernel.storage.Operand;
import dev.surprisal.kernel.storage.Rows;
import java.lang.foreign.MemorySegment;

/**
 * Rows of probabilities, one row a distribution over the vocabulary (or, for mutual information, one row of a joint
 * distribution). They are used as given, whatever their sum, unless {@link #normalized()}.
 *
 * <p>A view: nothing is copied, and a later change of the storage is seen. Immutable, and safe for use by many
 * threads as far as the storage is.
 */
public final class Probabilities {
  private final Rows rows;

  private Probabilities(Rows rows) {
    this.rows = rows;
  }

  private static Probabilities given(Rows rows) {
    return new Probabilities(rows.as(Operand.PROBABILITIES));
  }

  /**
   * Rows one behind the other in an array. Nothing is copied.
   *
   * @param values at least {@code rows * vocabulary} probabilities
   * @param rows how many rows, 0 or more
   * @param vocabulary how many probabilities a row has, 1 or more
   * @return a view of the array
   * @throws IllegalArgumentException if the array is too short or a number is out of its range; the message names them
   */
  public static Probabilities of(float[] values, int rows, int vocabulary) {
    return given(Rows.of(values, 0, rows, vocabulary, vocabulary));
  }

  /**
   * Rows in an array, with a gap behind each.
   *
   * @param values the storage
   * @param offset index of the first value of the first row
   * @param rows how many rows, 0 or more
   * @param vocabulary how many probabilities a row has, 1 or more
   * @param rowStride from the first value of a row to the first of the next, at least {@code vocabulary}
   * @return a view of the array
   * @throws IllegalArgumentException if the rows do not fit the array or a number is out of its range
   */
  public static Probabilities of(float[] values, int offset, int rows, int vocabulary, int rowStride) {
    return given(Rows.of(values, offset, rows, vocabulary, rowStride));
  }

  /**
   * Rows of 16-bit values one behind the other in an array. Nothing is copied.
   *
   * @param values at least {@code rows * vocabulary} probabilities
   * @param dtype {@link DType#F16} or {@link DType#BF16}
   * @param rows how many rows, 0 or more
   * @param vocabulary how many probabilities a row has, 1 or more
   * @return a view of the array
   * @throws IllegalArgumentException if the array is too short, a number is out of its range, or
   *     the dtype has not 16 bits
   */
  public static Probabilities of(short[] values, DType dtype, int rows, int vocabulary) {
    return given(Rows.of(values, dtype.element(), 0, rows, vocabulary, vocabulary));
  }

  /**
   * Rows of 16-bit values in an array, with a gap behind each.
   *
   * @param values the storage
   * @param dtype {@link DType#F16} or {@link DType#BF16}
   * @param offset index of the first value of the first row
   * @param rows how many rows, 0 or more
   * @param vocabulary how many probabilities a row has, 1 or more
   * @param rowStride from the first value of a row to the first of the next, at least {@code vocabulary}
   * @return a view of the array
   * @throws IllegalArgumentException if the rows do not fit the array, a number is out of its
   *     range, or the dtype is F32
   */
  public static Probabilities of(
      short[] values, DType dtype, int offset, int rows, int vocabulary, int rowStride) {
    return given(Rows.of(values, dtype.element(), offset, rows, vocabulary, rowStride));
  }

  /**
   * Rows one behind the other in a memory segment: off-heap memory, a mapped file, a direct buffer
   * ({@code MemorySegment.ofBuffer}), at any alignment and of any size. Nothing is copied.
   *
   * @param segment the storage; it must stay alive, and accessible to the threads that score it, while it is scored
   * @param dtype how a value is stored
   * @param rows how many rows, 0 or more
   * @param vocabulary how many probabilities a row has, 1 or more
   * @return a view of the segment
   * @throws IllegalArgumentException if the segment is too short or a number is out of its range
   */
  public static Probabilities of(MemorySegment segment, DType dtype, long rows, int vocabulary) {
    return given(Rows.of(segment, dtype.element(), 0, rows, vocabulary, vocabulary));
  }

  /**
   * Rows in a memory segment, beginning at a byte offset, with a gap behind each.
   *
   * @param segment the storage; it must stay alive, and accessible to the threads that score it, while it is scored
   * @param dtype how a value is stored
   * @param byteOffset where the first row begins, in bytes, of any alignment
   * @param rows how many rows, 0 or more
   * @param vocabulary how many probabilities a row has, 1 or more
   * @param rowStride from the first value of a row to the first of the next, in values, at least {@code vocabulary}
   * @return a view of the segment
   * @throws IllegalArgumentException if the rows do not fit the segment or a number is out of its range
   */
  public static Probabilities of(
      MemorySegment segment, DType dtype, long byteOffset, long rows, int vocabulary, long rowStride) {
    return given(Rows.of(segment, dtype.element(), byteOffset, rows, vocabulary, rowStride));
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
   * How many probabilities a row has.
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
  public Probabilities rows(long from, long to) {
    return new Probabilities(rows.slice(from, to));
  }

  /**
   * The same values read as weights: every statistic is of the distribution {@code p[i] / sum p[j]} of its row. For a
   * joint distribution the sum is that of all rows.
   *
   * @return a view of the same storage
   */
  public Probabilities normalized() {
    return new Probabilities(rows.as(Operand.WEIGHTS));
  }

  boolean isNormalized() {
    return rows.operand() == Operand.WEIGHTS;
  }

  Rows storage() {
    return rows;
  }

  /** What the rows are, for people. */
  @Override
  public String toString() {
    return "Probabilities[" + rows + "]";
  }
}
