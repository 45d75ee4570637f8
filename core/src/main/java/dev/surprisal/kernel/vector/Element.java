package dev.surprisal.kernel.vector;

/**
 * How one value is stored: what the public {@code DType} names. A new one is a constant here, a pair of loaders in
 * {@link Loader}, and their lines in {@link Source}.
 *
 * <pre>
 *   F32    s eeeeeeee mmmmmmmmmmmmmmmmmmmmmmm     IEEE 754 binary32, a Java float
 *   F16    s eeeee mmmmmmmmmm                     IEEE 754 binary16, largest finite value 65504
 *   BF16   s eeeeeeee mmmmmmm                     the upper half of a float
 * </pre>
 */
public enum Element {
  F32(Float.BYTES),
  F16(Short.BYTES),
  BF16(Short.BYTES);

  private final int bytes;

  Element(int bytes) {
    this.bytes = bytes;
  }

  /** The size of one value. */
  public int bytes() {
    return bytes;
  }

  /** What reads values that lie in an array. */
  public Source array() {
    return switch (this) {
      case F32 -> Source.F32_ARRAY;
      case F16 -> Source.F16_ARRAY;
      case BF16 -> Source.BF16_ARRAY;
    };
  }

  /** What reads values that lie outside the heap. */
  public Source segment() {
    return switch (this) {
      case F32 -> Source.F32_SEGMENT;
      case F16 -> Source.F16_SEGMENT;
      case BF16 -> Source.BF16_SEGMENT;
    };
  }
}
