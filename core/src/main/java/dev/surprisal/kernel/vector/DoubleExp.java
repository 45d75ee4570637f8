package dev.surprisal.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Exponentials and logarithms of vectors of doubles. Without masks, and without conversions from and signed shifts of
 * long: 128-bit vectors have no masks of two lanes, AVX2 has not the others, and what a width lacks becomes objects.
 */
public final class DoubleExp {
  /** Largest error of {@link #exp} and {@link #aboveTangent}, relative; that of {@link #log}, absolute, is less. */
  public static final double MAX_ERROR = 1e-11;

  /** {@link #exp} is taken of no less: a normal number, and nothing beside 1. */
  public static final double LEAST = -708;

  /** Up to this size of its argument {@link #aboveTangent} is finite. */
  public static final double RANGE = 600;

  private static final VectorSpecies<Double> DOUBLES = Lanes.DOUBLES;

  /** The bits of sqrt(1/2): significands are taken from [sqrt(1/2), sqrt(2)). */
  private static final long SQRT_HALF = 0x3FE6A09E667F3BCDL;

  /** The exponent of 1, in place and as a number, and the bits of 2^52. */
  private static final int BIAS = 1023;
  private static final long ONE = (long) BIAS << 52;
  private static final long TWO_52 = 0x4330000000000000L;

  /** {@code log 2} as two numbers, the first of which has room for a product with an exponent. */
  private static final double LN2_HIGH = 0x1.62e42fee00000p-1;
  private static final double LN2_REST = 0x1.a39ef35793c76p-33;
  private static final double LOG2_E = 0x1.71547652b82fep0;
  private static final double LN2 = StrictMath.log(2);

  /** Added to a double below 2^51 it leaves the nearest integer in the low bits. */
  private static final double ROUND = 0x1.8p52;

  private DoubleExp() {}

  /** {@code e^x} for {@code x} up to 708; from {@link #LEAST} down that of {@link #LEAST}. */
  public static DoubleVector exp(DoubleVector x) {
    DoubleVector kept = x.max(DoubleVector.broadcast(DOUBLES, LEAST));
    DoubleVector shifted = kept.fma(DoubleVector.broadcast(DOUBLES, LOG2_E), DoubleVector.broadcast(DOUBLES, ROUND));
    DoubleVector n = shifted.sub(ROUND);
    DoubleVector r = n.fma(DoubleVector.broadcast(DOUBLES, -LN2_HIGH), kept);
    r = n.fma(DoubleVector.broadcast(DOUBLES, -LN2_REST), r);
    DoubleVector power =
        shifted.reinterpretAsLongs().add(BIAS).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
    // (e^r - 1 - r) / r^2 by its series.
    DoubleVector tail = DoubleVector.broadcast(DOUBLES, 1.0 / 39_916_800)
        .fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 3_628_800))
        .fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 362_880))
        .fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 40_320))
        .fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 5_040))
        .fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 720))
        .fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 120))
        .fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 24))
        .fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 6))
        .fma(r, DoubleVector.broadcast(DOUBLES, 0.5));
    return tail.fma(r.mul(r), r.add(1)).mul(power);
  }

  /**
   * {@code e^v - 1 - v}, never negative, and exact relative to itself also near 0. Valid for {@code |v|} up to
   * {@link #RANGE}; as {@link Exp#aboveTangent}.
   */
  public static DoubleVector aboveTangent(DoubleVector v) {
    DoubleVector shifted = v.fma(DoubleVector.broadcast(DOUBLES, LOG2_E), DoubleVector.broadcast(DOUBLES, ROUND));
    DoubleVector n = shifted.sub(ROUND);
    DoubleVector r = n.fma(DoubleVector.broadcast(DOUBLES, -LN2_HIGH), v);
    r = n.fma(DoubleVector.broadcast(DOUBLES, -LN2_REST), r);
    DoubleVector power =
        shifted.reinterpretAsLongs().add(BIAS).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
    DoubleVector line = r.fma(power, power.sub(1)).sub(v);
    DoubleVector tail = DoubleVector.broadcast(DOUBLES, 1.0 / 39_916_800)
        .fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 3_628_800))
        .fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 362_880))
        .fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 40_320))
        .fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 5_040))
        .fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 720))
        .fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 120))
        .fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 24))
        .fma(r, DoubleVector.broadcast(DOUBLES, 1.0 / 6))
        .fma(r, DoubleVector.broadcast(DOUBLES, 0.5));
    // In this order: the last sum is exact where it cancels.
    return tail.fma(r.mul(r).mul(power), line);
  }

  /**
   * Logarithms of normal numbers. With {@code x = 2^k m}, {@code log m = 2 atanh((m - 1) / (m + 1))} by its
   * series; absolute error below 1e-13.
   */
  public static DoubleVector log(DoubleVector x) {
    LongVector bits = x.reinterpretAsLongs();
    LongVector biased = bits.add(ONE - SQRT_HALF).lanewise(VectorOperators.LSHR, 52);
    DoubleVector k = biased.lanewise(VectorOperators.OR, TWO_52).reinterpretAsDoubles().sub(0x1p52 + BIAS);
    DoubleVector m = bits.add(ONE).sub(biased.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
    DoubleVector z = m.sub(1).div(m.add(1));
    DoubleVector z2 = z.mul(z);
    DoubleVector log = DoubleVector.broadcast(DOUBLES, 2.0 / 15)
        .fma(z2, DoubleVector.broadcast(DOUBLES, 2.0 / 13))
        .fma(z2, DoubleVector.broadcast(DOUBLES, 2.0 / 11))
        .fma(z2, DoubleVector.broadcast(DOUBLES, 2.0 / 9))
        .fma(z2, DoubleVector.broadcast(DOUBLES, 2.0 / 7))
        .fma(z2, DoubleVector.broadcast(DOUBLES, 2.0 / 5))
        .fma(z2, DoubleVector.broadcast(DOUBLES, 2.0 / 3))
        .fma(z2, DoubleVector.broadcast(DOUBLES, 2.0))
        .mul(z);
    return k.fma(DoubleVector.broadcast(DOUBLES, LN2), log);
  }
}
