package dev.surprisal.cli.files;

import java.nio.file.Path;

/** A tensor of integers, any shape: its elements in order are the targets of the rows. */
final class TensorTargets implements Targets {
  private final MappedFile file;
  private final Tensor tensor;

  TensorTargets(MappedFile file, Tensor tensor) {
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
  public long target(long row) {
    return tensor.type() == ElementType.I32 ? file.intAt(position(row)) : file.longAt(position(row));
  }

  @Override
  public long position(long row) {
    return tensor.position() + row * tensor.type().bytes();
  }

  @Override
  public void close() {
    file.close();
  }
}
