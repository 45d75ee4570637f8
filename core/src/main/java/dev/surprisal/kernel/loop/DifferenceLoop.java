package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.Exp;
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
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Sums over a span of two rows of logits, each in its unit of {@link Exp#unit}, for KL as a difference:
 *
 * <pre>
 *   xMass = sum e^x        yMass = sum e^y        difference = sum e^x (x - y - offset)
 * </pre>
 *
 * <p>Distances from the two references are watched as in {@link MomentsLoop}. The careful variant takes any entries,
 * sums {@code CAREFUL_UNIT difference}, about the difference of the references, since logits of very different sizes
 * have no {@code x - y} as a float, and counts as {@code mismatches} those with {@code y = -inf} where {@code x} is
 * not: there p has mass and q has none.
 *
 * <p>The masses are compensated sums: what each addition rounds off (Dekker's FastTwoSum) is summed apart. Where a term
 * exceeds the sum so far, that is known to 2^-24 of the term only, so a mass is right to 2^-23. Divergences that are
 * sums of terms need nothing else.
 */
public abstract class DifferenceLoop extends Strips {
  /** What the loop takes. Each variant is a copy of its own. */
  public enum Variant {
    /** Entries within {@link Exp#RANGE} of the references. */
    FAST(false, false),
    /** Any entries. */
    CAREFUL(true, false),
    /** As {@code FAST}, but {@code yMass} is a plain sum: beside a large divergence it counts for little. */
    FAST_FAR(false, false),
    /** As {@code FAST}, but the masses alone. */
    FAST_MASSES(false, true),
    /** As {@code CAREFUL}, but without the difference. */
    CAREFUL_MASSES(true, true);

    final boolean careful;
    final boolean masses;

    Variant(boolean careful, boolean masses) {
      this.careful = careful;
      this.masses = masses;
    }
  }

  /** What the loop leaves, a slot a block. */
  public static final class Blocks {
    public final FloatSlots xMass = new FloatSlots();
    public final FloatSlots yMass = new FloatSlots();
    public final FloatSlots difference = new FloatSlots();
    public final IntSlots xNearest = new IntSlots();
    public final IntSlots yNearest = new IntSlots();
    public final IntSlots farthest = new IntSlots();
    public final IntSlots mismatches = new IntSlots();

    final Stage stage = new Stage();

    /** Forgets the sums over some blocks, a bit each. */
    public void forget(int blocks) {
      xMass.clear(blocks);
      yMass.clear(blocks);
      difference.clear(blocks);
      mismatches.set(blocks, 0);
    }
  }

  /** What differences are multiplied by in the careful variant. */
  public static final float CAREFUL_UNIT = 0x1p-10f;

  private static final Loops<DifferenceLoop> LOOPS =
      Loops.of(MethodHandles.lookup(), DifferenceLoop.class, Template.class, new Loops.Plain<>() {
        @Override
        public DifferenceLoop of(Source source, Enum<?> variant) {
          return new Plain(source, (Variant) variant);
        }
      }, Variant.values());

  /** The loop for two rows of one source. */
  public static DifferenceLoop of(Source source, Variant variant) {
    return LOOPS.of(source, variant);
  }

  DifferenceLoop(int lanes) {
    super(lanes);
  }

  /** Adds up the lanes {@code lane .. lane + COUNT - 1} of the entries {@code from .. to - 1}, whole vectors of 16. */
  abstract void add(
      Object xBase, long xStart, Object yBase, long yStart, int from, int to, int lane,
      Scale x, Scale y, float offset, Blocks out);

  /** All 16 lanes of the entries {@code from .. to - 1} of both rows. */
  public final void add(
      Object xBase, long xStart, Object yBase, long yStart, int from, int to,
      Scale x, Scale y, float offset, Blocks out) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += lanes) {
      add(xBase, xStart, yBase, yStart, from, to, lane, x, y, offset, out);
    }
  }

  @Override
  public Rehearsal rehearsal(Source source) {
    MadeUp rows = MadeUp.logits(source);
    Blocks out = new Blocks();
    return new Rehearsal() {
      @Override
      public void run(int entries) {
        add(rows.x, MadeUp.START, rows.y, MadeUp.START, 0, entries, rows.scale, rows.scale, 0, out);
      }
    };
  }

  /** The plain form. */
  private static final class Plain extends DifferenceLoop {
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
        Scale x, Scale y, float offset, Blocks out) {
      Stage stage = out.stage;
      int slot = 0;
      for (int block = from; block < to; block += Sizes.BLOCK) {
        int count = Math.min(Sizes.BLOCK, to - block);
        stage.load(source, xBase, xStart + block, count, stage.x);
        stage.load(source, yBase, yStart + block, count, stage.y);
        if (variant.careful) {
          out.xNearest.setSlot(slot, keep(stage.x, x, count, stage.ex));
          out.yNearest.setSlot(slot, keep(stage.y, y, count, stage.ey));
          out.mismatches.countSlot(slot, mismatches(stage.x, stage.y, count));
        } else {
          watch(stage.x, stage.y, x.reference, y.reference, count, slot, out);
          stage.exponentials(stage.x, x.magic, count, stage.ex);
          stage.exponentials(stage.y, y.magic, count, stage.ey);
        }
        stage.sumCompensated(stage.ex, count, out.xMass.lanes, slot);
        if (variant == Variant.FAST_FAR) {
          Stage.sum(stage.ey, count, out.yMass.lanes, slot);
        } else {
          stage.sumCompensated(stage.ey, count, out.yMass.lanes, slot);
        }
        if (!variant.masses) {
          if (variant.careful) {
            carefulDifferences(stage.x, stage.y, x.reference, y.reference, count);
          } else {
            differences(stage.x, stage.y, offset, count);
          }
          Stage.sumOfProducts(stage.ex, stage.x, count, out.difference.lanes, slot);
        }
        slot += Lanes.WIDTH;
      }
    }

    /** The largest distances are found with the other sign: C2 makes no vectors of minima of what is used twice. */
    private static void watch(
        float[] x, float[] y, float xReference, float yReference, int count, int slot, Blocks out) {
      float xNear = Float.POSITIVE_INFINITY;
      float yNear = Float.POSITIVE_INFINITY;
      float far = 0;
      for (int i = 0; i < count; i++) {
        xNear = Math.min(xNear, xReference - x[i]);
        yNear = Math.min(yNear, yReference - y[i]);
        far = Math.min(far, Math.min(x[i] - xReference, y[i] - yReference));
      }
      out.xNearest.setSlot(slot, Float.floatToIntBits(xNear));
      out.yNearest.setSlot(slot, Float.floatToIntBits(yNear));
      out.farthest.setSlot(slot, Float.floatToIntBits(0 - far));
    }

    /** Makes {@code x - y - offset} of x. */
    private static void differences(float[] x, float[] y, float offset, int count) {
      for (int i = 0; i < count; i++) {
        x[i] = x[i] - y[i] - offset;
      }
    }

    /** Leaves the exponentials, 0 of entries that do not count. Returns the bits of the smallest distance. */
    private static int keep(float[] of, Scale scale, int count, float[] to) {
      int near = Integer.MAX_VALUE;
      for (int i = 0; i < count; i++) {
        float x = of[i];
        float d = scale.reference - x;
        float e = d > Exp.RANGE ? 0 : Exp.scaled(x - scale.shift, scale.magic);
        // Of a NaN the exponential may be any number.
        to[i] = x != x ? Float.NaN : e;
        near = Math.min(near, Float.floatToRawIntBits(d));
      }
      return near;
    }

    private static int mismatches(float[] x, float[] y, int count) {
      int mismatches = 0;
      for (int i = 0; i < count; i++) {
        mismatches += y[i] == Float.NEGATIVE_INFINITY && x[i] != Float.NEGATIVE_INFINITY ? 1 : 0;
      }
      return mismatches;
    }

    /** Makes of x what the careful variant sums, 0 where x does not count. */
    private static void carefulDifferences(float[] x, float[] y, float xReference, float yReference, int count) {
      for (int i = 0; i < count; i++) {
        float d = xReference - x[i];
        // A distance may be twice the largest float, and a lane adds up 32.
        float difference = yReference * CAREFUL_UNIT - y[i] * CAREFUL_UNIT - d * CAREFUL_UNIT;
        x[i] = d > Exp.RANGE ? 0 : difference;
      }
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends DifferenceLoop {
    private static final Object[] DATA = Specialized.data(MethodHandles.lookup(), Object[].class);
    private static final Loader LOADER = Loader.of((Source) DATA[0]);
    private static final boolean CAREFUL = ((Variant) DATA[1]).careful;
    private static final boolean MASSES = ((Variant) DATA[1]).masses;
    private static final boolean FAR = DATA[1] == Variant.FAST_FAR;

    Template() {
      super(Vectors.COUNT);
    }

    @Override
    void add(
        Object xBase, long xStart, Object yBase, long yStart, int from, int to, int lane,
        Scale xUnit, Scale yUnit, float offset, Blocks out) {
      FloatVector xTop = Vectors.all(xUnit.reference);
      FloatVector yTop = Vectors.all(yUnit.reference);
      FloatVector xScale = Vectors.all(xUnit.magic);
      FloatVector yScale = Vectors.all(yUnit.magic);
      FloatVector taken = Vectors.all(offset);
      int slot = lane;
      for (int block = from; block < to; block += Sizes.BLOCK) {
        int end = Math.min(block + Sizes.BLOCK, to);
        FloatVector a = Vectors.all(0f);
        FloatVector b = Vectors.all(0f);
        FloatVector c = Vectors.all(0f);
        FloatVector aLost = Vectors.all(0f);
        FloatVector bLost = Vectors.all(0f);
        IntVector xNear = Vectors.all(Integer.MAX_VALUE);
        IntVector yNear = Vectors.all(Integer.MAX_VALUE);
        IntVector mismatches = Vectors.all(0);
        IntVector far = Vectors.all(0);
        for (int chunk = block; chunk < end; chunk += Sizes.CHUNK) {
          int stop = Math.min(chunk + Sizes.CHUNK, end);
          FloatVector b1 = Vectors.all(0f);
          FloatVector c1 = Vectors.all(0f);
          if (CAREFUL) {
            FloatVector xShift = Vectors.all(xUnit.shift);
            FloatVector yShift = Vectors.all(yUnit.shift);
            FloatVector limit = Vectors.all(Exp.RANGE);
            for (int i = chunk + lane; i < stop; i += Lanes.WIDTH) {
              FloatVector x = LOADER.load(xBase, xStart, i);
              FloatVector y = LOADER.load(yBase, yStart, i);
              FloatVector dx = xTop.sub(x);
              FloatVector dy = yTop.sub(y);
              VectorMask<Float> xNone = dx.compare(VectorOperators.GT, limit);
              VectorMask<Float> yNone = dy.compare(VectorOperators.GT, limit);
              // Our own methods as early as can be: the compiler inlines them only as long as its graph is small.
              FloatVector ex = VectorExp.scaled(x.blend(xTop, xNone).sub(xShift), xScale).blend(0f, xNone);
              FloatVector ey = VectorExp.scaled(y.blend(yTop, yNone).sub(yShift), yScale).blend(0f, yNone);
              // Of a NaN the exponential may be any number.
              ex = ex.blend(Float.NaN, x.compare(VectorOperators.NE, x));
              ey = ey.blend(Float.NaN, y.compare(VectorOperators.NE, y));
              xNear = xNear.min(dx.reinterpretAsInts());
              yNear = yNear.min(dy.reinterpretAsInts());
              FloatVector aNext = a.add(ex);
              aLost = aLost.add(ex.sub(aNext.sub(a)));
              a = aNext;
              FloatVector bNext = b.add(ey);
              bLost = bLost.add(ey.sub(bNext.sub(b)));
              b = bNext;
              VectorMask<Float> mismatch = y.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY)
                  .andNot(x.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY));
              mismatches = mismatches.add(1, mismatch.cast(Vectors.INTS));
              if (!MASSES) {
                // A distance may be twice the largest float, and a lane adds up 32.
                FloatVector distance = yTop.mul(CAREFUL_UNIT).sub(y.mul(CAREFUL_UNIT)).sub(dx.mul(CAREFUL_UNIT));
                c1 = ex.fma(distance.blend(0f, xNone), c1);
              }
            }
          } else {
            for (int i = chunk + lane; i < stop; i += Lanes.WIDTH) {
              FloatVector x = LOADER.load(xBase, xStart, i);
              FloatVector y = LOADER.load(yBase, yStart, i);
              FloatVector ex = VectorExp.scaled(x, xScale);
              FloatVector ey = VectorExp.scaled(y, yScale);
              IntVector dx = xTop.sub(x).reinterpretAsInts();
              IntVector dy = yTop.sub(y).reinterpretAsInts();
              xNear = xNear.min(dx);
              yNear = yNear.min(dy);
              far = far.max(dx).max(dy);
              FloatVector aNext = a.add(ex);
              aLost = aLost.add(ex.sub(aNext.sub(a)));
              a = aNext;
              if (FAR) {
                b1 = b1.add(ey);
              } else {
                FloatVector bNext = b.add(ey);
                bLost = bLost.add(ey.sub(bNext.sub(b)));
                b = bNext;
              }
              if (!MASSES) {
                c1 = ex.fma(x.sub(y).sub(taken), c1);
              }
            }
          }
          if (FAR) {
            b = b.add(b1);
          }
          if (!MASSES) {
            c = c.add(c1);
          }
        }
        if (CAREFUL) {
          mismatches.intoArray(out.mismatches.lanes, slot);
        }
        if (!CAREFUL) {
          far.intoArray(out.farthest.lanes, slot);
        }
        xNear.intoArray(out.xNearest.lanes, slot);
        yNear.intoArray(out.yNearest.lanes, slot);
        a.add(aLost).intoArray(out.xMass.lanes, slot);
        b.add(bLost).intoArray(out.yMass.lanes, slot);
        if (!MASSES) {
          c.intoArray(out.difference.lanes, slot);
        }
        slot += Lanes.WIDTH;
      }
    }
  }
}
