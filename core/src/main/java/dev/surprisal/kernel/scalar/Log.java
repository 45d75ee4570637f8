package dev.surprisal.kernel.scalar;

/** Natural logarithms of floats. */
public final class Log {
  /** Largest error of {@link #of}, relative, over all positive floats. */
  public static final double MAX_RELATIVE_ERROR = 0.9e-7;

  /** Largest error of {@link #ofRatio}, relative. */
  public static final double MAX_RATIO_RELATIVE_ERROR = 2.4e-7;

  /** Lifts subnormals to normal numbers. */
  public static final float LIFT = 0x1p24f;

  public static final int LIFTED = 24;

  /** The bits of sqrt(1/2): significands are taken from [sqrt(1/2), sqrt(2)). */
  public static final int SQRT_HALF = 0x3F3504F3;

  // log(1 + f) = f - f^2 / 2 + f^3 (P0 + P1 f + .. + P7 f^7) on [sqrt(1/2) - 1, sqrt(2) - 1], minimax:
  // 6.3e-9 with these coefficients.
  public static final float P0 = 0x1.555554p-2f;
  public static final float P1 = -0x1.000228p-2f;
  public static final float P2 = 0x1.99a00ep-3f;
  public static final float P3 = -0x1.5471b4p-3f;
  public static final float P4 = 0x1.22d91ep-3f;
  public static final float P5 = -0x1.0d8a18p-3f;
  public static final float P6 = 0x1.05655ep-3f;
  public static final float P7 = -0x1.38b438p-4f;

  // 2 atanh z = 2 z + z^3 (Z0 + Z1 z^2 + .. + Z3 z^6) on [-1/5, 1/5], minimax: 3e-10.
  public static final float Z0 = 0x1.555554p-1f;
  public static final float Z1 = 0x1.999ca6p-2f;
  public static final float Z2 = 0x1.23c3c2p-2f;
  public static final float Z3 = 0x1.f1badap-3f;

  /** Half of 1 in the exponent of a float: rounds the exponent of a ratio. */
  public static final int HALF_BINADE = 0x00400000;

  private Log() {}

  /**
   * {@code log x} for {@code 0 <= x <= 2^103}; negative infinity at 0. With {@code x = 2^k (1 + f)} the logarithm of
   * {@code 1 + f} is {@code f - f^2 / 2 + f^3 P(f)}, P minimax.
   */
  public static float of(float x) {
    int bits = Float.floatToRawIntBits(x * LIFT);
    int k = bits - SQRT_HALF >> 23;
    float f = Float.intBitsToFloat(bits - (k << 23)) - 1;
    float f2 = f * f;
    float f4 = f2 * f2;
    float p0 = Fma.fma(f, P1, P0);
    float p2 = Fma.fma(f, P3, P2);
    float p4 = Fma.fma(f, P5, P4);
    float p6 = Fma.fma(f, P7, P6);
    float p = Fma.fma(Fma.fma(p6, f2, p4), f4, Fma.fma(p2, f2, p0));
    float significand = Fma.fma(Fma.fma(p, f, -0.5f), f2, f);
    return x == 0 ? Float.NEGATIVE_INFINITY : Fma.fma((float) (k - LIFTED), Exp.LN2, significand);
  }

  /**
   * {@code log(p/q)} for positive p and q up to 2^103; arbitrary where one is 0. With {@code p/q = 2^k p'/q} and
   * {@code p'/q} in [2/3, 3/2], {@code log(p'/q) = 2 atanh z} of {@code z = (p' - q) / (p' + q)}: exact relative to
   * itself where p and q nearly agree, for then k is 0 and {@code p - q} is not rounded.
   */
  public static float ofRatio(float p, float q) {
    int bits = Float.floatToRawIntBits(p * LIFT);
    float lifted = q * LIFT;
    int k = bits - Float.floatToRawIntBits(lifted) + HALF_BINADE >> 23;
    float near = Float.intBitsToFloat(bits - (k << 23));
    float z = (near - lifted) / (near + lifted);
    float z2 = z * z;
    float atanh = Fma.fma(Fma.fma(Fma.fma(Fma.fma(Z3, z2, Z2), z2, Z1), z2, Z0) * z2, z, z + z);
    return Fma.fma((float) k, Exp.LN2, atanh);
  }
}
