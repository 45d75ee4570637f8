package dev.surprisal.kernel.vector;

import static dev.surprisal.kernel.vector.Vectors.FLOATS;

import dev.surprisal.kernel.scalar.Exp;
import dev.surprisal.kernel.scalar.Log;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The functions of {@link Log}, of vectors: the same operations, and so the same bits. */
public final class VectorLog {
  private VectorLog() {}

  /** {@link Log#of(float)}. */
  public static FloatVector of(FloatVector x) {
    IntVector bits = x.mul(Log.LIFT).reinterpretAsInts();
    IntVector k = bits.sub(Log.SQRT_HALF).lanewise(VectorOperators.ASHR, 23);
    FloatVector f = bits.sub(k.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats().sub(1f);
    FloatVector f2 = f.mul(f);
    FloatVector f4 = f2.mul(f2);
    FloatVector p0 = f.fma(FloatVector.broadcast(FLOATS, Log.P1), FloatVector.broadcast(FLOATS, Log.P0));
    FloatVector p2 = f.fma(FloatVector.broadcast(FLOATS, Log.P3), FloatVector.broadcast(FLOATS, Log.P2));
    FloatVector p4 = f.fma(FloatVector.broadcast(FLOATS, Log.P5), FloatVector.broadcast(FLOATS, Log.P4));
    FloatVector p6 = f.fma(FloatVector.broadcast(FLOATS, Log.P7), FloatVector.broadcast(FLOATS, Log.P6));
    FloatVector p = p6.fma(f2, p4).fma(f4, p2.fma(f2, p0));
    FloatVector significand = p.fma(f, FloatVector.broadcast(FLOATS, -0.5f)).fma(f2, f);
    FloatVector exponent = (FloatVector) k.sub(Log.LIFTED).convert(VectorOperators.I2F, 0);
    return exponent.fma(FloatVector.broadcast(FLOATS, Exp.LN2), significand)
        .blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f));
  }

  /** {@link Log#ofRatio(float, float)}. */
  public static FloatVector ofRatio(FloatVector p, FloatVector q) {
    IntVector pBits = p.mul(Log.LIFT).reinterpretAsInts();
    FloatVector qLifted = q.mul(Log.LIFT);
    IntVector k = pBits.sub(qLifted.reinterpretAsInts()).add(Log.HALF_BINADE).lanewise(VectorOperators.ASHR, 23);
    FloatVector pNear = pBits.sub(k.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
    FloatVector z = pNear.sub(qLifted).div(pNear.add(qLifted));
    FloatVector z2 = z.mul(z);
    FloatVector atanh = FloatVector.broadcast(FLOATS, Log.Z3)
        .fma(z2, FloatVector.broadcast(FLOATS, Log.Z2))
        .fma(z2, FloatVector.broadcast(FLOATS, Log.Z1))
        .fma(z2, FloatVector.broadcast(FLOATS, Log.Z0))
        .mul(z2)
        .fma(z, z.add(z));
    FloatVector exponent = (FloatVector) k.convert(VectorOperators.I2F, 0);
    return exponent.fma(FloatVector.broadcast(FLOATS, Exp.LN2), atanh);
  }
}
