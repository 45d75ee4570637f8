package dev.surprisal.cli.files;

import java.nio.ByteBuffer;

/** A tensor of double precision, each logit rounded to single. */
final class DoubleLogits extends DecodedLogits {
  DoubleLogits(InputFile file, Tensor tensor, long rows, int vocabulary, long rowStride) {
    super(file, tensor.position(), rows, vocabulary, rowStride * Double.BYTES);
  }

  @Override
  void decode(ByteBuffer row, float[] out, int offset) {
    for (int i = 0; i < vocabulary(); i++) {
      out[offset + i] = (float) row.getDouble(i * Double.BYTES);
    }
  }

  @Override
  public String encoding() {
    return "f64 rounded to f32";
  }
}
