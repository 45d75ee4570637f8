package dev.surprisal;

/**
 * How one logit or one probability is stored. Multi-byte values are in the byte order of the processor, at any alignment.
 *
 * <pre>
 *   F32    s eeeeeeee mmmmmmmmmmmmmmmmmmmmmmm     IEEE 754 binary32, a Java float
 *   BF16   s eeeeeeee mmmmmmm                     the upper half of a float
 *   F16    s eeeee mmmmmmmmmm                     IEEE 754 binary16, largest finite value 65504
 * </pre>
 */
public enum DType {
  /** IEEE 754 binary32: a Java {@code float}. */
  F32(4) {
    @Override
    public float toFloat(short bits) {
      throw new IllegalArgumentException("F32 values have 32 bits, not 16");
    }
  },
  /** IEEE 754 binary16 ("half"): 5 bits of exponent, 10 of significand. */
  F16(2) {
    @Override
    public float toFloat(short bits) {
      return Float.float16ToFloat(bits);
    }
  },
  /** bfloat16: the upper 16 bits of a {@code float}. */
  BF16(2) {
    @Override
    public float toFloat(short bits) {
      return Float.intBitsToFloat(bits << 16);
    }
  };

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /**
   * The size of one value.
   *
   * @return 4 for {@link #F32}, 2 for {@link #F16} and {@link #BF16}
   */
  public int bytes() {
    return bytes;
  }

  /**
   * The value of a stored 16-bit pattern, exactly.
   *
   * @param bits the pattern as it is stored
   * @return its value
   * @throws IllegalArgumentException for {@link #F32}, which has 32 bits
   */
  public abstract float toFloat(short bits);
}
