package dev.surprisal;

import dev.surprisal.kernel.scalar.Element;

/**
 * How one logit or one probability is stored. Multi-byte values are in the byte order of the
 * processor, at any alignment.
 *
 * <pre>
 *   F32    s eeeeeeee mmmmmmmmmmmmmmmmmmmmmmm     IEEE 754 binary32, a Java float
 *   BF16   s eeeeeeee mmmmmmm                     the upper half of a float
 *   F16    s eeeee mmmmmmmmmm                     IEEE 754 binary16, largest finite value 65504
 * </pre>
 */
public enum DType {
  /** IEEE 754 binary32: a Java {@code float}. */
  F32(Element.F32),
  /** IEEE 754 binary16 ("half"): 5 bits of exponent, 10 of significand. */
  F16(Element.F16),
  /** bfloat16: the upper 16 bits of a {@code float}. */
  BF16(Element.BF16);

  private final Element element;

  DType(Element element) {
    this.element = element;
  }

  /**
   * The size of one value.
   *
   * @return 4 for {@link #F32}, 2 for {@link #F16} and {@link #BF16}
   */
  public int bytes() {
    return element.bytes();
  }

  Element element() {
    return element;
  }

  static DType of(Element element) {
    return switch (element) {
      case F32 -> F32;
      case F16 -> F16;
      case BF16 -> BF16;
    };
  }
}
