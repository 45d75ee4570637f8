package dev.surprisal.cli.files;

import dev.surprisal.Logits;

/** Reads rows of a file of logits into a buffer. */
public interface BlockReader extends AutoCloseable {
  /**
   * Reads a block of rows.
   *
   * @param from the first row
   * @param to the row after the last, at most {@link LogitsFile#blockEnd}
   * @return the rows, valid until the next call or until the reader is closed
   * @throws BadInputException if they cannot be read
   */
  Logits read(long from, long to) throws BadInputException;

  @Override
  void close();
}
