package dev.surprisal.data;

import dev.surprisal.DType;

/** Floats to stored values, rounded to the nearest, ties to even: what a framework does when it narrows. */
public final class Encoding {
  private Encoding() {}

  /** The 16-bit pattern of a value. */
  public static short bits(float value, DType dtype) {
    return switch (dtype) {
      case F16 -> Float.floatToFloat16(value);
      case BF16 -> bfloat16(value);
      case F32 -> throw new IllegalArgumentException("F32 has 32 bits");
    };
  }

  /** The 16-bit patterns of a row. */
  public static short[] bits(float[] values, DType dtype) {
    short[] bits = new short[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = bits(values[i], dtype);
    }
    return bits;
  }

  /** What is read back of a value once it is stored. */
  public static float stored(float value, DType dtype) {
    return switch (dtype) {
      case F32 -> value;
      case F16 -> Float.float16ToFloat(bits(value, dtype));
      case BF16 -> Float.intBitsToFloat(bits(value, dtype) << 16);
    };
  }

  public static float[] stored(float[] values, DType dtype) {
    float[] stored = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      stored[i] = stored(values[i], dtype);
    }
    return stored;
  }

  private static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }
}
