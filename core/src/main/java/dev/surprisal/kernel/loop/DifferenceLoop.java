package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.Exp;
import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Scale;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Loader;
import dev.surprisal.kernel.vector.Loops;
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

  /** The plain form. */
  private static final class Plain extends DifferenceLoop {
    Plain(Source source, Variant variant) {
      super(Lanes.WIDTH);
    }

    @Override
    void add(Object xBase, long xStart, Object yBase, long yStart, int from, int to, int lane, Scale x, Scale y,
        float offset, Blocks out) {
      throw new UnsupportedOperationException("no plain form yet");
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
