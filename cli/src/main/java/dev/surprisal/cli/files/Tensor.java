package dev.surprisal.cli.files;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A dense tensor in a file, little-endian, the last dimension contiguous.
 *
 * @param name its name in the file; empty in a format that holds only one
 * @param dtype the type of its elements as the file spells it
 * @param type the same, as this tool reads it
 * @param shape its dimensions
 * @param position offset of its first byte in the file
 */
public record Tensor(String name, String dtype, ElementType type, List<Long> shape, long position) {

  /** {@return the number of elements} */
  public long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /** {@return name, shape and type, as in {@code logits [8 x 32000] BF16}} */
  @Override
  public String toString() {
    String sizes = shape.stream().map(String::valueOf).collect(Collectors.joining(" x ", "[", "]"));
    return (name.isEmpty() ? "" : name + " ") + sizes + " " + dtype;
  }
}
