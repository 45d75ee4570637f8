package dev.surprisal.kernel;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The terms of the divergences of up to 16 pairs of short rows at once, none of them negative, in the unit of p:
 *
 * <pre>
 *   p (e^v - 1 - v) = q - p - p v        v = log(q/p)
 * </pre>
 *
 * <p>{@code mismatches} counts entries where p has mass and q has none. For other divergences, p and q alone, in that unit.
 */
abstract class ShortPairsLoop {
  static final ShortPairsLoop INSTANCE = Specialized.of(ShortPairsLoop.class, Template.class, "");

  /** From here on nothing cancels in the second form; the first is exact up to {@link Exp#RANGE}. */
  private static final float FAR = 80;

  /** Does the lanes {@code lane .. lane + COUNT - 1} of so many columns of 16. */
  abstract void terms(ShortPairs pairs, int vocabulary, int lane);

  /** Leaves p and q of the lanes {@code lane .. lane + COUNT - 1} of so many columns of 16. */
  abstract void weights(ShortPairs pairs, int vocabulary, int lane);

  /** The loop; see {@link Specialized}. */
  private static final class Template extends ShortPairsLoop {
    Template() {}

    @Override
    void terms(ShortPairs pairs, int vocabulary, int lane) {
      int end = vocabulary * Lanes.WIDTH;
      FloatVector xMax = FloatVector.fromArray(Lanes.FLOATS, pairs.x.max, lane);
      FloatVector yMax = FloatVector.fromArray(Lanes.FLOATS, pairs.y.max, lane);
      FloatVector ratio = FloatVector.fromArray(Lanes.FLOATS, pairs.ratio, lane);
      IntVector mismatches = Lanes.all(0);
      for (int i = lane; i < end; i += Lanes.WIDTH) {
        FloatVector v = FloatVector.fromArray(Lanes.FLOATS, pairs.logRatios, i);
        VectorMask<Float> near = v.abs().compare(VectorOperators.LT, FAR);
        FloatVector above = Exp.aboveTangent(Lanes.all(0f).blend(v, near));
        FloatVector x = FloatVector.fromArray(Lanes.FLOATS, pairs.x.columns, i);
        FloatVector y = FloatVector.fromArray(Lanes.FLOATS, pairs.y.columns, i);
        FloatVector p = FloatVector.fromArray(Lanes.FLOATS, pairs.x.exponentials, i)
            .blend(1f, x.compare(VectorOperators.EQ, xMax));
        FloatVector q = FloatVector.fromArray(Lanes.FLOATS, pairs.y.exponentials, i)
            .blend(1f, y.compare(VectorOperators.EQ, yMax)).mul(ratio);
        FloatVector finite = v.blend(0f, p.compare(VectorOperators.EQ, 0f));
        FloatVector far = q.sub(p).sub(p.mul(finite));
        far.blend(p.mul(above), near).intoArray(pairs.terms, i);
        VectorMask<Float> mismatch = y.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY)
            .andNot(x.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY));
        mismatches = mismatches.add(1, mismatch.cast(Lanes.INTS));
      }
      mismatches.intoArray(pairs.mismatches, lane);
    }

    @Override
    void weights(ShortPairs pairs, int vocabulary, int lane) {
      int end = vocabulary * Lanes.WIDTH;
      FloatVector xMax = FloatVector.fromArray(Lanes.FLOATS, pairs.x.max, lane);
      FloatVector yMax = FloatVector.fromArray(Lanes.FLOATS, pairs.y.max, lane);
      FloatVector ratio = FloatVector.fromArray(Lanes.FLOATS, pairs.ratio, lane);
      for (int i = lane; i < end; i += Lanes.WIDTH) {
        FloatVector x = FloatVector.fromArray(Lanes.FLOATS, pairs.x.columns, i);
        FloatVector y = FloatVector.fromArray(Lanes.FLOATS, pairs.y.columns, i);
        FloatVector.fromArray(Lanes.FLOATS, pairs.x.exponentials, i)
            .blend(1f, x.compare(VectorOperators.EQ, xMax)).intoArray(pairs.p, i);
        FloatVector.fromArray(Lanes.FLOATS, pairs.y.exponentials, i)
            .blend(1f, y.compare(VectorOperators.EQ, yMax)).mul(ratio).intoArray(pairs.q, i);
      }
    }
  }
}
