package dev.surprisal.kernel.vector;

import static dev.surprisal.kernel.vector.Vectors.FLOATS;

import dev.surprisal.kernel.scalar.Exp;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** The functions of {@link Exp}, of vectors: the same operations, and so the same bits. */
public final class VectorExp {
  private VectorExp() {}

  /** {@link Exp#scaled(float, float)}. */
  public static FloatVector scaled(FloatVector x, FloatVector magic) {
    FloatVector shifted = x.fma(FloatVector.broadcast(FLOATS, Exp.LOG2_E), magic);
    FloatVector r = shifted.sub(magic).fma(FloatVector.broadcast(FLOATS, -Exp.LN2), x);
    FloatVector r2 = r.mul(r);
    FloatVector high = r.fma(FloatVector.broadcast(FLOATS, Exp.C5), FloatVector.broadcast(FLOATS, Exp.C4));
    FloatVector low = r.fma(FloatVector.broadcast(FLOATS, Exp.C3), FloatVector.broadcast(FLOATS, Exp.C2));
    FloatVector p = high.fma(r2, low).fma(r2, r.add(1f));
    return p.reinterpretAsInts()
        .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
        .reinterpretAsFloats();
  }

  /** {@link Exp#aboveTangent(float)}. */
  public static FloatVector aboveTangent(FloatVector v) {
    FloatVector magic = FloatVector.broadcast(FLOATS, Exp.ROUND + Exp.BIAS);
    FloatVector shifted = v.fma(FloatVector.broadcast(FLOATS, Exp.LOG2_E), magic);
    FloatVector r = shifted.sub(magic).fma(FloatVector.broadcast(FLOATS, -Exp.LN2), v);
    FloatVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    FloatVector r2 = r.mul(r);
    FloatVector high = r.fma(FloatVector.broadcast(FLOATS, Exp.G3), FloatVector.broadcast(FLOATS, Exp.G2));
    FloatVector low = r.fma(FloatVector.broadcast(FLOATS, Exp.G1), FloatVector.broadcast(FLOATS, Exp.G0));
    FloatVector p = r2.fma(FloatVector.broadcast(FLOATS, Exp.G4), high).fma(r2, low);
    // In this order: the last sum is exact where it cancels.
    FloatVector line = r.fma(power, power.sub(1f)).sub(v);
    return p.fma(r2.mul(power), line);
  }
}
