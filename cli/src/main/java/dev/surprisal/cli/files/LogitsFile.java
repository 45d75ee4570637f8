package dev.surprisal.cli.files;

import dev.surprisal.Logits;
import java.nio.file.Path;

/** A matrix of logits in a file, read in blocks of rows. */
public interface LogitsFile extends AutoCloseable {
  /** {@return the file} */
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
   * A block of rows.
   *
   * @param from the first row
   * @param to   the row after the last
   * @return the rows, valid until the next call or until the file is closed
   */
  Logits rows(long from, long to);

  @Override
  void close();

  /**
   * Opens a file of logits.
   *
   * @param path       the file
   * @param tensor     the name of the tensor, or null where only one can be meant
   * @param vocabulary how many entries of each row to read, or null for all
   * @return its rows
   * @throws BadInputException if the file cannot be read as logits
   */
  static LogitsFile open(Path path, String tensor, Integer vocabulary) throws BadInputException {
    MappedFile file = MappedFile.open(path);
    try {
      return of(file, tensor, vocabulary);
    } catch (BadInputException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static LogitsFile of(MappedFile file, String name, Integer vocabulary) throws BadInputException {
    Tensor tensor = Format.of(file).logits(file, name);
    int dimensions = tensor.shape().size();
    long stored = tensor.shape().get(dimensions - 1);
    if (stored < 1 || stored > Integer.MAX_VALUE) {
      throw file.broken(tensor.position(), "rows of " + stored + " logits, expected 1 to " + Integer.MAX_VALUE);
    }
    if (vocabulary != null && vocabulary > stored) {
      throw file.broken(tensor.position(), "rows of " + stored + " logits, expected at least " + vocabulary);
    }
    long rows = tensor.elements() / stored;
    int used = vocabulary == null ? (int) stored : vocabulary;
    return tensor.type() == ElementType.F64
        ? new DoubleLogits(file, tensor, rows, used, stored)
        : new MappedLogits(file, tensor, rows, used, stored);
  }
}
