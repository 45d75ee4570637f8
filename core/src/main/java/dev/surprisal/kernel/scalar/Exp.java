package dev.surprisal.kernel.scalar;

/**
 * {@code e^x} as {@code e^x = 2^n e^r} with {@code n = round(x / log 2)}, scaled by a power of two
 * of the caller's choice.
 *
 * <p>The power is the point: {@code x} itself is reduced, never a rounded {@code x - max}, so that the only
 * errors are those of the polynomial and of {@code log 2} as a float, and the choice of the scale does not
 * change a bit of the significand.
 */
public final class Exp {
  /** Largest error of {@link #scaled}, relative, for x at its unit. */
  public static final double MAX_RELATIVE_ERROR = 2.1e-7;

  /** Largest error of {@link #aboveTangent}, relative; where its exponent changes, at log 2 / 2. */
  public static final double MAX_TANGENT_RELATIVE_ERROR = 4.4e-7;

  /**
   * By how much that grows for each nat between x and the unit: what {@code log 2} as a float is
   * off, in each of its powers.
   */
  public static final double DRIFT = 2.75e-9;

  /**
   * How far below a reference, in nats, {@link #scaled} is still of use: e^-87 is 1.6e-38. The unit may be
   * log 2 / 2 above the reference, so that the last hundredth of a nat may be no normal float: off by up
   * to 1 % of a weight of 1.2e-38.
   */
  public static final float RANGE = 87;

  /**
   * Logits of a larger size are reduced by the row's maximum first. Far beyond this the reduction would lose n; and
   * what a loose loader makes of an infinity, {@link #LOOSE}, must be far from any reference.
   */
  public static final float MAX_ARGUMENT = 0x1p15f;

  /** What an f16 with the exponent of infinity would be if it were finite: 2^16. */
  public static final float LOOSE = 0x1p16f;

  /** As bits: the largest distance below a reference for which {@link #scaled} is a normal float. */
  public static final int FAR = Float.floatToRawIntBits(RANGE);

  /** {@code log 2} as the float that the reduction uses, 1.9e-9 more than {@code log 2}. */
  public static final float LN2 = 0x1.62e430p-1f;

  public static final float LOG2_E = 0x1.715476p0f;

  /** Added to a float below 2^22 it leaves the nearest integer in the low bits. */
  public static final float ROUND = 0x1.8p23f;

  /** The exponent of 1 as a float. */
  public static final int BIAS = 127;

  // e^r = 1 + r + r^2 (C2 + C3 r + C4 r^2 + C5 r^3) on [-log 2 / 2, log 2 / 2], minimax: 1.1e-7 before rounding.
  public static final float C2 = 0x1.fffdfcp-2f;
  public static final float C3 = 0x1.5557b0p-3f;
  public static final float C4 = 0x1.572a66p-5f;
  public static final float C5 = 0x1.106256p-7f;

  // e^r - 1 - r = r^2 (G0 + G1 r + .. + G4 r^4) on [-log 2 / 2, log 2 / 2], minimax: 1.3e-7 before rounding.
  public static final float G0 = 0.5f;
  public static final float G1 = 0x1.5554e0p-3f;
  public static final float G2 = 0x1.555584p-5f;
  public static final float G3 = 0x1.12097ep-7f;
  public static final float G4 = 0x1.6c8c2ap-10f;

  // e^v - 1 - v = v^2 (T0 + T1 v + .. + T8 v^8) on [-1, 2], minimax: 1.1e-8 before rounding.
  public static final float T0 = 0x1.0p-1f;
  public static final float T1 = 0x1.555558p-3f;
  public static final float T2 = 0x1.555546p-5f;
  public static final float T3 = 0x1.110faep-7f;
  public static final float T4 = 0x1.6c2052p-10f;
  public static final float T5 = 0x1.a0b52ep-13f;
  public static final float T6 = 0x1.9be780p-16f;
  public static final float T7 = 0x1.61fe04p-19f;
  public static final float T8 = 0x1.c061fap-22f;

  private Exp() {}

  /** The exponent k for which {@link #scaled} of values about {@code x} is about 1. */
  public static int exponent(float x) {
    return Math.round(x * LOG2_E);
  }

  /** What {@link #scaled} wants as its second argument to scale by {@code 2^-k}. */
  public static float magic(int k) {
    return ROUND - k;
  }

  /** What a result of {@link #scaled} counts: {@code log} of the unit, {@code k log 2}. */
  public static double unit(int k) {
    return k * (double) LN2;
  }

  /**
   * {@code e^x / unit}, with {@code magic} made from the exponent k. Valid where the result is a normal float:
   * {@code x} from about {@link #RANGE} below {@code k log 2} to as much above; elsewhere the result is arbitrary.
   *
   * <p>The polynomial is evaluated as a tree (Estrin): 24 instead of 32 cycles from load to sum let the processor
   * overlap enough iterations, worth a third of the speed.
   */
  public static float scaled(float x, float magic) {
    float shifted = Fma.fma(x, LOG2_E, magic);
    float r = Fma.fma(shifted - magic, -LN2, x);
    float r2 = r * r;
    float high = Fma.fma(r, C5, C4);
    float low = Fma.fma(r, C3, C2);
    float p = Fma.fma(Fma.fma(high, r2, low), r2, r + 1);
    return Float.intBitsToFloat(Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(shifted) << 23));
  }

  /**
   * {@code e^v - 1 - v}, by how much {@code e^v} is above its tangent at 0: never negative, and exact relative to
   * itself also near 0. Valid for {@code |v|} up to {@link #RANGE}.
   *
   * <p>With {@code v = n log 2 + r} it is {@code 2^n (e^r - 1 - r)}, itself of that kind, and
   * {@code 2^n r + 2^n - 1 - v}, which is 0 where n is 0.
   */
  public static float aboveTangent(float v) {
    float shifted = Fma.fma(v, LOG2_E, ROUND + BIAS);
    float r = Fma.fma(shifted - (ROUND + BIAS), -LN2, v);
    float power = Float.intBitsToFloat(Float.floatToRawIntBits(shifted) << 23);
    float r2 = r * r;
    float high = Fma.fma(r, G3, G2);
    float low = Fma.fma(r, G1, G0);
    float p = Fma.fma(Fma.fma(r2, G4, high), r2, low);
    // In this order: the last sum is exact where it cancels.
    float line = Fma.fma(r, power, power - 1) - v;
    return Fma.fma(p, r2 * power, line);
  }
}
