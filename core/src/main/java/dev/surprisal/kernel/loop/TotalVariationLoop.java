package dev.surprisal.kernel.loop;

import static dev.surprisal.kernel.vector.Vectors.FLOATS;

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

    // The stages of the plain form: room for a block, and for all entries of short rows side by side.
    final float[] apart = new float[Sizes.SHORT * Lanes.WIDTH];
    final float[] difference = new float[Sizes.SHORT * Lanes.WIDTH];
    final float[] part = new float[Sizes.SHORT * Lanes.WIDTH];
  }

  /** Below this size of v an entry is level. */
  public static final float LEVEL = 1e-6f;

  // (1 - e^-v) / v = V0 + V1 v + .. + V8 v^8 on [-1, 1], interpolated at the Chebyshev nodes: 9.5e-9.
  private static final float V0 = 1;
  private static final float V1 = -0.5f;
  private static final float V2 = 0x1.555556p-3f;
  private static final float V3 = -0x1.55559cp-5f;
  private static final float V4 = 0x1.11112ap-7f;
  private static final float V5 = -0x1.6bf714p-10f;
  private static final float V6 = 0x1.a00306p-13f;
  private static final float V7 = -0x1.aa9f88p-16f;
  private static final float V8 = 0x1.7981bap-19f;

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
  private static final class Plain extends TotalVariationLoop {
    private static final int SIGN = Integer.MIN_VALUE;
    private static final int NAN = Float.floatToRawIntBits(Float.POSITIVE_INFINITY) + 1;
    private static final int CLOSE = Float.floatToRawIntBits(1);
    private static final int IS_LEVEL = Float.floatToRawIntBits(LEVEL);

    Plain() {
      super(Lanes.WIDTH);
    }

    @Override
    void add(float[] ps, float[] qs, float[] vs, int entries, int lane, int slot, Blocks out) {
      subtract(ps, qs, entries, out.apart);
      close(ps, vs, entries, out.difference);
      select(vs, out.apart, entries, out.difference);
      where(out.difference, out.difference, 0, entries, out.part);
      Stage.sumByKahan(out.part, entries, out.gain.lanes, slot);
      where(out.difference, qs, 0, entries, out.part);
      Stage.sumThrough(out.part, entries, out.gaining.lanes, slot);
      where(out.difference, out.difference, SIGN, entries, out.part);
      Stage.sumByKahan(out.part, entries, out.loss.lanes, slot);
      level(vs, qs, entries, out.part);
      Stage.sumThrough(out.part, entries, out.level.lanes, slot);
      Stage.sumThrough(qs, entries, out.mass.lanes, slot);
    }

    private static void subtract(float[] p, float[] q, int count, float[] to) {
      for (int i = 0; i < count; i++) {
        to[i] = p[i] - q[i];
      }
    }

    /** The differences of close entries. */
    private static void close(float[] p, float[] vs, int count, float[] to) {
      for (int i = 0; i < count; i++) {
        float v = vs[i];
        float v2 = v * v;
        float c0 = Fma.fma(v, V1, V0);
        float c2 = Fma.fma(v, V3, V2);
        float c4 = Fma.fma(v, V5, V4);
        float c6 = Fma.fma(v, V7, V6);
        float c8 = Fma.fma(V8, v2, c6);
        float polynomial = Fma.fma(Fma.fma(c8, v2, c4), v2 * v2, Fma.fma(c2, v2, c0));
        to[i] = p[i] * v * polynomial;
      }
    }

    /** Puts the differences of entries apart in place of others. */
    private static void select(float[] v, float[] apart, int count, float[] close) {
      for (int i = 0; i < count; i++) {
        int isClose = Stage.isBelow(Float.floatToRawIntBits(v[i]), CLOSE);
        close[i] = Float.intBitsToFloat(
            Stage.select(isClose, Float.floatToRawIntBits(close[i]), Float.floatToRawIntBits(apart[i])));
      }
    }

    /** Elements where a difference is above 0, or below for a sign bit that is turned, as theirs is; 0 elsewhere. */
    private static void where(float[] difference, float[] of, int turned, int count, float[] to) {
      for (int i = 0; i < count; i++) {
        int bits = Float.floatToRawIntBits(difference[i]) ^ turned;
        // Neither negative, nor 0, nor NaN.
        int isPositive = ~(bits >> 31) & -bits >> 31 & bits - NAN >> 31;
        to[i] = Float.intBitsToFloat((Float.floatToRawIntBits(of[i]) ^ turned) & isPositive);
      }
    }

    private static void level(float[] v, float[] q, int count, float[] to) {
      for (int i = 0; i < count; i++) {
        int isLevel = Stage.isBelow(Float.floatToRawIntBits(v[i]), IS_LEVEL);
        to[i] = Float.intBitsToFloat(Float.floatToRawIntBits(q[i]) & isLevel);
      }
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
        FloatVector v2 = v.mul(v);
        FloatVector c0 = v.fma(FloatVector.broadcast(FLOATS, V1), FloatVector.broadcast(FLOATS, V0));
        FloatVector c2 =
            v.fma(FloatVector.broadcast(FLOATS, V3), FloatVector.broadcast(FLOATS, V2));
        FloatVector c4 =
            v.fma(FloatVector.broadcast(FLOATS, V5), FloatVector.broadcast(FLOATS, V4));
        FloatVector c6 =
            v.fma(FloatVector.broadcast(FLOATS, V7), FloatVector.broadcast(FLOATS, V6));
        FloatVector c8 = FloatVector.broadcast(FLOATS, V8).fma(v2, c6);
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
