package dev.surprisal.kernel;

import static dev.surprisal.kernel.Lanes.FLOATS;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * A divergence of two distributions as a sum of terms that are never negative, from what {@link RatioLoop} leaves of a
 * stretch of two rows: p, q and {@code v = log(p/q)}, exact relative to itself also where p and q nearly agree.
 *
 * <pre>
 *   KL              a = sum p (e^-v - 1 + v)                     = sum p log(p/q) if both have the same mass
 *   Jensen-Shannon  a = sum (p log(p/m) + q log(q/m)) / 2        m = (p + q) / 2
 * </pre>
 *
 * <p>For {@code |v| < 1} a term is {@code p v^2} times a polynomial in v; farther apart nothing cancels in the definition.
 */
abstract class DivergenceLoop {
  /** The two divergences. */
  static final DivergenceLoop KL = Specialized.of(DivergenceLoop.class, Template.class, false);

  static final DivergenceLoop JENSEN_SHANNON = Specialized.of(DivergenceLoop.class, Template.class, true);

  /** Adds up the lanes {@code lane .. lane + COUNT - 1} of so many entries, whole vectors of 16, into a slot of {@code tile.a}. */
  abstract void add(float[] ps, float[] qs, float[] vs, int entries, int lane, int slot, Tile tile);

  /** The loop; see {@link Specialized}. */
  private static final class Template extends DivergenceLoop {
    private static final boolean SHANNON = Specialized.data(MethodHandles.lookup(), Boolean.class);

    Template() {}

    @Override
    void add(float[] ps, float[] qs, float[] vs, int entries, int lane, int slot, Tile tile) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = lane; i < entries; i += Lanes.WIDTH) {
        FloatVector p = FloatVector.fromArray(Lanes.FLOATS, ps, i);
        FloatVector q = FloatVector.fromArray(Lanes.FLOATS, qs, i);
        FloatVector v = FloatVector.fromArray(Lanes.FLOATS, vs, i);
        VectorMask<Float> close = v.abs().compare(VectorOperators.LT, 1f);
        FloatVector apart = SHANNON ? shannonApart(p, q, v) : apart(p, q, v);
        FloatVector near = p.mul(v).mul(v).mul(SHANNON ? shannonClose(v) : excess(v));
        sum = sum.add(apart.blend(near, close));
      }
      sum.intoArray(tile.a, slot + lane);
    }

    /** {@code q - p + p v}; q alone where p is 0 and v is negative infinity. */
    private static FloatVector apart(FloatVector p, FloatVector q, FloatVector v) {
      FloatVector finite = v.blend(0f, v.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY));
      return q.sub(p).add(p.mul(finite));
    }

    /** {@code (e^-v - 1 + v) / v^2} for {@code |v| < 1}, relative error 8.6e-8 before rounding. */
    private static FloatVector excess(FloatVector v) {
      return FloatVector.broadcast(FLOATS, 0x1.a2c5b8p-16f)
          .fma(v, FloatVector.broadcast(FLOATS, -0x1.aa419cp-13f))
          .fma(v, FloatVector.broadcast(FLOATS, 0x1.6c272ep-10f))
          .fma(v, FloatVector.broadcast(FLOATS, -0x1.10fce8p-7f))
          .fma(v, FloatVector.broadcast(FLOATS, 0x1.555504p-5f))
          .fma(v, FloatVector.broadcast(FLOATS, -0x1.55557cp-3f))
          .fma(v, FloatVector.broadcast(FLOATS, 0.5f));
    }

    /** {@code (log(p/m) + q/p log(q/m)) / (2 v^2)} for {@code |v| < 1}, relative error 8.6e-9 before rounding. */
    private static FloatVector shannonClose(FloatVector v) {
      return FloatVector.broadcast(FLOATS, 0x1.6b7b24p-17f)
          .fma(v, FloatVector.broadcast(FLOATS, -0x1.6b0c50p-14f))
          .fma(v, FloatVector.broadcast(FLOATS, 0x1.c71b8ep-12f))
          .fma(v, FloatVector.broadcast(FLOATS, -0x1.55584cp-9f))
          .fma(v, FloatVector.broadcast(FLOATS, 0x1.000004p-6f))
          .fma(v, FloatVector.broadcast(FLOATS, -0x1.fffffcp-5f))
          .fma(v, FloatVector.broadcast(FLOATS, 0.125f));
    }

    /**
     * {@code (p log(p/m) + q log(q/m)) / 2} from the larger, M, and the smaller, sM, of p and q, at least a factor e apart:
     * {@code M/2 ((1 + s)(log 2 - log(1 + s)) - s |v|)}. Where one of them is 0, so is s, and v is infinite.
     */
    private static FloatVector shannonApart(FloatVector p, FloatVector q, FloatVector v) {
      VectorMask<Float> pLarger = p.compare(VectorOperators.GT, q);
      FloatVector larger = q.blend(p, pLarger);
      FloatVector s = p.blend(q, pLarger).div(larger.blend(1f, larger.compare(VectorOperators.EQ, 0f)));
      FloatVector log1p = FloatVector.broadcast(FLOATS, 0x1.af3652p-5f)
          .fma(s, FloatVector.broadcast(FLOATS, -0x1.0ab266p-3f))
          .fma(s, FloatVector.broadcast(FLOATS, 0x1.88e1bcp-3f))
          .fma(s, FloatVector.broadcast(FLOATS, -0x1.fdfc2ap-3f))
          .fma(s, FloatVector.broadcast(FLOATS, 0x1.55462cp-2f))
          .fma(s, FloatVector.broadcast(FLOATS, -0x1.ffffaap-2f))
          .fma(s, FloatVector.broadcast(FLOATS, 1f))
          .mul(s);
      FloatVector entropies = s.add(1f).mul(FloatVector.broadcast(FLOATS, (float) Math.log(2)).sub(log1p));
      return larger.mul(0.5f).mul(entropies.sub(s.mul(v.abs().blend(0f, s.compare(VectorOperators.EQ, 0f)))));
    }
  }
}
