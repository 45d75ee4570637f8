package dev.surprisal.kernel;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Sums over a tile of two rows of logits, x of p and y of q, about an assumed {@code offset} of their log-sum-exps, in the unit of x:
 *
 * <pre>
 *   v = y - x + offset        a = sum e^x        b = sum e^x v        c = sum e^x (e^v - 1 - v)
 * </pre>
 *
 * <p>{@code e^x e^v} is {@code e^y} in that unit: one exponential does for both rows, and the terms of c are never negative.
 * The magnitudes of {@code reference - x} and of v are watched: where {@code far} is above {@link MomentsLoop#FAR} the sums are
 * garbage, or v so large (above {@link #LARGE}) that what is rounded off it is too much of e^v.
 */
abstract class CloseLoop {
  /** Each level is a copy of the loop of its own. */
  enum Level {
    /** Takes v as it is rounded. */
    PLAIN,
    /** Takes account of what is rounded off {@code y - x}: beside a large offset that would be too much of v. */
    COMPENSATED,
    /** Takes account of all that is rounded off v, which may be up to {@link Exp#RANGE}; for arrays that {@link MaskLoop} has made. */
    EXACT
  }

  /** The largest v of the other levels. */
  private static final float LARGE = 8;

  private static final int LEVELS = Level.values().length;
  private static final CloseLoop[] LOOPS = new CloseLoop[Source.COUNT * LEVELS];

  /** Adds up the lanes {@code lane .. lane + COUNT - 1} of the entries {@code from .. to - 1}, whole vectors of 16. */
  abstract void add(Object xBase, long xStart, Object yBase, long yStart, int from, int to, int lane, Tile tile);

  /** All 16 lanes of the tile that both cursors are at. */
  final void add(Row x, Row y, int from, int to, Tile tile) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
      add(x.base, x.start, y.base, y.start, from, to, lane, tile);
    }
  }

  /** The same of two arrays, from their beginning. */
  final void add(float[] x, float[] y, int entries, Tile tile) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
      add(x, 0, y, 0, 0, entries, lane, tile);
    }
  }

  /** The loop for two rows of one source, and a level; made when it is first asked for. */
  static CloseLoop of(Source source, Level level) {
    int index = source.ordinal() * LEVELS + level.ordinal();
    CloseLoop loop = LOOPS[index];
    if (loop == null) {
      loop = Specialized.of(CloseLoop.class, Template.class, new Object[] {source.loader, level});
      LOOPS[index] = loop;
    }
    return loop;
  }

  /** The loop; see {@link Specialized}. */
  private static final class Template extends CloseLoop {
    private static final Object[] DATA = Specialized.data(MethodHandles.lookup(), Object[].class);
    private static final Loader LOADER = (Loader) DATA[0];
    private static final boolean PLAIN = DATA[1] == Level.PLAIN;
    private static final boolean EXACT = DATA[1] == Level.EXACT;

    /** Makes {@link #LARGE} the limit of what is watched. */
    private static final float WEIGHT = EXACT ? 1 : Exp.RANGE / LARGE;

    Template() {}

    @Override
    void add(Object xBase, long xStart, Object yBase, long yStart, int from, int to, int lane, Tile tile) {
      FloatVector top = Lanes.all(tile.x.reference);
      FloatVector scale = Lanes.all(tile.x.magic);
      FloatVector offset = Lanes.all(tile.offset);
      int slot = lane;
      for (int block = from; block < to; block += Tile.BLOCK) {
        int end = Math.min(block + Tile.BLOCK, to);
        FloatVector a = Lanes.all(0f);
        FloatVector b = Lanes.all(0f);
        FloatVector c = Lanes.all(0f);
        // Kahan's sum: many equal small terms beside a large one would all be rounded the same way.
        FloatVector lost = Lanes.all(0f);
        IntVector far = Lanes.all(0);
        for (int i = block + lane; i < end; i += Lanes.WIDTH) {
          FloatVector x = LOADER.load(xBase, xStart, i);
          FloatVector y = LOADER.load(yBase, yStart, i);
          FloatVector e = Exp.scaled(x, scale);
          FloatVector difference = y.sub(x);
          FloatVector v = difference.add(offset);
          FloatVector rest = difference;
          if (!PLAIN) {
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
          FloatVector above = Exp.aboveTangent(v);
          if (EXACT) {
            above = above.add(v).fma(rest, above);
          }
          far = far.max(top.sub(x).abs().reinterpretAsInts()).max(v.mul(WEIGHT).abs().reinterpretAsInts());
          a = a.add(e);
          b = e.fma(v, b);
          FloatVector term = e.fma(above, lost);
          FloatVector sum = c.add(term);
          lost = term.sub(sum.sub(c));
          c = sum;
        }
        far.intoArray(tile.far, slot);
        a.intoArray(tile.a, slot);
        b.intoArray(tile.b, slot);
        c.intoArray(tile.c, slot);
        slot += Lanes.WIDTH;
      }
    }
  }
}
