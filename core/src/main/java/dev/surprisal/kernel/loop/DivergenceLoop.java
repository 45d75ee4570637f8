package dev.surprisal.kernel.loop;

import static dev.surprisal.kernel.vector.Vectors.FLOATS;

import dev.surprisal.kernel.scalar.Exp;
import dev.surprisal.kernel.scalar.Fma;
import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Rehearsal;
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

    // The stages of the plain form: room for a block, and for all entries of short rows side by side.
    final float[] close = new float[Sizes.SHORT * Lanes.WIDTH];
    final float[] apart = new float[Sizes.SHORT * Lanes.WIDTH];
    final float[] both = new float[Sizes.SHORT * Lanes.WIDTH];
    final float[] distance = new float[Sizes.SHORT * Lanes.WIDTH];
  }

  /** Which divergence. Each is a copy of the loop of its own. */
  public enum Kind {
    KL, JENSEN_SHANNON
  }

  // Jensen-Shannon of close entries: with r, the smaller's share of p + q, a term is (p + q) / 2 (log 2 - H(r)), H(r)
  // the entropy of r and 1 - r. That is even in v: (p + q) v^2 (S0 + S1 y + .. + S8 y^8), y = v^2 - 4 about the middle
  // of its range, where the coefficients fall fast and little cancels; minimax to |v| = 2.75: 7.7e-8.
  private static final float S0 = 0x1.4fae4cp-5f;
  private static final float S1 = -0x1.e29d7ep-9f;
  private static final float S2 = 0x1.362cecp-12f;
  private static final float S3 = -0x1.7bbda6p-16f;
  private static final float S4 = 0x1.c68542p-20f;
  private static final float S5 = -0x1.094ce6p-23f;
  private static final float S6 = 0x1.30427ep-27f;
  private static final float S7 = -0x1.b40da4p-31f;
  private static final float S8 = 0x1.23cb9ep-34f;

  // H(r) = r |v| - log(1 - r): (log 2 + log(1 - r)) / 2 = H0 + H1 r + H2 r^2 + H3 r^3 from |v| = 2.75 on, 6.0e-8 of the
  // term.
  private static final float H0 = 0x1.62e430p-2f;
  private static final float H1 = -0x1.0000d4p-1f;
  private static final float H2 = -0x1.fecaa0p-3f;
  private static final float H3 = -0x1.75e858p-3f;

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

  @Override
  public Rehearsal rehearsal(Source source) {
    float[] p = MadeUp.weights(3);
    float[] q = MadeUp.weights(5);
    float[] v = MadeUp.logits(1);
    Blocks out = new Blocks();
    return new Rehearsal() {
      @Override
      public void run(int entries) {
        add(p, q, v, Math.min(entries, Sizes.BLOCK), 0, out);
      }
    };
  }

  /** The plain form. */
  private static final class Plain extends DivergenceLoop {
    private static final int ONE = Float.floatToRawIntBits(1);

    /** Up to which size of v, or of {@code v + 1/2}, terms are close; and from which on v counts for nothing. */
    private static final int CLOSE_SHANNON = Float.floatToRawIntBits(2.75f);
    private static final int CLOSE_KL = Float.floatToRawIntBits(1.5f);
    private static final int FAR = Float.floatToRawIntBits(128);

    private final Kind kind;

    Plain(Kind kind) {
      super(Lanes.WIDTH);
      this.kind = kind;
    }

    @Override
    void add(float[] ps, float[] qs, float[] vs, int entries, int lane, int slot, Blocks out) {
      if (kind == Kind.JENSEN_SHANNON) {
        add(ps, qs, entries, out.both);
        share(ps, qs, vs, out.both, entries, out.apart, out.close, out.distance);
        apartShannon(out.both, out.close, out.distance, entries, out.apart);
        closeShannon(out.both, vs, entries, out.close);
        select(vs, CLOSE_SHANNON, out.apart, entries, out.close);
      } else {
        finite(ps, vs, entries, out.distance);
        apartKl(ps, qs, out.distance, entries, out.apart);
        closeKl(ps, vs, entries, out.close, out.distance);
        select(out.distance, CLOSE_KL, out.apart, entries, out.close);
      }
      Stage.sumByKahan(out.close, entries, out.terms.lanes, slot);
      for (int i = 0; i < Lanes.WIDTH; i++) {
        if (Float.isNaN(out.terms.lanes[slot + i])) {
          out.terms.lanes[slot + i] = sumInfinite(out.close, entries, i);
        }
      }
    }

    private static void add(float[] p, float[] q, int count, float[] to) {
      for (int i = 0; i < count; i++) {
        to[i] = p[i] + q[i];
      }
    }

    /** The smaller of p and q, what it is to be divided by, and the size of v. */
    private static void share(
        float[] p, float[] q, float[] v, float[] both, int count, float[] smaller, float[] divisor, float[] distance) {
      for (int i = 0; i < count; i++) {
        int size = Float.floatToRawIntBits(v[i]) & Integer.MAX_VALUE;
        int sum = Float.floatToRawIntBits(both[i]);
        smaller[i] = Float.intBitsToFloat(Math.min(Float.floatToRawIntBits(p[i]), Float.floatToRawIntBits(q[i])));
        divisor[i] = Float.intBitsToFloat(Stage.select(Stage.isBelow(sum, 1), ONE, sum));
        distance[i] = Float.intBitsToFloat(size & Stage.isBelow(size, FAR));
      }
    }

    /** The terms of entries far apart, in place of the smaller of p and q. */
    private static void apartShannon(float[] both, float[] divisor, float[] distance, int count, float[] smaller) {
      for (int i = 0; i < count; i++) {
        float r = smaller[i] / divisor[i];
        float entropy = Fma.fma(distance[i], -0.5f, H1);
        float log = Fma.fma(Fma.fma(r, H3, H2), r, entropy);
        smaller[i] = both[i] * Fma.fma(log, r, H0);
      }
    }

    private static void closeShannon(float[] both, float[] vs, int count, float[] to) {
      for (int i = 0; i < count; i++) {
        float v = vs[i];
        float y = Fma.fma(v, v, -4f);
        float y2 = y * y;
        float c0 = Fma.fma(y, S1, S0);
        float c2 = Fma.fma(y, S3, S2);
        float c4 = Fma.fma(y, S5, S4);
        float c6 = Fma.fma(y, S7, S6);
        float c8 = Fma.fma(S8, y2, c6);
        float polynomial = Fma.fma(Fma.fma(c8, y2, c4), y2 * y2, Fma.fma(c2, y2, c0));
        to[i] = both[i] * (v * v) * polynomial;
      }
    }

    /** v, 0 where p is 0. */
    private static void finite(float[] p, float[] v, int count, float[] to) {
      for (int i = 0; i < count; i++) {
        int none = Stage.isBelow(Float.floatToRawIntBits(p[i]), 1);
        to[i] = Float.intBitsToFloat(Float.floatToRawIntBits(v[i]) & ~none);
      }
    }

    private static void apartKl(float[] p, float[] q, float[] v, int count, float[] to) {
      for (int i = 0; i < count; i++) {
        to[i] = Fma.fma(p[i], v[i], q[i] - p[i]);
      }
    }

    /** The terms of close entries, and {@code v + 1/2}. */
    private static void closeKl(float[] p, float[] vs, int count, float[] to, float[] middle) {
      for (int i = 0; i < count; i++) {
        float v = vs[i];
        float v2 = v * v;
        float c0 = Fma.fma(v, -Exp.T1, Exp.T0);
        float c2 = Fma.fma(v, -Exp.T3, Exp.T2);
        float c4 = Fma.fma(v, -Exp.T5, Exp.T4);
        float c6 = Fma.fma(v, -Exp.T7, Exp.T6);
        float c8 = Fma.fma(Exp.T8, v2, c6);
        float polynomial = Fma.fma(Fma.fma(c8, v2, c4), v2 * v2, Fma.fma(c2, v2, c0));
        to[i] = p[i] * v2 * polynomial;
        middle[i] = v + 0.5f;
      }
    }

    /** Puts the terms of entries far apart in place of others. */
    private static void select(float[] by, int limit, float[] apart, int count, float[] close) {
      for (int i = 0; i < count; i++) {
        int isClose = Stage.isBelow(Float.floatToRawIntBits(by[i]), limit);
        close[i] = Float.intBitsToFloat(
            Stage.select(isClose, Float.floatToRawIntBits(close[i]), Float.floatToRawIntBits(apart[i])));
      }
    }

    /** A compensated sum that may be infinite on the way. */
    private static float sumInfinite(float[] terms, int count, int lane) {
      float sum = 0;
      float excess = 0;
      for (int i = lane; i < count; i += Lanes.WIDTH) {
        float term = terms[i] - excess;
        float next = sum + term;
        excess = next == Float.POSITIVE_INFINITY ? 0 : next - sum - term;
        sum = next;
      }
      return sum;
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
          FloatVector y = v.fma(v, FloatVector.broadcast(FLOATS, -4f));
          FloatVector y2 = y.mul(y);
          FloatVector c0 =
              y.fma(FloatVector.broadcast(FLOATS, S1), FloatVector.broadcast(FLOATS, S0));
          FloatVector c2 =
              y.fma(FloatVector.broadcast(FLOATS, S3), FloatVector.broadcast(FLOATS, S2));
          FloatVector c4 =
              y.fma(FloatVector.broadcast(FLOATS, S5), FloatVector.broadcast(FLOATS, S4));
          FloatVector c6 =
              y.fma(FloatVector.broadcast(FLOATS, S7), FloatVector.broadcast(FLOATS, S6));
          FloatVector c8 = FloatVector.broadcast(FLOATS, S8).fma(y2, c6);
          FloatVector polynomial = c8.fma(y2, c4).fma(y2.mul(y2), c2.fma(y2, c0));
          FloatVector both = p.add(q);
          close = both.mul(v2).mul(polynomial);
          FloatVector size = v.abs();
          isClose = size.compare(VectorOperators.LT, 2.75f);
          // The order of floats that are not negative is that of their bits.
          FloatVector r = p.reinterpretAsInts().min(q.reinterpretAsInts()).reinterpretAsFloats()
              .div(both.blend(1f, both.compare(VectorOperators.EQ, 0f)));
          // Where one of them is 0, v is infinite or NaN, and counts for nothing, as for any |v| as large as that.
          FloatVector distance = Vectors.all(0f).blend(size, size.compare(VectorOperators.LT, 128f));
          FloatVector entropy =
              distance.fma(FloatVector.broadcast(FLOATS, -0.5f), FloatVector.broadcast(FLOATS, H1));
          apart = both.mul(
              r.fma(FloatVector.broadcast(FLOATS, H3), FloatVector.broadcast(FLOATS, H2))
                  .fma(r, entropy).fma(r, FloatVector.broadcast(FLOATS, H0)));
        } else {
          // (e^-v - 1 + v) / v^2, the polynomial of Exp at -v.
          FloatVector c0 =
              v.fma(FloatVector.broadcast(FLOATS, -Exp.T1), FloatVector.broadcast(FLOATS, Exp.T0));
          FloatVector c2 =
              v.fma(FloatVector.broadcast(FLOATS, -Exp.T3), FloatVector.broadcast(FLOATS, Exp.T2));
          FloatVector c4 =
              v.fma(FloatVector.broadcast(FLOATS, -Exp.T5), FloatVector.broadcast(FLOATS, Exp.T4));
          FloatVector c6 =
              v.fma(FloatVector.broadcast(FLOATS, -Exp.T7), FloatVector.broadcast(FLOATS, Exp.T6));
          FloatVector c8 = FloatVector.broadcast(FLOATS, Exp.T8).fma(v2, c6);
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
