package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Loader;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Rehearsal;
import dev.surprisal.kernel.vector.Rehearsed;
import dev.surprisal.kernel.vector.Specialized;
import dev.surprisal.kernel.vector.Vectors;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Copies a block of two rows of logits for {@link TangentLoop}, which takes nothing far below the reference, nor -inf:
 * lifts entries of x below e^-86 of the reference to there, and where both rows are below, both to e^-40, so that their
 * terms are 0 and no float is subnormal.
 *
 * <p>Where y is -inf but x is not, the divergence is infinite: both stay, and the loop notices.
 */
public abstract class FloorLoop implements Rehearsed {
  /**
   * Down to a divergence of this, lifting changes no digit. For a million entries and a small offset, what is left out
   * is less than 1e-26, and what is added, for v of lifted entries is rounded, about 3e-21.
   */
  public static final double LEAST = 1e-18;

  /** So far below the reference, in nats, an entry counts for nothing. x is lifted to there if y is not so low. */
  public static final float NOTHING = 86;

  /**
   * To where both are lifted, so that they agree: their terms, and what is rounded off those, are normal floats then.
   * Subnormal ones take some processors ten times as long.
   */
  private static final float NEXT_TO_NOTHING = 40;

  private static final Loops<FloorLoop> LOOPS =
      Loops.of(MethodHandles.lookup(), FloorLoop.class, Template.class, new Loops.Plain<>() {
        @Override
        public FloorLoop of(Source source, Enum<?> variant) {
          return new Plain(source);
        }
      });

  /** The loop for two rows of one source. */
  public static FloorLoop of(Source source) {
    return LOOPS.of(source);
  }

  /**
   * Copies the entries {@code from .. to - 1}, whole vectors of 16 and no more than a block, to
   * the beginning of two arrays.
   *
   * @param reference the reference of x
   * @param offset what {@link TangentLoop} adds to y
   */
  public abstract void copy(
      Object xBase, long xStart, Object yBase, long yStart, int from, int to, float reference, float offset,
      float[] xs, float[] ys);

  @Override
  public Rehearsal rehearsal(Source source) {
    MadeUp rows = MadeUp.logits(source);
    float[] xs = new float[Sizes.BLOCK];
    float[] ys = new float[Sizes.BLOCK];
    return new Rehearsal() {
      @Override
      public void run(int entries) {
        copy(
            rows.x, MadeUp.START, rows.y, MadeUp.START, 0, Math.min(entries, Sizes.BLOCK),
            MadeUp.REFERENCE + FloorLoop.NOTHING, 0, xs, ys);
      }
    };
  }

  /** The plain form. */
  private static final class Plain extends FloorLoop {
    private final Source source;

    Plain(Source source) {
      this.source = source;
    }

    @Override
    public void copy(
        Object xBase, long xStart, Object yBase, long yStart, int from, int to, float reference, float offset,
        float[] xs, float[] ys) {
      int count = to - from;
      Stage.decode(source, xBase, xStart + from, count, xs);
      Stage.decode(source, yBase, yStart + from, count, ys);
      float xLeast = reference - NOTHING;
      float yLeast = reference - NOTHING - offset;
      for (int i = 0; i < count; i++) {
        boolean mismatch = ys[i] == Float.NEGATIVE_INFINITY && xs[i] != Float.NEGATIVE_INFINITY;
        if (xs[i] < xLeast && !mismatch) {
          // Beside a y that counts, x is lifted no higher: v stays within Exp.RANGE, and e^x counts for nothing.
          boolean none = ys[i] < yLeast;
          xs[i] = none ? reference - NEXT_TO_NOTHING : xLeast;
          ys[i] = none ? reference - NEXT_TO_NOTHING - offset : ys[i];
        }
      }
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends FloorLoop {
    private static final Loader LOADER = Loader.of(Specialized.data(MethodHandles.lookup(), Source.class));

    Template() {}

    @Override
    public void copy(
        Object xBase, long xStart, Object yBase, long yStart, int from, int to, float reference, float offset,
        float[] xs, float[] ys) {
      FloatVector xLeast = Vectors.all(reference - NOTHING);
      FloatVector yLeast = Vectors.all(reference - NOTHING - offset);
      FloatVector xLow = Vectors.all(reference - NEXT_TO_NOTHING);
      FloatVector yLow = Vectors.all(reference - NEXT_TO_NOTHING - offset);
      for (int i = from; i < to; i += Vectors.COUNT) {
        FloatVector x = LOADER.load(xBase, xStart, i);
        FloatVector y = LOADER.load(yBase, yStart, i);
        VectorMask<Float> mismatch = y.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY)
            .andNot(x.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY));
        VectorMask<Float> xNone = x.compare(VectorOperators.LT, xLeast).andNot(mismatch);
        VectorMask<Float> none = xNone.and(y.compare(VectorOperators.LT, yLeast));
        // Beside a y that counts, x is lifted no higher: v stays within Exp.RANGE, and e^x counts for nothing.
        x.blend(xLeast, xNone).blend(xLow, none).intoArray(xs, i - from);
        y.blend(yLow, none).intoArray(ys, i - from);
      }
    }
  }
}
