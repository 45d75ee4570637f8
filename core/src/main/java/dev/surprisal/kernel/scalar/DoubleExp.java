package dev.surprisal.kernel.scalar;

/** Exponentials and logarithms of doubles, by operations that vectors of any width have. */
public final class DoubleExp {
  /** Largest error of {@link #exp} and {@link #aboveTangent}, relative; that of {@link #log}, absolute, is less. */
  public static final double MAX_ERROR = 1e-11;

  /** {@link #exp} is taken of no less: a normal number, and nothing beside 1. */
  public static final double LEAST = -708;

  /** Up to this size of its argument {@link #aboveTangent} is finite. */
  public static final double RANGE = 600;

  /** The bits of sqrt(1/2): significands are taken from [sqrt(1/2), sqrt(2)). */
  public static final long SQRT_HALF = 0x3FE6A09E667F3BCDL;

  /** The exponent of 1, in place and as a number, and the bits of 2^52. */
  public static final int BIAS = 1023;
  public static final long ONE = (long) BIAS << 52;
  public static final long TWO_52 = 0x4330000000000000L;

  /** {@code log 2} as two numbers, the first of which has room for a product with an exponent. */
  public static final double LN2_HIGH = 0x1.62e42fee00000p-1;
  public static final double LN2_REST = 0x1.a39ef35793c76p-33;
  public static final double LOG2_E = 0x1.71547652b82fep0;
  public static final double LN2 = 0x1.62e42fefa39efp-1;

  /** Added to a double below 2^51 it leaves the nearest integer in the low bits. */
  public static final double ROUND = 0x1.8p52;

  private DoubleExp() {}

  /** {@code e^x} for {@code x} up to 708; from {@link #LEAST} down that of {@link #LEAST}. */
  public static double exp(double x) {
    double kept = Math.max(x, LEAST);
    double shifted = Fma.fma(kept, LOG2_E, ROUND);
    double n = shifted - ROUND;
    double r = Fma.fma(n, -LN2_REST, Fma.fma(n, -LN2_HIGH, kept));
    double power = Double.longBitsToDouble(Double.doubleToRawLongBits(shifted) + BIAS << 52);
    return Fma.fma(tail(r), r * r, r + 1) * power;
  }

  /**
   * {@code e^v - 1 - v}, never negative, and exact relative to itself also near 0. Valid for {@code |v|} up to
   * {@link #RANGE}; as {@link Exp#aboveTangent}.
   */
  public static double aboveTangent(double v) {
    double shifted = Fma.fma(v, LOG2_E, ROUND);
    double n = shifted - ROUND;
    double r = Fma.fma(n, -LN2_REST, Fma.fma(n, -LN2_HIGH, v));
    double power = Double.longBitsToDouble(Double.doubleToRawLongBits(shifted) + BIAS << 52);
    double line = Fma.fma(r, power, power - 1) - v;
    // In this order: the last sum is exact where it cancels.
    return Fma.fma(tail(r), r * r * power, line);
  }

  /** {@code (e^r - 1 - r) / r^2} by its series. */
  private static double tail(double r) {
    double low = Fma.fma(Fma.fma(1.0 / 39_916_800, r, 1.0 / 3_628_800), r, 1.0 / 362_880);
    double middle = Fma.fma(Fma.fma(Fma.fma(low, r, 1.0 / 40_320), r, 1.0 / 5_040), r, 1.0 / 720);
    return Fma.fma(Fma.fma(Fma.fma(Fma.fma(middle, r, 1.0 / 120), r, 1.0 / 24), r, 1.0 / 6), r, 0.5);
  }

  /**
   * Logarithms of normal numbers. With {@code x = 2^k m}, {@code log m = 2 atanh((m - 1) / (m + 1))} by its
   * series; absolute error below 1e-13.
   */
  public static double log(double x) {
    long bits = Double.doubleToRawLongBits(x);
    long biased = bits + (ONE - SQRT_HALF) >>> 52;
    double k = Double.longBitsToDouble(biased | TWO_52) - (0x1p52 + BIAS);
    double m = Double.longBitsToDouble(bits + ONE - (biased << 52));
    double z = (m - 1) / (m + 1);
    double z2 = z * z;
    double high = Fma.fma(Fma.fma(Fma.fma(2.0 / 15, z2, 2.0 / 13), z2, 2.0 / 11), z2, 2.0 / 9);
    double log = Fma.fma(Fma.fma(Fma.fma(Fma.fma(high, z2, 2.0 / 7), z2, 2.0 / 5), z2, 2.0 / 3), z2, 2.0) * z;
    return Fma.fma(k, LN2, log);
  }
}
