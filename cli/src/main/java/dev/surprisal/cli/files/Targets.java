package dev.surprisal.cli.files;

import dev.surprisal.Scorer;
import java.nio.file.Path;

/** The target of each row, from a file; read by any number of threads. */
public interface Targets extends AutoCloseable {
  /** {@return the file, the first of several} */
  Path path();

  /** {@return the number of targets} */
  long count();

  /**
   * Reads targets as they stand in the file.
   *
   * @param from the first row
   * @param out receives the targets of as many rows as it is long
   * @throws BadInputException if they cannot be read
   */
  void read(long from, long[] out) throws BadInputException;

  /**
   * What is wrong with a target.
   *
   * @param row index of its row
   * @param reason what is wrong
   * @return an exception that says where in which file it stands
   */
  BadInputException broken(long row, String reason);

  @Override
  void close();

  /**
   * Reads targets and checks them.
   *
   * @param from the first row
   * @param count how many rows
   * @param vocabulary the length of a row of logits
   * @param ignore the number that marks rows to leave out
   * @return the targets, {@link Scorer#IGNORE} for rows to leave out
   * @throws BadInputException if they cannot be read, or one is outside the vocabulary
   */
  default int[] read(long from, int count, int vocabulary, long ignore) throws BadInputException {
    long[] stored = new long[count];
    read(from, stored);
    int[] targets = new int[count];
    for (int i = 0; i < count; i++) {
      if (stored[i] == ignore) {
        targets[i] = Scorer.IGNORE;
      } else if (stored[i] >= 0 && stored[i] < vocabulary) {
        targets[i] = (int) stored[i];
      } else {
        throw broken(from + i, "target " + stored[i] + " of row " + (from + i) + " is outside the vocabulary 0.."
            + (vocabulary - 1));
      }
    }
    return targets;
  }
}
