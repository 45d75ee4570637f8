package dev.surprisal.cli.files;

import dev.surprisal.Logits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** Rows of an encoding that the library does not know: each is decoded into single precision. */
abstract class DecodedLogits implements LogitsFile {
  private final InputFile file;
  private final long position;
  private final long rows;
  private final int vocabulary;
  private final long rowBytes;

  DecodedLogits(InputFile file, long position, long rows, int vocabulary, long rowBytes) {
    this.file = file;
    this.position = position;
    this.rows = rows;
    this.vocabulary = vocabulary;
    this.rowBytes = rowBytes;
  }

  /**
   * Decodes a row.
   *
   * @param row its bytes, little-endian
   * @param out receives its logits
   * @param offset where the first one goes
   */
  abstract void decode(ByteBuffer row, float[] out, int offset);

  final InputFile file() {
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
  public final long rowBytes() {
    return rowBytes;
  }

  @Override
  public final BlockReader reader(int blockRows) {
    return new Reader(blockRows);
  }

  @Override
  public final void close() {
    file.close();
  }

  private final class Reader implements BlockReader {
    private final ByteBuffer row = ByteBuffer.allocate(Math.toIntExact(rowBytes)).order(ByteOrder.LITTLE_ENDIAN);
    private final float[] block;

    Reader(int blockRows) {
      block = new float[Math.multiplyExact(blockRows, vocabulary)];
    }

    @Override
    public Logits read(long from, long to) throws BadInputException {
      int count = (int) (to - from);
      for (int i = 0; i < count; i++) {
        file.read(position + (from + i) * rowBytes, row);
        decode(row, block, i * vocabulary);
      }
      return Logits.of(block, 0, count, vocabulary, vocabulary);
    }

    @Override
    public void close() {
      // Its buffers are on the heap.
    }
  }
}
