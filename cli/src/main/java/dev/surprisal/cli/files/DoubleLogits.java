package dev.surprisal.cli.files;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** A tensor of double precision, each logit rounded to single. */
final class DoubleLogits extends DecodedLogits {
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final long position;
  private final long rowBytes;

  DoubleLogits(MappedFile file, Tensor tensor, long rows, int vocabulary, long rowStride) {
    super(file, rows, vocabulary);
    this.position = tensor.position();
    this.rowBytes = rowStride * Double.BYTES;
  }

  @Override
  void decode(long row, float[] out, int offset) {
    long start = position + row * rowBytes;
    for (int i = 0; i < vocabulary(); i++) {
      out[offset + i] = (float) file().bytes().get(DOUBLE, start + (long) i * Double.BYTES);
    }
  }

  @Override
  public String encoding() {
    return "f64 rounded to f32";
  }

  @Override
  public long rowBytes() {
    return rowBytes;
  }
}
