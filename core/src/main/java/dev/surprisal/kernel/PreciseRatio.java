package dev.surprisal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code log(p / softmax(x))} in double, for probabilities and logits that nearly agree: the logarithm of p has an exponent of
 * its own, whose float would leave only the rounding error of the difference.
 */
final class PreciseRatio {
  private static final VectorSpecies<Double> DOUBLES = Lanes.DOUBLES;

  /** The bits of sqrt(1/2): significands are taken from [sqrt(1/2), sqrt(2)). */
  private static final long SQRT_HALF = 0x3FE6A09E667F3BCDL;

  private static final double LN2 = StrictMath.log(2);

  private PreciseRatio() {}

  /**
   * Replaces the logits {@code x} by {@code log p - (x - logSumExp)}, rounded to float; negative infinity where p is 0. With
   * {@code p = 2^k m}, {@code log m = 2 atanh((m - 1) / (m + 1))} by its series; absolute error below 1e-12 before rounding.
   */
  static void replace(float[] x, float[] p, int entries, double logSumExp) {
    DoubleVector normaliser = DoubleVector.broadcast(DOUBLES, logSumExp);
    for (int i = 0; i < entries; i += DOUBLES.length()) {
      FloatVector weights = FloatVector.fromArray(Lanes.HALF, p, i);
      DoubleVector logits = (DoubleVector) FloatVector.fromArray(Lanes.HALF, x, i)
          .convertShape(VectorOperators.F2D, DOUBLES, 0);
      LongVector bits = ((DoubleVector) weights.convertShape(VectorOperators.F2D, DOUBLES, 0)).reinterpretAsLongs();
      LongVector k = bits.sub(SQRT_HALF).lanewise(VectorOperators.ASHR, 52);
      DoubleVector m = bits.sub(k.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
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
      DoubleVector exponent = (DoubleVector) k.convert(VectorOperators.L2D, 0);
      DoubleVector ratio = exponent.fma(DoubleVector.broadcast(DOUBLES, LN2), log).sub(logits.sub(normaliser));
      ((FloatVector) ratio.convertShape(VectorOperators.D2F, Lanes.HALF, 0))
          .blend(Float.NEGATIVE_INFINITY, weights.compare(VectorOperators.EQ, 0f))
          .intoArray(x, i);
    }
  }
}
