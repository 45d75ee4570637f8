package dev.surprisal.kernel.scalar;

import dev.surprisal.kernel.vector.Loader;

/**
 * How one value is stored: what the public {@code DType} names. A new one is a constant here, its lines in {@link
 * Source}, and how it is read: by vectors and by plain Java.
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
}
