package dev.surprisal.cli.files;

import dev.surprisal.Scorer;
import java.nio.file.Path;

/** The target of each row, from a file. */
public interface Targets extends AutoCloseable {
  /** {@return the file, the first of several} */
  Path path();

  /**
   * The file that holds one target.
   *
   * @param row index of the row
   * @return the file
   */
  default Path path(long row) {
    return path();
  }

  /** {@return the number of targets} */
  long count();

  /**
   * The target of a row as it stands in the file.
   *
   * @param row index of the row
   * @return its target
   */
  long target(long row);

  /**
   * Where a target stands.
   *
   * @param row index of the row
   * @return offset of its target in the file
   */
  long position(long row);

  @Override
  void close();

  /**
   * Reads a block of targets.
   *
   * @param from       the first row
   * @param count      how many rows
   * @param vocabulary the length of a row of logits
   * @param ignore     the number that marks rows to leave out
   * @param out        receives the targets, {@link Scorer#IGNORE} for rows to leave out
   * @throws BadInputException if a target is outside the vocabulary
   */
  default void read(long from, int count, int vocabulary, long ignore, int[] out) throws BadInputException {
    for (int i = 0; i < count; i++) {
      long target = target(from + i);
      if (target == ignore) {
        out[i] = Scorer.IGNORE;
      } else if (target >= 0 && target < vocabulary) {
        out[i] = (int) target;
      } else {
        throw new BadInputException(path(from + i), position(from + i), "target " + target + " of row " + (from + i)
            + " is outside the vocabulary 0.." + (vocabulary - 1));
      }
    }
  }
}
