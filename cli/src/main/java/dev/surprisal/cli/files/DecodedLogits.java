package dev.surprisal.cli.files;

import dev.surprisal.Logits;
import java.nio.file.Path;

/** Rows of an encoding that the library does not read: decoded block by block into single precision, one buffer for all. */
abstract class DecodedLogits implements LogitsFile {
  private final MappedFile file;
  private final long rows;
  private final int vocabulary;
  private float[] block = new float[0];

  DecodedLogits(MappedFile file, long rows, int vocabulary) {
    this.file = file;
    this.rows = rows;
    this.vocabulary = vocabulary;
  }

  /**
   * Decodes a row.
   *
   * @param row    its index
   * @param out    receives its logits
   * @param offset where the first one goes
   */
  abstract void decode(long row, float[] out, int offset);

  final MappedFile file() {
    return file;
  }

  @Override
  public final Path path() {
    return file.path();
  }

  @Override
  public final long rows() {
    return rows;
  }

  @Override
  public final int vocabulary() {
    return vocabulary;
  }

  @Override
  public final Logits rows(long from, long to) {
    int count = Math.toIntExact(to - from);
    int length = Math.multiplyExact(count, vocabulary);
    if (block.length < length) {
      block = new float[length];
    }
    for (int i = 0; i < count; i++) {
      decode(from + i, block, i * vocabulary);
    }
    return Logits.of(block, 0, count, vocabulary, vocabulary);
  }

  @Override
  public final void requireUnchanged() throws BadInputException {
    file.requireUnchanged();
  }

  @Override
  public final void close() {
    file.close();
  }
}
