package dev.surprisal.kernel.loop;

import static dev.surprisal.kernel.vector.Lanes.FLOATS;

import dev.surprisal.kernel.vector.FloatSlots;
import dev.surprisal.kernel.vector.Lanes;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Specialized;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * A divergence of two distributions as a sum of terms that are never negative, from what {@link LogRatioLoop} leaves of
 * a block of two rows: p, q and {@code v = log(p/q)}, exact relative to itself also where p and q nearly agree.
 *
 * <pre>
 *   KL              sum p (e^-v - 1 + v)                     = sum p log(p/q) if both have the same mass
 *   Jensen-Shannon  sum (p log(p/m) + q log(q/m)) / 2        m = (p + q) / 2
 * </pre>
 *
 * <p>For {@code |v| < 1} (3/2 for Jensen-Shannon) a term is {@code p v^2} times a polynomial in v; farther apart
 * little cancels in the definition.
 */
public abstract class DivergenceLoop {
  /** What the loop leaves, a slot a block. */
  public static final class Blocks {
    public final FloatSlots terms = new FloatSlots();
  }

  /** The Kullback-Leibler divergence. */
  public static final DivergenceLoop KL =
      Loops.single(MethodHandles.lookup(), DivergenceLoop.class, Template.class, false);

  /** The Jensen-Shannon divergence. */
  public static final DivergenceLoop JENSEN_SHANNON =
      Loops.single(MethodHandles.lookup(), DivergenceLoop.class, Template.class, true);

  /** Adds up the lanes {@code lane .. lane + COUNT - 1} of so many entries, whole vectors of 16, into a slot. */
  abstract void add(float[] ps, float[] qs, float[] vs, int entries, int lane, int slot, Blocks out);

  /** All 16 lanes of so many entries of a block, into its slot. */
  public final void add(float[] ps, float[] qs, float[] vs, int entries, int block, Blocks out) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
      add(ps, qs, vs, entries, lane, block * Lanes.WIDTH, out);
    }
  }

  /** The loop; see {@link Specialized}. */
  private static final class Template extends DivergenceLoop {
    private static final boolean SHANNON = Specialized.data(MethodHandles.lookup(), Boolean.class);
    private static final float LN2 = (float) StrictMath.log(2);

    Template() {}

    @Override
    void add(float[] ps, float[] qs, float[] vs, int entries, int lane, int slot, Blocks out) {
      // Kahan's compensated sum: many equal small terms beside a large one would all be rounded the same way.
      FloatVector sum = FloatVector.zero(FLOATS);
      FloatVector excess = FloatVector.broadcast(FLOATS, 0f);
      for (int i = lane; i < entries; i += Lanes.WIDTH) {
        FloatVector p = FloatVector.fromArray(FLOATS, ps, i);
        FloatVector q = FloatVector.fromArray(FLOATS, qs, i);
        FloatVector v = FloatVector.fromArray(FLOATS, vs, i);
        FloatVector v2 = v.mul(v);
        FloatVector apart;
        FloatVector polynomial;
        if (SHANNON) {
          // (log(p/m) + q/p log(q/m)) / (2 v^2), minimax on [-3/2, 3/2]: 4.6e-8.
          FloatVector c0 = v.fma(FloatVector.broadcast(FLOATS, -0x1.fffffcp-5f), FloatVector.broadcast(FLOATS, 0.125f));
          FloatVector c2 =
              v.fma(FloatVector.broadcast(FLOATS, -0x1.5556e8p-9f), FloatVector.broadcast(FLOATS, 0x1.fffff0p-7f));
          FloatVector c4 =
              v.fma(FloatVector.broadcast(FLOATS, -0x1.6bacacp-14f), FloatVector.broadcast(FLOATS, 0x1.c7265ep-12f));
          FloatVector c6 =
              v.fma(FloatVector.broadcast(FLOATS, 0x1.710bc2p-23f), FloatVector.broadcast(FLOATS, 0x1.6a34f0p-17f));
          FloatVector c8 =
              v.fma(FloatVector.broadcast(FLOATS, -0x1.00c4f0p-24f), FloatVector.broadcast(FLOATS, 0x1.19bef0p-27f));
          FloatVector v4 = v2.mul(v2);
          polynomial = c8.fma(v4, c6.fma(v2, c4)).fma(v4, c2.fma(v2, c0));
          // From the larger, M, and the smaller, sM, of p and q: M/2 ((1 + s)(log 2 - log(1 + s)) - s |v|), s below
          // e^-1.5. Where one of them is 0, so is s, and v is infinite.
          VectorMask<Float> pLarger = p.compare(VectorOperators.GT, q);
          FloatVector larger = q.blend(p, pLarger);
          FloatVector s = p.blend(q, pLarger).div(larger.blend(1f, larger.compare(VectorOperators.EQ, 0f)));
          FloatVector s2 = s.mul(s);
          FloatVector l1 = s.fma(FloatVector.broadcast(FLOATS, -0x1.ffffaap-2f), FloatVector.broadcast(FLOATS, 1f));
          FloatVector l3 =
              s.fma(FloatVector.broadcast(FLOATS, -0x1.fdfc2ap-3f), FloatVector.broadcast(FLOATS, 0x1.55462cp-2f));
          FloatVector l5 =
              s.fma(FloatVector.broadcast(FLOATS, -0x1.0ab266p-3f), FloatVector.broadcast(FLOATS, 0x1.88e1bcp-3f));
          FloatVector log1p =
              FloatVector.broadcast(FLOATS, 0x1.af3652p-5f).fma(s2, l5).fma(s2.mul(s2), l3.fma(s2, l1)).mul(s);
          FloatVector distance = v.abs().blend(0f, s.compare(VectorOperators.EQ, 0f));
          FloatVector entropies = s.add(1f).mul(FloatVector.broadcast(FLOATS, LN2).sub(log1p));
          apart = larger.mul(0.5f).mul(entropies.sub(s.mul(distance)));
        } else {
          // (e^-v - 1 + v) / v^2, minimax on [-1, 1]: 1.0e-8 with these coefficients.
          FloatVector c0 = v.fma(FloatVector.broadcast(FLOATS, -0x1.555556p-3f), FloatVector.broadcast(FLOATS, 0.5f));
          FloatVector c2 =
              v.fma(FloatVector.broadcast(FLOATS, -0x1.1110e0p-7f), FloatVector.broadcast(FLOATS, 0x1.55557ap-5f));
          FloatVector c4 =
              v.fma(FloatVector.broadcast(FLOATS, -0x1.a028ccp-13f), FloatVector.broadcast(FLOATS, 0x1.6bffb0p-10f));
          FloatVector c6 =
              v.fma(FloatVector.broadcast(FLOATS, -0x1.7416d2p-19f), FloatVector.broadcast(FLOATS, 0x1.a9622ap-16f));
          polynomial = c6.fma(v2, c4).fma(v2.mul(v2), c2.fma(v2, c0));
          // q alone where p is 0, whatever v is.
          FloatVector finite = v.blend(0f, p.compare(VectorOperators.EQ, 0f));
          apart = q.sub(p).add(p.mul(finite));
        }
        FloatVector close = p.mul(v).mul(v).mul(polynomial);
        FloatVector term = apart.blend(close, v.abs().compare(VectorOperators.LT, SHANNON ? 1.5f : 1)).sub(excess);
        FloatVector next = sum.add(term);
        excess = next.sub(sum).sub(term).blend(0f, next.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
        sum = next;
      }
      sum.intoArray(out.terms.lanes, slot + lane);
    }
  }
}
