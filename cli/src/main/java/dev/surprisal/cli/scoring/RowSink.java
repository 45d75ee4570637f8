package dev.surprisal.cli.scoring;

import java.io.IOException;

/**
 * Takes in rows one by one, in the order of the file.
 *
 * @param <R> {@link ScoredRow} or {@link ComparedRow}
 */
@FunctionalInterface
public interface RowSink<R> {
  /**
   * Takes in a row.
   *
   * @param row the row
   * @throws IOException if it cannot be written where it goes
   */
  void accept(R row) throws IOException;
}
