package dev.surprisal.kernel.scalar;

/**
 * The fused multiply-add, {@code a b + c} rounded once. Where the processor has none {@link Math#fma} computes through
 * {@link java.math.BigDecimal}, in a microsecond; the same is had from doubles in some nanoseconds, by rounding to odd
 * (Boldo and Melquiond 2008): the last bit of a sum that is not exact is set, and then decides every rounding to fewer
 * digits as the exact sum would.
 */
public final class Fma {
  /** Whether {@link Math#fma} is an instruction. */
  public static final boolean IN_HARDWARE = isFast();

  /** Calls that are timed, and how often. An instruction takes them a tenth of the limit even if it is interpreted. */
  private static final int CALLS = 8;
  private static final int TRIALS = 5;
  private static final long LIMIT_NANOS = 4000;

  /** Splits a double into two halves of 26 bits (Veltkamp). */
  private static final double SPLITTER = 0x1p27 + 1;

  /** Beyond these sizes a split overflows, or an error is subnormal. */
  private static final double LARGE = 0x1p960;
  private static final double SMALL = 0x1p-900;

  /** The bits of an exponent. */
  private static final long EXPONENT = 0x7FFL << 52;

  private Fma() {}

  /** {@code a b + c}. */
  public static float fma(float a, float b, float c) {
    return IN_HARDWARE ? Math.fma(a, b, c) : ofDoubles(a, b, c);
  }

  /** {@code a b + c}. */
  public static double fma(double a, double b, double c) {
    return IN_HARDWARE ? Math.fma(a, b, c) : ofHalves(a, b, c);
  }

  /** The product of two floats is exact in double. */
  static float ofDoubles(float a, float b, float c) {
    return (float) oddSum((double) a * b, c);
  }

  /** The product as two doubles (Dekker), its sum with c as three, the smaller two rounded to odd. */
  static double ofHalves(double a, double b, double c) {
    double product = a * b;
    double size = Math.abs(product);
    if (!(Math.abs(a) < LARGE && Math.abs(b) < LARGE && Math.abs(c) < LARGE && size < LARGE && size > SMALL)) {
      return Math.fma(a, b, c);
    }
    double aHigh = high(a);
    double aLow = a - aHigh;
    double bHigh = high(b);
    double bLow = b - bHigh;
    double rest = ((aHigh * bHigh - product) + aHigh * bLow + aLow * bHigh) + aLow * bLow;
    double low = c + rest;
    double lowRest = lost(c, rest, low);
    double sum = product + low;
    return Math.abs(sum) > SMALL ? sum + oddSum(lost(product, low, sum), lowRest) : Math.fma(a, b, c);
  }

  private static double high(double x) {
    double shifted = x * SPLITTER;
    return shifted - (shifted - x);
  }

  /**
   * {@code x + y}, the last bit set where that is not exact: one step back to where the exact sum is, from an even last
   * bit. Without conditions, which would be jumps that nobody can foresee.
   */
  private static double oddSum(double x, double y) {
    double sum = x + y;
    long lost = Double.doubleToRawLongBits(lost(x, y, sum));
    long bits = Double.doubleToRawLongBits(sum);
    long inexact = (lost & Long.MAX_VALUE) + Long.MAX_VALUE >>> 63;
    long finite = (bits & EXPONENT) - EXPONENT >>> 63;
    long step = 1 - ((lost ^ bits) >>> 63 << 1);
    return Double.longBitsToDouble(bits + (step & -(inexact & finite & ~bits)));
  }

  /** What {@code x + y} has rounded off (Knuth's TwoSum). */
  private static double lost(double x, double y, double sum) {
    double back = sum - x;
    return (x - (sum - back)) + (y - back);
  }

  private static boolean isFast() {
    float sum = 0.1f;
    for (int trial = 0; trial < TRIALS; trial++) {
      long start = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        sum = Math.fma(sum, 1.1f, 0.3f);
      }
      if (System.nanoTime() - start < LIMIT_NANOS && sum > 0) {
        return true;
      }
    }
    return false;
  }
}
