package dev.surprisal.kernel.loop;

import static dev.surprisal.kernel.vector.Vectors.FLOATS;

import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Specialized;
import dev.surprisal.kernel.vector.Vectors;
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
 * <p>Both are homogeneous: p, or {@code p + q}, times a function of v. Where that is small it is {@code v^2} times a
 * polynomial, so that nothing cancels; where it is not, the definition, in which little does.
 */
public abstract class DivergenceLoop extends Strips {
  /** What the loop leaves, a slot a block. */
  public static final class Blocks {
    public final FloatSlots terms = new FloatSlots();
  }

  /** Which divergence. Each is a copy of the loop of its own. */
  public enum Kind {
    KL, JENSEN_SHANNON
  }

  private static final Loops<DivergenceLoop> LOOPS =
      Loops.of(MethodHandles.lookup(), DivergenceLoop.class, Template.class, new Loops.Plain<>() {
        @Override
        public DivergenceLoop of(Source source, Enum<?> variant) {
          return new Plain((Kind) variant);
        }
      }, Kind.values());

  /** The loop of a kind. */
  public static DivergenceLoop of(Kind kind) {
    return LOOPS.of(Source.F32_ARRAY, kind);
  }

  DivergenceLoop(int lanes) {
    super(lanes);
  }

  /** Adds up the lanes {@code lane .. lane + COUNT - 1} of so many entries, whole vectors of 16, into a slot. */
  abstract void add(float[] ps, float[] qs, float[] vs, int entries, int lane, int slot, Blocks out);

  /** All 16 lanes of so many entries of a block, into its slot. */
  public final void add(float[] ps, float[] qs, float[] vs, int entries, int block, Blocks out) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += lanes) {
      add(ps, qs, vs, entries, lane, block * Lanes.WIDTH, out);
    }
  }

  /** The plain form. */
  private static final class Plain extends DivergenceLoop {
    Plain(Kind variant) {
      super(Lanes.WIDTH);
    }

    @Override
    void add(float[] ps, float[] qs, float[] vs, int entries, int lane, int slot, Blocks out) {
      throw new UnsupportedOperationException("no plain form yet");
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends DivergenceLoop {
    private static final boolean SHANNON =
        Specialized.data(MethodHandles.lookup(), Object[].class)[1] == Kind.JENSEN_SHANNON;

    Template() {
      super(Vectors.COUNT);
    }

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
        FloatVector close;
        FloatVector apart;
        VectorMask<Float> isClose;
        if (SHANNON) {
          // With r, the smaller's share of p + q, a term is (p + q) / 2 (log 2 - H(r)), H(r) the entropy of r and
          // 1 - r. That is even in v: (p + q) v^2 P(v^2), P a polynomial about the middle of its range, where its
          // coefficients fall fast and little cancels; minimax to |v| = 2.75: 7.7e-8.
          FloatVector y = v.fma(v, FloatVector.broadcast(FLOATS, -4f));
          FloatVector y2 = y.mul(y);
          FloatVector c0 =
              y.fma(FloatVector.broadcast(FLOATS, -0x1.e29d7ep-9f), FloatVector.broadcast(FLOATS, 0x1.4fae4cp-5f));
          FloatVector c2 =
              y.fma(FloatVector.broadcast(FLOATS, -0x1.7bbda6p-16f), FloatVector.broadcast(FLOATS, 0x1.362cecp-12f));
          FloatVector c4 =
              y.fma(FloatVector.broadcast(FLOATS, -0x1.094ce6p-23f), FloatVector.broadcast(FLOATS, 0x1.c68542p-20f));
          FloatVector c6 =
              y.fma(FloatVector.broadcast(FLOATS, -0x1.b40da4p-31f), FloatVector.broadcast(FLOATS, 0x1.30427ep-27f));
          FloatVector c8 = FloatVector.broadcast(FLOATS, 0x1.23cb9ep-34f).fma(y2, c6);
          FloatVector polynomial = c8.fma(y2, c4).fma(y2.mul(y2), c2.fma(y2, c0));
          FloatVector both = p.add(q);
          close = both.mul(v2).mul(polynomial);
          // H(r) = r |v| - log(1 - r). (log 2 + log(1 - r)) / 2 from |v| = 2.75 on: 6.0e-8 of the term.
          FloatVector size = v.abs();
          isClose = size.compare(VectorOperators.LT, 2.75f);
          // The order of floats that are not negative is that of their bits.
          FloatVector r = p.reinterpretAsInts().min(q.reinterpretAsInts()).reinterpretAsFloats()
              .div(both.blend(1f, both.compare(VectorOperators.EQ, 0f)));
          // Where one of them is 0, v is infinite or NaN, and counts for nothing, as for any |v| as large as that.
          FloatVector distance = Vectors.all(0f).blend(size, size.compare(VectorOperators.LT, 128f));
          FloatVector entropy =
              distance.fma(FloatVector.broadcast(FLOATS, -0.5f), FloatVector.broadcast(FLOATS, -0x1.0000d4p-1f));
          apart = both.mul(
              r.fma(FloatVector.broadcast(FLOATS, -0x1.75e858p-3f), FloatVector.broadcast(FLOATS, -0x1.fecaa0p-3f))
                  .fma(r, entropy).fma(r, FloatVector.broadcast(FLOATS, 0x1.62e430p-2f)));
        } else {
          // (e^-v - 1 + v) / v^2, minimax on [-2, 1]: 1.1e-8 with these coefficients.
          FloatVector c0 =
              v.fma(FloatVector.broadcast(FLOATS, -0x1.555558p-3f), FloatVector.broadcast(FLOATS, 0x1.0p-1f));
          FloatVector c2 =
              v.fma(FloatVector.broadcast(FLOATS, -0x1.110faep-7f), FloatVector.broadcast(FLOATS, 0x1.555546p-5f));
          FloatVector c4 =
              v.fma(FloatVector.broadcast(FLOATS, -0x1.a0b52ep-13f), FloatVector.broadcast(FLOATS, 0x1.6c2052p-10f));
          FloatVector c6 =
              v.fma(FloatVector.broadcast(FLOATS, -0x1.61fe04p-19f), FloatVector.broadcast(FLOATS, 0x1.9be780p-16f));
          FloatVector c8 = FloatVector.broadcast(FLOATS, 0x1.c061fap-22f).fma(v2, c6);
          FloatVector polynomial = c8.fma(v2, c4).fma(v2.mul(v2), c2.fma(v2, c0));
          close = p.mul(v2).mul(polynomial);
          isClose = v.add(0.5f).abs().compare(VectorOperators.LT, 1.5f);
          // q alone where p is 0, whatever v is.
          FloatVector finite = v.blend(0f, p.compare(VectorOperators.EQ, 0f));
          apart = p.fma(finite, q.sub(p));
        }
        FloatVector term = apart.blend(close, isClose).sub(excess);
        FloatVector next = sum.add(term);
        excess = next.sub(sum).sub(term).blend(0f, next.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
        sum = next;
      }
      sum.intoArray(out.terms.lanes, slot + lane);
    }
  }
}
