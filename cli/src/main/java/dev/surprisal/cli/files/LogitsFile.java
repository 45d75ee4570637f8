package dev.surprisal.cli.files;

import java.nio.file.Path;

/** A matrix of logits in a file. */
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
   * A reader with a buffer of its own, for one thread at a time.
   *
   * @param blockRows the most rows it will be asked for at once
   * @return the reader
   */
  BlockReader reader(int blockRows);

  /** {@return targets that the format itself brings along, or null} */
  default Targets ownTargets() {
    return null;
  }

  @Override
  void close();
}
