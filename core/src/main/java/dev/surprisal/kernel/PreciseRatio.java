package dev.surprisal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code log(p / q)} in double, for distributions that nearly agree after they are normalised: beside the logarithms, or that of
 * a normaliser, the float of so small a difference would be a rounding error.
 */
final class PreciseRatio {
  private static final VectorSpecies<Double> DOUBLES = Lanes.DOUBLES;

  /** The bits of sqrt(1/2): significands are taken from [sqrt(1/2), sqrt(2)). */
  private static final long SQRT_HALF = 0x3FE6A09E667F3BCDL;

  private static final double LN2 = StrictMath.log(2);

  private PreciseRatio() {}

  /** Replaces the logits {@code x} by {@code log p - (x - base) + logSum}, rounded to float; negative infinity where p is 0. */
  static void ofLogits(float[] x, float[] p, int entries, double base, double logSum) {
    DoubleVector point = DoubleVector.broadcast(DOUBLES, base);
    DoubleVector rest = DoubleVector.broadcast(DOUBLES, logSum);
    for (int i = 0; i < entries; i += DOUBLES.length()) {
      store(log(p, i).sub(load(x, i).sub(point)).add(rest), p, x, i);
    }
  }

  /** Replaces the probabilities {@code q} by {@code log p - (log q + logRatio)}; negative infinity where p is 0. */
  static void ofProbabilities(float[] q, float[] p, int entries, double logRatio) {
    DoubleVector ratio = DoubleVector.broadcast(DOUBLES, logRatio);
    for (int i = 0; i < entries; i += DOUBLES.length()) {
      DoubleVector logQ = log(q, i).blend(Double.NEGATIVE_INFINITY, load(q, i).compare(VectorOperators.EQ, 0));
      store(log(p, i).sub(logQ.add(ratio)), p, q, i);
    }
  }

  private static DoubleVector load(float[] values, int i) {
    return (DoubleVector) FloatVector.fromArray(Lanes.HALF, values, i).convertShape(VectorOperators.F2D, DOUBLES, 0);
  }

  private static void store(DoubleVector ratio, float[] p, float[] out, int i) {
    ((FloatVector) ratio.convertShape(VectorOperators.D2F, Lanes.HALF, 0))
        .blend(Float.NEGATIVE_INFINITY, FloatVector.fromArray(Lanes.HALF, p, i).compare(VectorOperators.EQ, 0f))
        .intoArray(out, i);
  }

  /**
   * Logarithms of positive floats. With {@code p = 2^k m}, {@code log m = 2 atanh((m - 1) / (m + 1))} by its series; absolute
   * error below 1e-12.
   */
  private static DoubleVector log(float[] p, int i) {
    LongVector bits = load(p, i).reinterpretAsLongs();
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
    return ((DoubleVector) k.convert(VectorOperators.L2D, 0)).fma(DoubleVector.broadcast(DOUBLES, LN2), log);
  }
}
