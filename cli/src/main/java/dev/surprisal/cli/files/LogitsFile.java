package dev.surprisal.cli.files;

import dev.surprisal.Logits;
import java.nio.file.Path;

/** A matrix of logits in a file, read in blocks of rows. */
public interface LogitsFile extends AutoCloseable {
  /** {@return the file, the first of several} */
  Path path();

  /** {@return the number of rows} */
  long rows();

  /** {@return the length of a row} */
  int vocabulary();

  /** {@return how the logits are stored, for people: {@code f32}, {@code f64 rounded to f32}} */
  String encoding();

  /** {@return the bytes of a row in the file} */
  long rowBytes();

  /**
   * Where a block of rows must end.
   *
   * @param from its first row
   * @param rows how many rows it should have
   * @return the row after its last: not more than {@code rows} of them, all in one piece of storage
   */
  default long blockEnd(long from, long rows) {
    return Math.min(from + rows, rows());
  }

  /**
   * A block of rows.
   *
   * @param from the first row
   * @param to the row after the last, at most {@link #blockEnd}
   * @return the rows, valid until the next call or until the file is closed
   */
  Logits rows(long from, long to);

  /** {@return targets that the format itself brings along, or null} */
  default Targets ownTargets() {
    return null;
  }

  /**
   * Requires the file to be as long as it was when it was opened. Memory behind the end of a file that shrank reads as zeros, or
   * faults.
   *
   * @throws BadInputException if it shrank
   */
  void requireUnchanged() throws BadInputException;

  @Override
  void close();
}
