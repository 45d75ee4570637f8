package dev.surprisal.kernel.vector;

import static dev.surprisal.kernel.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Natural logarithms of floats. */
public final class Log {
  /** Largest error of {@link #of}, relative, over all positive floats. */
  public static final double MAX_RELATIVE_ERROR = 0.9e-7;

  /** Largest error of {@link #ofRatio}, relative. */
  public static final double MAX_RATIO_RELATIVE_ERROR = 2.4e-7;

  /** Lifts subnormals to normal numbers. */
  private static final float LIFT = 0x1p24f;

  private static final int LIFTED = 24;

  /** The bits of sqrt(1/2): significands are taken from [sqrt(1/2), sqrt(2)). */
  private static final int SQRT_HALF = 0x3F3504F3;

  // log(1 + f) = f - f^2 / 2 + f^3 (P0 + P1 f + .. + P7 f^7) on [sqrt(1/2) - 1, sqrt(2) - 1], minimax:
  // 6.3e-9 with these coefficients.
  private static final float P0 = 0x1.555554p-2f;
  private static final float P1 = -0x1.000228p-2f;
  private static final float P2 = 0x1.99a00ep-3f;
  private static final float P3 = -0x1.5471b4p-3f;
  private static final float P4 = 0x1.22d91ep-3f;
  private static final float P5 = -0x1.0d8a18p-3f;
  private static final float P6 = 0x1.05655ep-3f;
  private static final float P7 = -0x1.38b438p-4f;

  private Log() {}

  /**
   * {@code log x} for {@code 0 <= x <= 2^103}; negative infinity at 0. With {@code x = 2^k (1 + f)} the logarithm of
   * {@code 1 + f} is {@code f - f^2 / 2 + f^3 P(f)}, P minimax.
   */
  public static FloatVector of(FloatVector x) {
    IntVector bits = x.mul(LIFT).reinterpretAsInts();
    IntVector k = bits.sub(SQRT_HALF).lanewise(VectorOperators.ASHR, 23);
    FloatVector f = bits.sub(k.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats().sub(1f);
    FloatVector f2 = f.mul(f);
    FloatVector f4 = f2.mul(f2);
    FloatVector p0 = f.fma(FloatVector.broadcast(FLOATS, P1), FloatVector.broadcast(FLOATS, P0));
    FloatVector p2 = f.fma(FloatVector.broadcast(FLOATS, P3), FloatVector.broadcast(FLOATS, P2));
    FloatVector p4 = f.fma(FloatVector.broadcast(FLOATS, P5), FloatVector.broadcast(FLOATS, P4));
    FloatVector p6 = f.fma(FloatVector.broadcast(FLOATS, P7), FloatVector.broadcast(FLOATS, P6));
    FloatVector p = p6.fma(f2, p4).fma(f4, p2.fma(f2, p0));
    FloatVector significand = p.fma(f, FloatVector.broadcast(FLOATS, -0.5f)).fma(f2, f);
    FloatVector exponent = (FloatVector) k.sub(LIFTED).convert(VectorOperators.I2F, 0);
    return exponent.fma(FloatVector.broadcast(FLOATS, Exp.LN2), significand)
        .blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f));
  }

  /**
   * {@code log(p/q)} for positive p and q up to 2^103; arbitrary where one is 0. With {@code p/q = 2^k p'/q} and
   * {@code p'/q} in [2/3, 3/2], {@code log(p'/q) = 2 atanh z} of {@code z = (p' - q) / (p' + q)}: exact relative to
   * itself where p and q nearly agree, for then k is 0 and {@code p - q} is not rounded.
   */
  public static FloatVector ofRatio(FloatVector p, FloatVector q) {
    IntVector pBits = p.mul(LIFT).reinterpretAsInts();
    FloatVector qLifted = q.mul(LIFT);
    IntVector k = pBits.sub(qLifted.reinterpretAsInts()).add(0x00400000).lanewise(VectorOperators.ASHR, 23);
    FloatVector pNear = pBits.sub(k.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
    FloatVector z = pNear.sub(qLifted).div(pNear.add(qLifted));
    FloatVector z2 = z.mul(z);
    FloatVector atanh = FloatVector.broadcast(FLOATS, 0x1.f1badap-3f)
        .fma(z2, FloatVector.broadcast(FLOATS, 0x1.23c3c2p-2f))
        .fma(z2, FloatVector.broadcast(FLOATS, 0x1.999ca6p-2f))
        .fma(z2, FloatVector.broadcast(FLOATS, 0x1.555554p-1f))
        .mul(z2)
        .fma(z, z.add(z));
    FloatVector exponent = (FloatVector) k.convert(VectorOperators.I2F, 0);
    return exponent.fma(FloatVector.broadcast(FLOATS, Exp.LN2), atanh);
  }
}
