package dev.surprisal.cli.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** A tensor of integers, any shape: its elements in order are the targets of the rows. */
final class TensorTargets implements Targets {
  private final InputFile file;
  private final Tensor tensor;

  TensorTargets(InputFile file, Tensor tensor) {
    this.file = file;
    this.tensor = tensor;
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public long count() {
    return tensor.elements();
  }

  @Override
  public void read(long from, long[] out) throws BadInputException {
    ByteBuffer stored = ByteBuffer.allocate(out.length * tensor.type().bytes()).order(ByteOrder.LITTLE_ENDIAN);
    file.read(position(from), stored);
    for (int i = 0; i < out.length; i++) {
      out[i] = tensor.type() == ElementType.I32 ? stored.getInt() : stored.getLong();
    }
  }

  private long position(long row) {
    return tensor.position() + row * tensor.type().bytes();
  }

  @Override
  public BadInputException broken(long row, String reason) {
    return file.broken(position(row), reason);
  }

  @Override
  public void close() {
    file.close();
  }
}
