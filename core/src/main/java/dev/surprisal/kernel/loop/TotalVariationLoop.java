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
 * The sums of the total variation distance, from what {@link LogRatioLoop} leaves of a block of two rows: p, q and
 * {@code v = log(p/q)}.
 *
 * <pre>
 *   gain = sum (p - q) where p > q        gaining = sum q where p > q        mass = sum q
 *   loss = sum (q - p) where q > p        level = sum q where |v| < 1e-6
 * </pre>
 *
 * <p>For {@code |v| < 1} the difference is {@code p (1 - e^-v)}, {@code p v} times a polynomial in v, exact relative to
 * itself also where p and q nearly agree; farther apart nothing cancels in it. A level entry may be on the wrong side
 * if v is off by the rounding errors of the normalisers.
 */
public abstract class TotalVariationLoop extends Strips {
  /** What the loop leaves, a slot a block. */
  public static final class Blocks {
    public final FloatSlots gain = new FloatSlots();
    public final FloatSlots loss = new FloatSlots();
    public final FloatSlots gaining = new FloatSlots();
    public final FloatSlots mass = new FloatSlots();
    public final FloatSlots level = new FloatSlots();
  }

  /** Below this size of v an entry is level. */
  public static final float LEVEL = 1e-6f;

  private static final Loops<TotalVariationLoop> LOOPS =
      Loops.of(MethodHandles.lookup(), TotalVariationLoop.class, Template.class, new Loops.Plain<>() {
        @Override
        public TotalVariationLoop of(Source source, Enum<?> variant) {
          return new Plain();
        }
      });

  /** The loop. */
  public static TotalVariationLoop of() {
    return LOOPS.only();
  }

  TotalVariationLoop(int lanes) {
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
  private static final class Plain extends TotalVariationLoop {
    Plain() {
      super(Lanes.WIDTH);
    }

    @Override
    void add(float[] ps, float[] qs, float[] vs, int entries, int lane, int slot, Blocks out) {
      throw new UnsupportedOperationException("no plain form yet");
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends TotalVariationLoop {
    Template() {
      super(Vectors.COUNT);
    }

    @Override
    void add(float[] ps, float[] qs, float[] vs, int entries, int lane, int slot, Blocks out) {
      // Kahan's compensated sums: many equal small terms beside a large one would all be rounded the same way.
      FloatVector gain = FloatVector.zero(FLOATS);
      FloatVector loss = FloatVector.broadcast(FLOATS, 0f);
      FloatVector gainExcess = FloatVector.broadcast(FLOATS, 0.0f);
      FloatVector lossExcess = Vectors.all(0f);
      FloatVector gaining = Vectors.all(0.0f);
      FloatVector mass = FloatVector.broadcast(FLOATS, 0);
      FloatVector level = FloatVector.broadcast(FLOATS, 0L);
      for (int i = lane; i < entries; i += Lanes.WIDTH) {
        FloatVector p = FloatVector.fromArray(FLOATS, ps, i);
        FloatVector q = FloatVector.fromArray(FLOATS, qs, i);
        FloatVector v = FloatVector.fromArray(FLOATS, vs, i);
        // (1 - e^-v) / v on [-1, 1], interpolated at the Chebyshev nodes: 9.5e-9.
        FloatVector v2 = v.mul(v);
        FloatVector c0 = v.fma(FloatVector.broadcast(FLOATS, -0.5f), FloatVector.broadcast(FLOATS, 1f));
        FloatVector c2 =
            v.fma(FloatVector.broadcast(FLOATS, -0x1.55559cp-5f), FloatVector.broadcast(FLOATS, 0x1.555556p-3f));
        FloatVector c4 =
            v.fma(FloatVector.broadcast(FLOATS, -0x1.6bf714p-10f), FloatVector.broadcast(FLOATS, 0x1.11112ap-7f));
        FloatVector c6 =
            v.fma(FloatVector.broadcast(FLOATS, -0x1.aa9f88p-16f), FloatVector.broadcast(FLOATS, 0x1.a00306p-13f));
        FloatVector c8 = FloatVector.broadcast(FLOATS, 0x1.7981bap-19f).fma(v2, c6);
        FloatVector polynomial = c8.fma(v2, c4).fma(v2.mul(v2), c2.fma(v2, c0));
        FloatVector close = p.mul(v).mul(polynomial);
        FloatVector size = v.abs();
        FloatVector difference = p.sub(q).blend(close, size.compare(VectorOperators.LT, 1f));
        level = level.add(Vectors.all(0f).blend(q, size.compare(VectorOperators.LT, LEVEL)));
        VectorMask<Float> more = difference.compare(VectorOperators.GT, 0f);
        VectorMask<Float> less = difference.compare(VectorOperators.LT, 0f);
        gaining = gaining.add(Vectors.all(0f).blend(q, more));
        mass = mass.add(q);
        FloatVector gainTerm = Vectors.all(0f).blend(difference, more).sub(gainExcess);
        FloatVector gainNext = gain.add(gainTerm);
        gainExcess = gainNext.sub(gain).sub(gainTerm);
        gain = gainNext;
        FloatVector lossTerm = Vectors.all(0f).blend(difference.neg(), less).sub(lossExcess);
        FloatVector lossNext = loss.add(lossTerm);
        lossExcess = lossNext.sub(loss).sub(lossTerm);
        loss = lossNext;
      }
      gain.intoArray(out.gain.lanes, slot + lane);
      loss.intoArray(out.loss.lanes, slot + lane);
      gaining.intoArray(out.gaining.lanes, slot + lane);
      mass.intoArray(out.mass.lanes, slot + lane);
      level.intoArray(out.level.lanes, slot + lane);
    }
  }
}
