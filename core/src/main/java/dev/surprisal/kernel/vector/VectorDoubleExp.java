package dev.surprisal.kernel.vector;

import dev.surprisal.kernel.scalar.DoubleExp;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The functions of {@link DoubleExp}, of vectors: the same operations, and so the same bits. Without masks, and without
 * conversions from and signed shifts of long: 128-bit vectors have no masks of two lanes, AVX2 has not the others, and
 * what a width lacks becomes objects.
 */
public final class VectorDoubleExp {
  private static final VectorSpecies<Double> DOUBLES = Vectors.DOUBLES;

  private VectorDoubleExp() {}

  /** {@link DoubleExp#exp(double)}. */
  public static DoubleVector exp(DoubleVector x) {
    DoubleVector kept = x.max(DoubleVector.broadcast(DOUBLES, DoubleExp.LEAST));
    DoubleVector shifted =
        kept.fma(DoubleVector.broadcast(DOUBLES, DoubleExp.LOG2_E), DoubleVector.broadcast(DOUBLES, DoubleExp.ROUND));
    DoubleVector n = shifted.sub(DoubleExp.ROUND);
    DoubleVector r = n.fma(DoubleVector.broadcast(DOUBLES, -DoubleExp.LN2_HIGH), kept);
    r = n.fma(DoubleVector.broadcast(DOUBLES, -DoubleExp.LN2_REST), r);
    DoubleVector power =
        shifted.reinterpretAsLongs().add(DoubleExp.BIAS).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
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

  /** {@link DoubleExp#aboveTangent(double)}. */
  public static DoubleVector aboveTangent(DoubleVector v) {
    DoubleVector shifted =
        v.fma(DoubleVector.broadcast(DOUBLES, DoubleExp.LOG2_E), DoubleVector.broadcast(DOUBLES, DoubleExp.ROUND));
    DoubleVector n = shifted.sub(DoubleExp.ROUND);
    DoubleVector r = n.fma(DoubleVector.broadcast(DOUBLES, -DoubleExp.LN2_HIGH), v);
    r = n.fma(DoubleVector.broadcast(DOUBLES, -DoubleExp.LN2_REST), r);
    DoubleVector power =
        shifted.reinterpretAsLongs().add(DoubleExp.BIAS).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
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

  /** {@link DoubleExp#log(double)}. */
  public static DoubleVector log(DoubleVector x) {
    LongVector bits = x.reinterpretAsLongs();
    LongVector biased = bits.add(DoubleExp.ONE - DoubleExp.SQRT_HALF).lanewise(VectorOperators.LSHR, 52);
    DoubleVector k =
        biased.lanewise(VectorOperators.OR, DoubleExp.TWO_52).reinterpretAsDoubles().sub(0x1p52 + DoubleExp.BIAS);
    DoubleVector m = bits.add(DoubleExp.ONE).sub(biased.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
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
    return k.fma(DoubleVector.broadcast(DOUBLES, DoubleExp.LN2), log);
  }
}
