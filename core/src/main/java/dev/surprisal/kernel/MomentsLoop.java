package dev.surprisal.kernel;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Sums over a tile of one row of logits, in units of {@link Exp#unit}:
 *
 * <pre>
 *   a = sum e^x        b = sum e^x (center - x)        c = sum e^x (center - x)^2        above = how many x > target
 * </pre>
 *
 * <p>{@code d = reference - x} is watched on the way as an integer, for positive floats order as integers do: {@code near},
 * the smallest, is negative if an entry lies above the reference (or is a NaN with its sign set), and else tells the
 * maximum; {@code far}, the largest, is above {@link #FAR} if an entry is too far below for {@link Exp#scaled}, or -inf, or
 * NaN. The fast levels then have computed garbage, and the tile is to be done again at the level {@code CAREFUL}, which
 * leaves such entries out, and those equal to {@code excluded}, which it counts as {@code ties}.
 */
abstract class MomentsLoop {
  /** How much is summed. Each level is a copy of the loop of its own. */
  enum Level {
    /** {@code a} only. */
    SUM,
    /** {@code a} and {@code b}. */
    ENTROPY,
    /** Everything. */
    SCORE,
    /** Everything, of any entries, {@code excluded} left out. */
    CAREFUL
  }

  /** As bits: the largest distance below the reference for which {@link Exp#scaled} is a normal float. */
  static final int FAR = Float.floatToRawIntBits(Exp.RANGE);

  private static final int LEVELS = Level.values().length;
  private static final MomentsLoop[] LOOPS = new MomentsLoop[Source.COUNT * LEVELS];

  /** Adds up the lanes {@code lane .. lane + COUNT - 1} of the entries {@code from .. to - 1}, whole vectors of 16. */
  abstract void add(Object base, long start, int from, int to, int lane, Tile tile);

  /** All 16 lanes. */
  final void add(Object base, long start, int from, int to, Tile tile) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
      add(base, start, from, to, lane, tile);
    }
  }

  /** The loop for a source and a level; made when it is first asked for. */
  static MomentsLoop of(Source source, Level level) {
    int index = source.ordinal() * LEVELS + level.ordinal();
    MomentsLoop loop = LOOPS[index];
    if (loop == null) {
      Loader loader = level == Level.CAREFUL ? source.loader : source.looseLoader;
      loop = Specialized.of(MomentsLoop.class, Template.class, new Object[] {loader, level});
      LOOPS[index] = loop;
    }
    return loop;
  }

  /** The loop; see {@link Specialized}. */
  private static final class Template extends MomentsLoop {
    private static final Object[] DATA = Specialized.data(MethodHandles.lookup(), Object[].class);
    private static final Loader LOADER = (Loader) DATA[0];
    private static final boolean CAREFUL = DATA[1] == Level.CAREFUL;
    private static final boolean SCORE = DATA[1] == Level.SCORE;
    private static final boolean ENTROPY = DATA[1] == Level.ENTROPY;

    Template() {}

    @Override
    void add(Object base, long start, int from, int to, int lane, Tile tile) {
      FloatVector top = Lanes.all(tile.x.reference);
      FloatVector middle = Lanes.all(tile.center);
      FloatVector scale = Lanes.all(tile.x.magic);
      FloatVector wanted = Lanes.all(tile.target);
      int width = Lanes.width;
      int slot = lane;
      for (int block = from; block < to; block += Tile.BLOCK) {
        int end = Math.min(block + Tile.BLOCK, to);
        // One initial vector each: two accumulators that begin as the same object are boxed in every iteration.
        FloatVector a = Lanes.all(0f);
        FloatVector b = Lanes.all(0f);
        FloatVector c = Lanes.all(0f);
        IntVector far = Lanes.all(0);
        IntVector near = Lanes.all(Integer.MAX_VALUE);
        IntVector above = Lanes.all(0);
        IntVector ties = Lanes.all(0);
        if (CAREFUL) {
          FloatVector out = Lanes.all(tile.excluded);
          FloatVector offset = Lanes.all(tile.x.shift);
          for (int i = block + lane; i < end; i += width) {
            FloatVector x = LOADER.load(base, start, i);
            FloatVector d = top.sub(x);
            near = near.min(d.reinterpretAsInts());
            above = above.add(1, x.compare(VectorOperators.GT, wanted).cast(Lanes.INTS));
            VectorMask<Float> tie = x.compare(VectorOperators.EQ, out);
            ties = ties.add(1, tie.cast(Lanes.INTS));
            VectorMask<Float> none = d.compare(VectorOperators.GT, Exp.RANGE).or(tie);
            FloatVector kept = x.blend(top, none);
            // Of a NaN the exponential may be any number.
            FloatVector e = Exp.scaled(kept.sub(offset), scale).blend(0f, none).blend(Float.NaN, x.compare(VectorOperators.NE, x));
            FloatVector m = middle.sub(kept);
            FloatVector em = e.mul(m);
            a = a.add(e);
            b = b.add(em);
            c = em.fma(m, c);
          }
        } else {
          for (int i = block + lane; i < end; i += width) {
            FloatVector x = LOADER.load(base, start, i);
            FloatVector d = top.sub(x);
            far = far.max(d.reinterpretAsInts());
            near = near.min(d.reinterpretAsInts());
            FloatVector e = Exp.scaled(x, scale);
            a = a.add(e);
            if (ENTROPY) {
              b = e.fma(middle.sub(x), b);
            }
            if (SCORE) {
              FloatVector m = middle.sub(x);
              FloatVector em = e.mul(m);
              b = b.add(em);
              c = em.fma(m, c);
              above = above.add(1, x.compare(VectorOperators.GT, wanted).cast(Lanes.INTS));
            }
          }
        }
        a.intoArray(tile.a, slot);
        near.intoArray(tile.near, slot);
        if (CAREFUL) {
          ties.intoArray(tile.ties, slot);
        } else {
          far.intoArray(tile.far, slot);
        }
        if (!(CAREFUL || SCORE || ENTROPY)) {
          slot += Lanes.WIDTH;
          continue;
        }
        b.intoArray(tile.b, slot);
        if (CAREFUL || SCORE) {
          c.intoArray(tile.c, slot);
          above.intoArray(tile.above, slot);
        }
        slot += Lanes.WIDTH;
      }
    }
  }
}
