package dev.surprisal.cli.files;

import dev.surprisal.DType;
import dev.surprisal.Logits;
import java.nio.file.Path;
import java.util.Locale;

/** A tensor of a type that the library reads where it is: nothing is copied. */
final class MappedLogits implements LogitsFile {
  private final MappedFile file;
  private final Logits logits;
  private final long rowBytes;

  MappedLogits(MappedFile file, Tensor tensor, long rows, int vocabulary, long rowStride) {
    this.file = file;
    this.logits = Logits.of(file.bytes(), dtype(tensor.type()), tensor.position(), rows, vocabulary, rowStride);
    this.rowBytes = rowStride * tensor.type().bytes();
  }

  private static DType dtype(ElementType type) {
    return switch (type) {
      case F16 -> DType.F16;
      case BF16 -> DType.BF16;
      case F32 -> DType.F32;
      case F64, I32, I64, OTHER -> throw new IllegalArgumentException("not a type the library reads: " + type);
    };
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public long rows() {
    return logits.rows();
  }

  @Override
  public int vocabulary() {
    return logits.vocabulary();
  }

  @Override
  public String encoding() {
    return logits.dtype().name().toLowerCase(Locale.ROOT);
  }

  @Override
  public long rowBytes() {
    return rowBytes;
  }

  @Override
  public Logits rows(long from, long to) {
    return logits.rows(from, to);
  }

  @Override
  public void requireUnchanged() throws BadInputException {
    file.requireUnchanged();
  }

  @Override
  public void close() {
    file.close();
  }
}
