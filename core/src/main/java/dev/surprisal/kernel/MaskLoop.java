package dev.surprisal.kernel;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Copies a block of two rows of logits for {@link CloseLoop}, which takes nothing far below the reference, nor -inf: entries that
 * count for nothing become such as count for next to nothing.
 *
 * <p>Where y is -inf but x is not, the divergence is infinite: both stay, and will be noticed.
 */
abstract class MaskLoop {
  /** Of divergences down to this, what is left out or added is no digit: 1e-26 for a million entries if the offset is small. */
  static final double LEAST = 1e-18;

  /** So far below the reference, in nats, an entry counts for nothing. It is put there if that of the other row does not. */
  static final float NOTHING = 86;

  /**
   * Where both are put, so that they agree: they count for next to nothing still, but their terms, and what is rounded off those, are
   * normal floats. Others take some processors ten times as long.
   */
  private static final float NEXT_TO_NOTHING = 40;

  private static final MaskLoop[] LOOPS = new MaskLoop[Source.COUNT];

  /**
   * Copies the entries {@code from .. to - 1}, whole vectors of 16 and no more than a block; the reference of x, and what is added to
   * y, are those of the tile.
   */
  abstract void copy(
      Object xBase, long xStart, Object yBase, long yStart, int from, int to, Tile tile, float[] xs, float[] ys);

  /** The loop for two rows of one source; made when it is first asked for. */
  static MaskLoop of(Source source) {
    MaskLoop loop = LOOPS[source.ordinal()];
    if (loop == null) {
      loop = Specialized.of(MaskLoop.class, Template.class, source.loader);
      LOOPS[source.ordinal()] = loop;
    }
    return loop;
  }

  /** The loop; see {@link Specialized}. */
  private static final class Template extends MaskLoop {
    private static final Loader LOADER = Specialized.data(MethodHandles.lookup(), Loader.class);

    Template() {}

    @Override
    void copy(Object xBase, long xStart, Object yBase, long yStart, int from, int to, Tile tile, float[] xs, float[] ys) {
      FloatVector xLeast = Lanes.all(tile.x.reference - NOTHING);
      FloatVector yLeast = Lanes.all(tile.x.reference - NOTHING - tile.offset);
      FloatVector xLow = Lanes.all(tile.x.reference - NEXT_TO_NOTHING);
      FloatVector yLow = Lanes.all(tile.x.reference - NEXT_TO_NOTHING - tile.offset);
      for (int i = from; i < to; i += Lanes.COUNT) {
        FloatVector x = LOADER.load(xBase, xStart, i);
        FloatVector y = LOADER.load(yBase, yStart, i);
        VectorMask<Float> mismatch = y.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY)
            .andNot(x.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY));
        VectorMask<Float> xNone = x.compare(VectorOperators.LT, xLeast).andNot(mismatch);
        VectorMask<Float> none = xNone.and(y.compare(VectorOperators.LT, yLeast));
        // Beside a y that counts, x goes no further down than v may be large.
        x.blend(xLeast, xNone).blend(xLow, none).intoArray(xs, i - from);
        y.blend(yLow, none).intoArray(ys, i - from);
      }
    }
  }
}
