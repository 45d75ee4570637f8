package dev.surprisal.cli.files;

import dev.surprisal.DType;
import dev.surprisal.Logits;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Locale;

/** A tensor of a type that the library reads as it is. */
final class TensorLogits implements LogitsFile {
  /** A cache line, and the widest vector. */
  private static final long ALIGNMENT = 64;

  private final InputFile file;
  private final DType dtype;
  private final long position;
  private final long rows;
  private final int vocabulary;
  private final long rowStride;

  TensorLogits(InputFile file, Tensor tensor, long rows, int vocabulary, long rowStride) {
    this.file = file;
    this.dtype = DType.valueOf(tensor.type().name());
    this.position = tensor.position();
    this.rows = rows;
    this.vocabulary = vocabulary;
    this.rowStride = rowStride;
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public int vocabulary() {
    return vocabulary;
  }

  @Override
  public String encoding() {
    return dtype.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public long rowBytes() {
    return rowStride * dtype.bytes();
  }

  @Override
  public BlockReader reader(int blockRows) {
    return new Reader(blockRows);
  }

  @Override
  public void close() {
    file.close();
  }

  private final class Reader implements BlockReader {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer;

    Reader(int blockRows) {
      buffer = arena.allocate(blockRows * rowBytes(), ALIGNMENT);
    }

    @Override
    public Logits read(long from, long to) throws BadInputException {
      file.read(position + from * rowBytes(), buffer.asSlice(0, (to - from) * rowBytes()));
      return Logits.of(buffer, dtype, 0, to - from, vocabulary, rowStride);
    }

    @Override
    public void close() {
      arena.close();
    }
  }
}
