package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.vector.Exp;
import dev.surprisal.kernel.vector.FloatSlots;
import dev.surprisal.kernel.vector.IntSlots;
import dev.surprisal.kernel.vector.Lanes;
import dev.surprisal.kernel.vector.Loader;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Scale;
import dev.surprisal.kernel.vector.Sizes;
import dev.surprisal.kernel.vector.Source;
import dev.surprisal.kernel.vector.Specialized;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Sums over a span of one row of logits, in units of {@link Exp#unit}:
 *
 * <pre>
 *   mass = sum e^x        distance = sum e^x (reference - x)        above = how many x > target
 * </pre>
 *
 * <p>{@code d = reference - x} is watched on the way as an integer, for positive floats order as integers do:
 * {@code nearest}, the smallest, is negative if an entry lies above the reference (or is a NaN with its sign
 * set), and else tells the maximum; {@code farthest}, the largest, is above {@link Exp#FAR} if an entry is too
 * far below for {@link Exp#scaled}, or -inf, or NaN. The fast levels then have computed garbage, and the span is
 * to be done again at the level {@code CAREFUL}, which leaves such entries out, and those equal to
 * {@code excluded}, which it counts as {@code ties}.
 */
public abstract class MomentsLoop {
  /** How much is summed. Each level is a copy of the loop of its own. */
  public enum Level {
    /** {@code mass} only. */
    SUM,
    /** {@code mass} and {@code distance}. */
    ENTROPY,
    /** Everything, and the exponentials for {@link SpreadLoop}. */
    SCORE,
    /** The same of any entries, {@code excluded} left out. */
    CAREFUL
  }

  /** What the loop leaves, a slot a block. */
  public static final class Blocks {
    public final FloatSlots mass = new FloatSlots();
    public final FloatSlots distance = new FloatSlots();
    public final IntSlots nearest = new IntSlots();
    public final IntSlots farthest = new IntSlots();
    public final IntSlots above = new IntSlots();
    public final IntSlots ties = new IntSlots();

    /** Of a span at the levels {@code SCORE} and {@code CAREFUL}, 0 of what is left out. */
    public final float[] exponentials = new float[Sizes.SPAN];

    /** The entries that the level {@code CAREFUL} has taken, with the reference for those left out. */
    public final float[] kept = new float[Sizes.SPAN];

    /** Forgets the sums over some blocks, a bit each, and what was watched there. */
    public void forget(int blocks) {
      mass.clear(blocks);
      distance.clear(blocks);
      nearest.set(blocks, Integer.MAX_VALUE);
      above.set(blocks, 0);
      ties.set(blocks, 0);
    }
  }

  private static final Loops<MomentsLoop> LOOPS =
      Loops.ofSources(MethodHandles.lookup(), MomentsLoop.class, Template.class, Level.class);

  /** The loop for a source and a level. */
  public static MomentsLoop of(Source source, Level level) {
    return LOOPS.of(source, level);
  }

  /** Adds up the lanes {@code lane .. lane + COUNT - 1} of the entries {@code from .. to - 1}, whole vectors of 16. */
  abstract void add(
      Object base, long start, int from, int to, int lane,
      Scale scale, float target, float excluded, Blocks out);

  /** All 16 lanes of the entries {@code from .. to - 1}, elements {@code start + from ..} of the base. */
  public final void add(
      Object base, long start, int from, int to,
      Scale scale, float target, float excluded, Blocks out) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
      add(base, start, from, to, lane, scale, target, excluded, out);
    }
  }

  /** The loop; see {@link Specialized}. */
  private static final class Template extends MomentsLoop {
    private static final Object[] DATA = Specialized.data(MethodHandles.lookup(), Object[].class);
    private static final boolean CAREFUL = DATA[1] == Level.CAREFUL;
    private static final boolean SCORE = DATA[1] == Level.SCORE;
    private static final boolean ENTROPY = DATA[1] == Level.ENTROPY;
    private static final Loader LOADER = CAREFUL ? ((Source) DATA[0]).loader() : ((Source) DATA[0]).looseLoader();

    Template() {}

    @Override
    void add(
        Object base, long start, int from, int to, int lane,
        Scale scale, float target, float excluded, Blocks out) {
      FloatVector top = Lanes.all(scale.reference);
      FloatVector magic = Lanes.all(scale.magic);
      FloatVector wanted = Lanes.all(target);
      int width = Lanes.width;
      int slot = lane;
      for (int block = from; block < to; block += Sizes.BLOCK) {
        int end = Math.min(block + Sizes.BLOCK, to);
        // One initial vector each: two accumulators that begin as the same object are boxed in every iteration.
        FloatVector a = Lanes.all(0f);
        FloatVector b = Lanes.all(0f);
        IntVector far = Lanes.all(0);
        IntVector near = Lanes.all(Integer.MAX_VALUE);
        IntVector above = Lanes.all(0);
        IntVector ties = Lanes.all(0);
        for (int chunk = block; chunk < end; chunk += Sizes.CHUNK) {
          int stop = Math.min(chunk + Sizes.CHUNK, end);
          FloatVector a1 = Lanes.all(0f);
          FloatVector b1 = Lanes.all(0f);
          if (CAREFUL) {
            FloatVector left = Lanes.all(excluded);
            FloatVector shift = Lanes.all(scale.shift);
            for (int i = chunk + lane; i < stop; i += width) {
              FloatVector x = LOADER.load(base, start, i);
              FloatVector d = top.sub(x);
              near = near.min(d.reinterpretAsInts());
              above = above.add(1, x.compare(VectorOperators.GT, wanted).cast(Lanes.INTS));
              VectorMask<Float> tie = x.compare(VectorOperators.EQ, left);
              ties = ties.add(1, tie.cast(Lanes.INTS));
              VectorMask<Float> none = d.compare(VectorOperators.GT, Exp.RANGE).or(tie);
              FloatVector kept = x.blend(top, none);
              // Of a NaN the exponential may be any number.
              FloatVector e = Exp.scaled(kept.sub(shift), magic).blend(0f, none)
                  .blend(Float.NaN, x.compare(VectorOperators.NE, x));
              e.intoArray(out.exponentials, i - from);
              kept.intoArray(out.kept, i - from);
              a1 = a1.add(e);
              b1 = e.fma(top.sub(kept), b1);
            }
          } else {
            for (int i = chunk + lane; i < stop; i += width) {
              FloatVector x = LOADER.load(base, start, i);
              FloatVector d = top.sub(x);
              far = far.max(d.reinterpretAsInts());
              near = near.min(d.reinterpretAsInts());
              FloatVector e = Exp.scaled(x, magic);
              a1 = a1.add(e);
              if (ENTROPY || SCORE) {
                b1 = e.fma(d, b1);
              }
              if (SCORE) {
                e.intoArray(out.exponentials, i - from);
                above = above.add(1, x.compare(VectorOperators.GT, wanted).cast(Lanes.INTS));
              }
            }
          }
          a = a.add(a1);
          if (CAREFUL || SCORE || ENTROPY) {
            b = b.add(b1);
          }
        }
        a.intoArray(out.mass.lanes, slot);
        near.intoArray(out.nearest.lanes, slot);
        if (CAREFUL) {
          ties.intoArray(out.ties.lanes, slot);
        } else {
          far.intoArray(out.farthest.lanes, slot);
        }
        if (!(CAREFUL || SCORE || ENTROPY)) {
          slot += Lanes.WIDTH;
          continue;
        }
        b.intoArray(out.distance.lanes, slot);
        if (CAREFUL || SCORE) {
          above.intoArray(out.above.lanes, slot);
        }
        slot += Lanes.WIDTH;
      }
    }
  }
}
