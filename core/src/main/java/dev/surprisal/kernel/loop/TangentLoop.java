package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.Exp;
import dev.surprisal.kernel.scalar.Fma;
import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Scale;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Loader;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Rehearsal;
import dev.surprisal.kernel.vector.Specialized;
import dev.surprisal.kernel.vector.VectorExp;
import dev.surprisal.kernel.vector.Vectors;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Sums over a span of two rows of logits, x of p and y of q, about an assumed {@code offset} of their log-sum-exps, in
 * the unit of x, for KL as a sum of terms that are never negative: by how much {@code e^v} is above its tangent at 0.
 *
 * <pre>
 *   v = y - x + offset        mass = sum e^x        slope = sum e^x v        tangent = sum e^x (e^v - 1 - v)
 * </pre>
 *
 * <p>{@code e^x e^v} is {@code e^y} in that unit: one exponential does for both rows. {@code largest} watches the
 * magnitudes of {@code reference - x} and of v: where it is above {@link Exp#FAR} the sums are garbage, or v is beyond
 * {@link #LARGE} of {@link #MIDDLE}, where what is rounded off it would be too much of e^v.
 */
public abstract class TangentLoop extends Strips {
  /** How exact v is. Each variant is a copy of the loop of its own. */
  public enum Variant {
    /** v as it is rounded. */
    PLAIN,
    /** With what is rounded off {@code y - x}: beside a large offset that would be too much of v. */
    COMPENSATED,
    /** With all that is rounded off v, which may be up to {@link Exp#RANGE}. */
    EXACT
  }

  /** What the loop leaves, a slot a block. */
  public static final class Blocks {
    public final FloatSlots mass = new FloatSlots();
    public final FloatSlots slope = new FloatSlots();
    public final FloatSlots tangent = new FloatSlots();
    public final IntSlots largest = new IntSlots();

    final Stage stage = new Stage();

    /** Forgets the sums over some blocks, a bit each. */
    public void forget(int blocks) {
      mass.clear(blocks);
      slope.clear(blocks);
      tangent.clear(blocks);
    }
  }

  /** The variants other than {@code EXACT} take v no farther from {@code MIDDLE}: where the polynomial holds. */
  private static final float MIDDLE = 0.5f;
  private static final float LARGE = 1.5f;

  private static final Loops<TangentLoop> LOOPS =
      Loops.of(MethodHandles.lookup(), TangentLoop.class, Template.class, new Loops.Plain<>() {
        @Override
        public TangentLoop of(Source source, Enum<?> variant) {
          return new Plain(source, (Variant) variant);
        }
      }, Variant.values());

  /** The loop for two rows of one source. */
  public static TangentLoop of(Source source, Variant variant) {
    return LOOPS.of(source, variant);
  }

  TangentLoop(int lanes) {
    super(lanes);
  }

  /** Adds up the lanes {@code lane .. lane + COUNT - 1} of the entries {@code from .. to - 1}, whole vectors of 16. */
  abstract void add(
      Object xBase, long xStart, Object yBase, long yStart, int from, int to, int lane,
      Scale scale, float offset, Blocks out);

  /** All 16 lanes of the entries {@code from .. to - 1} of both rows. */
  public final void add(
      Object xBase, long xStart, Object yBase, long yStart, int from, int to,
      Scale scale, float offset, Blocks out) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += lanes) {
      add(xBase, xStart, yBase, yStart, from, to, lane, scale, offset, out);
    }
  }

  @Override
  public Rehearsal rehearsal(Source source) {
    MadeUp rows = MadeUp.logits(source);
    Blocks out = new Blocks();
    return new Rehearsal() {
      @Override
      public void run(int entries) {
        add(rows.x, MadeUp.START, rows.y, MadeUp.START, 0, entries, rows.scale, 0, out);
      }
    };
  }

  /** The plain form. */
  private static final class Plain extends TangentLoop {
    /** Makes {@link #LARGE} the limit of what is watched. */
    private static final float WEIGHT = Exp.RANGE / LARGE;

    private final Source source;
    private final Variant variant;

    Plain(Source source, Variant variant) {
      super(Lanes.WIDTH);
      this.source = source;
      this.variant = variant;
    }

    @Override
    void add(
        Object xBase, long xStart, Object yBase, long yStart, int from, int to, int lane,
        Scale scale, float offset, Blocks out) {
      Stage stage = out.stage;
      float[] x = stage.x;
      float[] v = stage.y;
      int slot = 0;
      for (int block = from; block < to; block += Sizes.BLOCK) {
        int count = Math.min(Sizes.BLOCK, to - block);
        stage.load(source, xBase, xStart + block, count, x);
        stage.load(source, yBase, yStart + block, count, v);
        stage.exponentials(x, scale.magic, count, stage.ex);
        stage.sumCompensated(stage.ex, count, out.mass.lanes, slot);
        switch (variant) {
          case PLAIN -> differences(x, v, offset, count);
          case COMPENSATED -> compensatedDifferences(x, v, offset, count);
          case EXACT -> exactDifferences(x, v, offset, count, stage.shifted);
        }
        stage.sumOfProductsCompensated(stage.ex, v, count, out.slope.lanes, slot);
        float largest;
        if (variant == Variant.EXACT) {
          largest = largest(x, scale.reference, v, 0, 1, count);
          exactTangents(v, stage.shifted, count);
        } else {
          largest = largest(x, scale.reference, v, MIDDLE, WEIGHT, count);
          tangents(stage.ex, v, count, stage.shifted);
        }
        stage.sumOfProductsCompensated(stage.ex, stage.shifted, count, out.tangent.lanes, slot);
        out.largest.setSlot(slot, Float.floatToIntBits(largest));
        slot += Lanes.WIDTH;
      }
    }

    /** NaN if one is a NaN. */
    private static float largest(float[] x, float reference, float[] v, float middle, float weight, int count) {
      float largest = 0;
      for (int i = 0; i < count; i++) {
        largest = Math.max(largest, Math.max(Math.abs(reference - x[i]), Math.abs(v[i] - middle) * weight));
      }
      return largest;
    }

    /** Makes v of y. */
    private static void differences(float[] x, float[] y, float offset, int count) {
      for (int i = 0; i < count; i++) {
        y[i] = y[i] - x[i] + offset;
      }
    }

    private static void compensatedDifferences(float[] x, float[] y, float offset, int count) {
      for (int i = 0; i < count; i++) {
        float difference = y[i] - x[i];
        // Knuth's TwoSum: what the subtraction rounds off, exactly.
        float back = difference - y[i];
        float rest = y[i] - (difference - back) - (x[i] + back);
        y[i] = difference + offset + rest;
      }
    }

    /** Leaves what is rounded off v besides. */
    private static void exactDifferences(float[] x, float[] y, float offset, int count, float[] rests) {
      for (int i = 0; i < count; i++) {
        float difference = y[i] - x[i];
        float v = difference + offset;
        float back = difference - y[i];
        float taken = v - difference;
        float rest = y[i] - (difference - back) - (x[i] + back)
            + (difference - (v - taken) + (offset - taken));
        float sum = v + rest;
        rests[i] = rest - (sum - v);
        y[i] = sum;
      }
    }

    /** Makes tangents of what is rounded off v. */
    private static void exactTangents(float[] v, float[] rests, int count) {
      for (int i = 0; i < count; i++) {
        float above = Exp.aboveTangent(v[i]);
        rests[i] = Fma.fma(above + v[i], rests[i], above);
      }
    }

    /** Leaves {@code (e^v - 1 - v) / v^2}, and makes {@code e^x v^2} of {@code e^x}. */
    private static void tangents(float[] ex, float[] vs, int count, float[] to) {
      for (int i = 0; i < count; i++) {
        float v = vs[i];
        float v2 = v * v;
        float c0 = Fma.fma(v, Exp.T1, Exp.T0);
        float c2 = Fma.fma(v, Exp.T3, Exp.T2);
        float c4 = Fma.fma(v, Exp.T5, Exp.T4);
        float c6 = Fma.fma(v, Exp.T7, Exp.T6);
        float high = Fma.fma(Fma.fma(Exp.T8, v2, c6), v2, c4);
        ex[i] *= v2;
        to[i] = Fma.fma(high, v2 * v2, Fma.fma(c2, v2, c0));
      }
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends TangentLoop {
    private static final Object[] DATA = Specialized.data(MethodHandles.lookup(), Object[].class);
    private static final Loader LOADER = Loader.of((Source) DATA[0]);
    private static final boolean PLAIN = DATA[1] == Variant.PLAIN;
    private static final boolean EXACT = DATA[1] == Variant.EXACT;

    /** Makes {@link #LARGE} the limit of what is watched. */
    private static final float WEIGHT = Exp.RANGE / LARGE;

    Template() {
      super(Vectors.COUNT);
    }

    @Override
    void add(
        Object xBase, long xStart, Object yBase, long yStart, int from, int to, int lane,
        Scale unit, float assumed, Blocks out) {
      FloatVector top = Vectors.all(unit.reference);
      FloatVector scale = Vectors.all(unit.magic);
      FloatVector offset = Vectors.all(assumed);
      int slot = lane;
      for (int block = from; block < to; block += Sizes.BLOCK) {
        int end = Math.min(block + Sizes.BLOCK, to);
        // Compensated sums: many equal small terms beside a large one would all be rounded the same way.
        FloatVector a = Vectors.all(0f);
        FloatVector aLost = Vectors.all(0f);
        FloatVector b = Vectors.all(0f);
        FloatVector bLost = Vectors.all(0f);
        FloatVector c = Vectors.all(0f);
        FloatVector cLost = Vectors.all(0f);
        IntVector far = Vectors.all(0);
        for (int i = block + lane; i < end; i += Lanes.WIDTH) {
          FloatVector x = LOADER.load(xBase, xStart, i);
          FloatVector y = LOADER.load(yBase, yStart, i);
          FloatVector e = VectorExp.scaled(x, scale);
          FloatVector difference = y.sub(x);
          FloatVector v = difference.add(offset);
          FloatVector rest = difference;
          if (!PLAIN) {
            // Knuth's TwoSum: what the subtraction rounds off, exactly.
            FloatVector back = difference.sub(y);
            rest = y.sub(difference.sub(back)).sub(x.add(back));
            if (EXACT) {
              FloatVector taken = v.sub(difference);
              rest = rest.add(difference.sub(v.sub(taken)).add(offset.sub(taken)));
              FloatVector sum = v.add(rest);
              rest = rest.sub(sum.sub(v));
              v = sum;
            } else {
              v = v.add(rest);
            }
          }
          FloatVector term;
          if (EXACT) {
            // VectorExp.aboveTangent, written out: C2 would not inline it behind another exponential and values of 16
            // bits (NodeCountInliningCutoff), and its vectors would be objects.
            FloatVector magic = FloatVector.broadcast(Vectors.FLOATS, Exp.ROUND + Exp.BIAS);
            FloatVector shifted = v.fma(FloatVector.broadcast(Vectors.FLOATS, Exp.LOG2_E), magic);
            FloatVector r = shifted.sub(magic).fma(FloatVector.broadcast(Vectors.FLOATS, -Exp.LN2), v);
            FloatVector power =
                shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector r2 = r.mul(r);
            FloatVector high = r.fma(FloatVector.broadcast(Vectors.FLOATS, Exp.G3),
                FloatVector.broadcast(Vectors.FLOATS, Exp.G2));
            FloatVector low = r.fma(FloatVector.broadcast(Vectors.FLOATS, Exp.G1),
                FloatVector.broadcast(Vectors.FLOATS, Exp.G0));
            FloatVector p = r2.fma(FloatVector.broadcast(Vectors.FLOATS, Exp.G4), high).fma(r2, low);
            FloatVector line = r.fma(power, power.sub(1f)).sub(v);
            FloatVector above = p.fma(r2.mul(power), line);
            term = e.fma(above.add(v).fma(rest, above), cLost);
            far = far.max(v.abs().reinterpretAsInts());
          } else {
            // (e^v - 1 - v) / v^2.
            FloatVector v2 = v.mul(v);
            FloatVector c0 = v.fma(FloatVector.broadcast(Vectors.FLOATS, Exp.T1),
                FloatVector.broadcast(Vectors.FLOATS, Exp.T0));
            FloatVector c2 = v.fma(FloatVector.broadcast(Vectors.FLOATS, Exp.T3),
                FloatVector.broadcast(Vectors.FLOATS, Exp.T2));
            FloatVector c4 = v.fma(FloatVector.broadcast(Vectors.FLOATS, Exp.T5),
                FloatVector.broadcast(Vectors.FLOATS, Exp.T4));
            FloatVector c6 = v.fma(FloatVector.broadcast(Vectors.FLOATS, Exp.T7),
                FloatVector.broadcast(Vectors.FLOATS, Exp.T6));
            FloatVector high = FloatVector.broadcast(Vectors.FLOATS, Exp.T8).fma(v2, c6).fma(v2, c4);
            term = e.mul(v2).fma(high.fma(v2.mul(v2), c2.fma(v2, c0)), cLost);
            far = far.max(v.sub(MIDDLE).mul(WEIGHT).abs().reinterpretAsInts());
          }
          far = far.max(top.sub(x).abs().reinterpretAsInts());
          FloatVector aSum = a.add(e);
          aLost = aLost.add(e.sub(aSum.sub(a)));
          a = aSum;
          FloatVector slope = e.fma(v, bLost);
          FloatVector bSum = b.add(slope);
          bLost = slope.sub(bSum.sub(b));
          b = bSum;
          FloatVector cSum = c.add(term);
          cLost = term.sub(cSum.sub(c));
          c = cSum;
        }
        far.intoArray(out.largest.lanes, slot);
        a.add(aLost).intoArray(out.mass.lanes, slot);
        b.intoArray(out.slope.lanes, slot);
        c.intoArray(out.tangent.lanes, slot);
        slot += Lanes.WIDTH;
      }
    }
  }
}
