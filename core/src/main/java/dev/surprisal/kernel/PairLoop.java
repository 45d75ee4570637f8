package dev.surprisal.kernel;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Sums over a tile of two rows of logits, each in its unit of {@link Exp#unit}:
 *
 * <pre>
 *   a = sum e^x        b = sum e^y        c = sum e^x (x - y - offset)
 * </pre>
 *
 * <p>Distances from the two references are watched as in {@link MomentsLoop}. The careful twin takes any entries, sums {@code c}
 * about the difference of the references, since logits of very different sizes have no {@code x - y} as a float, and counts,
 * as {@code above}, those with {@code y = -inf} where {@code x} is not: there p has mass and q has none.
 */
abstract class PairLoop {
  private static final PairLoop[] LOOPS = new PairLoop[2 * Source.COUNT];

  /** Adds up the lanes {@code lane .. lane + COUNT - 1} of the entries {@code from .. to - 1}, whole vectors of 16. */
  abstract void add(Object xBase, long xStart, Object yBase, long yStart, int from, int to, int lane, Tile tile);

  /** All 16 lanes of the tile that both cursors are at. */
  final void add(Row x, Row y, int from, int to, Tile tile) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
      add(x.base, x.start, y.base, y.start, from, to, lane, tile);
    }
  }

  /** The loop for two rows of one source; made when it is first asked for. */
  static PairLoop of(Source source, boolean careful) {
    int index = 2 * source.ordinal() + (careful ? 1 : 0);
    PairLoop loop = LOOPS[index];
    if (loop == null) {
      loop = Specialized.of(PairLoop.class, Template.class, new Object[] {source.loader, careful});
      LOOPS[index] = loop;
    }
    return loop;
  }

  /** The loop; see {@link Specialized}. */
  private static final class Template extends PairLoop {
    private static final Object[] DATA = Specialized.data(MethodHandles.lookup(), Object[].class);
    private static final Loader LOADER = (Loader) DATA[0];
    private static final boolean CAREFUL = (Boolean) DATA[1];

    Template() {}

    @Override
    void add(Object xBase, long xStart, Object yBase, long yStart, int from, int to, int lane, Tile tile) {
      FloatVector xTop = Lanes.all(tile.x.reference);
      FloatVector yTop = Lanes.all(tile.y.reference);
      FloatVector xScale = Lanes.all(tile.x.magic);
      FloatVector yScale = Lanes.all(tile.y.magic);
      FloatVector offset = Lanes.all(tile.offset);
      int slot = lane;
      for (int block = from; block < to; block += Tile.BLOCK) {
        int end = Math.min(block + Tile.BLOCK, to);
        FloatVector a = Lanes.all(0f);
        FloatVector b = Lanes.all(0f);
        FloatVector c = Lanes.all(0f);
        IntVector xNear = Lanes.all(Integer.MAX_VALUE);
        IntVector yNear = Lanes.all(Integer.MAX_VALUE);
        if (CAREFUL) {
          IntVector mismatches = Lanes.all(0);
          FloatVector xShift = Lanes.all(tile.x.shift);
          FloatVector yShift = Lanes.all(tile.y.shift);
          FloatVector limit = Lanes.all(Exp.RANGE);
          for (int i = block + lane; i < end; i += Lanes.WIDTH) {
            FloatVector x = LOADER.load(xBase, xStart, i);
            FloatVector y = LOADER.load(yBase, yStart, i);
            FloatVector dx = xTop.sub(x);
            FloatVector dy = yTop.sub(y);
            VectorMask<Float> xNone = dx.compare(VectorOperators.GT, limit);
            VectorMask<Float> yNone = dy.compare(VectorOperators.GT, limit);
            // Our own methods as early as can be: the compiler inlines them only as long as its graph is small.
            FloatVector ex = Exp.scaled(x.blend(xTop, xNone).sub(xShift), xScale).blend(0f, xNone);
            FloatVector ey = Exp.scaled(y.blend(yTop, yNone).sub(yShift), yScale).blend(0f, yNone);
            // Of a NaN the exponential may be any number.
            ex = ex.blend(Float.NaN, x.compare(VectorOperators.NE, x));
            ey = ey.blend(Float.NaN, y.compare(VectorOperators.NE, y));
            xNear = xNear.min(dx.reinterpretAsInts());
            yNear = yNear.min(dy.reinterpretAsInts());
            VectorMask<Float> mismatch = y.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY)
                .andNot(x.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY));
            mismatches = mismatches.add(1, mismatch.cast(Lanes.INTS));
            a = a.add(ex);
            b = b.add(ey);
            c = ex.fma(dy.sub(dx).blend(0f, xNone), c);
          }
          mismatches.intoArray(tile.above, slot);
        } else {
          IntVector far = Lanes.all(0);
          for (int i = block + lane; i < end; i += Lanes.WIDTH) {
            FloatVector x = LOADER.load(xBase, xStart, i);
            FloatVector y = LOADER.load(yBase, yStart, i);
            FloatVector ex = Exp.scaled(x, xScale);
            FloatVector ey = Exp.scaled(y, yScale);
            IntVector dx = xTop.sub(x).reinterpretAsInts();
            IntVector dy = yTop.sub(y).reinterpretAsInts();
            xNear = xNear.min(dx);
            yNear = yNear.min(dy);
            far = far.max(dx).max(dy);
            a = a.add(ex);
            b = b.add(ey);
            c = ex.fma(x.sub(y).sub(offset), c);
          }
          far.intoArray(tile.far, slot);
        }
        xNear.intoArray(tile.near, slot);
        yNear.intoArray(tile.nearSecond, slot);
        a.intoArray(tile.a, slot);
        b.intoArray(tile.b, slot);
        c.intoArray(tile.c, slot);
        slot += Lanes.WIDTH;
      }
    }
  }
}
