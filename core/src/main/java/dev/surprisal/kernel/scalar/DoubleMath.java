package dev.surprisal.kernel.scalar;

/**
 * Exponentials and logarithms of doubles, a few for each row. As those of {@link StrictMath} they have the same bits
 * everywhere, in half the time: in short rows they are most of it.
 */
public final class DoubleMath {
  /** Largest error of all three, relative. */
  public static final double MAX_RELATIVE_ERROR = 1e-15;

  private static final int BIAS = 1023;
  private static final int SIGNIFICAND = 52;

  /** The bits of 1 and of sqrt(1/2): significands are taken from [sqrt(1/2), sqrt(2)). */
  private static final long ONE = (long) BIAS << SIGNIFICAND;
  private static final long SQRT_HALF = 0x3FE6A09E667F3BCDL;

  /** {@code log 2} as two numbers, the first of which has room for a product with an exponent. */
  private static final double LN2 = 0x1.62e42fee00000p-1;
  private static final double LN2_REST = 0x1.a39ef35793c76p-33;
  private static final double LOG2_E = 0x1.71547652b82fep0;

  /** Added to a double below 2^51 it leaves the nearest integer in the low bits. */
  private static final double ROUND = 0x1.8p52;

  /** Where {@link #exp} is a normal number. */
  private static final double RANGE = 708;

  private DoubleMath() {}

  /** {@code log x}. */
  public static double log(double x) {
    if (!(x >= Double.MIN_NORMAL && x <= Double.MAX_VALUE)) {
      return StrictMath.log(x);
    }
    long bits = Double.doubleToRawLongBits(x);
    int k = (int) (bits + (ONE - SQRT_HALF) >>> SIGNIFICAND) - BIAS;
    double m = Double.longBitsToDouble(bits - ((long) k << SIGNIFICAND));
    return log(k, m - 1, m + 1);
  }

  /** {@code log (1 + x)}, exact relative to itself also near 0. */
  public static double log1p(double x) {
    double sum = 1 + x;
    return sum > 0.75 && sum < 1.4 ? log(0, x, 2 + x) : log(sum);
  }

  /** {@code k log 2 + log((1 + z) / (1 - z))} of {@code z = f / s}, up to 0.1716: {@code 2 atanh z} by its series. */
  private static double log(int k, double f, double s) {
    double z = f / s;
    double w = z * z;
    double w2 = w * w;
    double low = (2.0 / 3 + w * (2.0 / 5)) + w2 * (2.0 / 7 + w * (2.0 / 9));
    double high = (2.0 / 11 + w * (2.0 / 13)) + w2 * (2.0 / 15 + w * (2.0 / 17 + w * (2.0 / 19)));
    double tail = z * w * (low + w2 * w2 * high);
    return k * LN2 + (2 * z + (tail + k * LN2_REST));
  }

  /** {@code e^x}. */
  public static double exp(double x) {
    if (!(Math.abs(x) <= RANGE)) {
      return StrictMath.exp(x);
    }
    double shifted = x * LOG2_E + ROUND;
    double n = shifted - ROUND;
    double r = x - n * LN2 - n * LN2_REST;
    double r2 = r * r;
    double r4 = r2 * r2;
    double low = (0.5 + r * (1.0 / 6)) + r2 * (1.0 / 24 + r * (1.0 / 120));
    double middle = (1.0 / 720 + r * (1.0 / 5_040)) + r2 * (1.0 / 40_320 + r * (1.0 / 362_880));
    double high = (1.0 / 3_628_800 + r * (1.0 / 39_916_800)) + r2 * (1.0 / 479_001_600);
    double e = 1 + (r + r2 * (low + r4 * (middle + r4 * high)));
    return e * Double.longBitsToDouble(Double.doubleToRawLongBits(shifted) + BIAS << SIGNIFICAND);
  }
}
