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
public abstract class MomentsLoop extends Strips {
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

    final Stage stage = new Stage();

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
      Loops.of(MethodHandles.lookup(), MomentsLoop.class, Template.class, new Loops.Plain<>() {
        @Override
        public MomentsLoop of(Source source, Enum<?> variant) {
          return new Plain(source, (Level) variant);
        }
      }, Level.values());

  /** The loop for a source and a level. */
  public static MomentsLoop of(Source source, Level level) {
    return LOOPS.of(source, level);
  }

  MomentsLoop(int lanes) {
    super(lanes);
  }

  /** Adds up the lanes {@code lane .. lane + COUNT - 1} of the entries {@code from .. to - 1}, whole vectors of 16. */
  abstract void add(
      Object base, long start, int from, int to, int lane,
      Scale scale, float target, float excluded, Blocks out);

  /** All 16 lanes of the entries {@code from .. to - 1}, elements {@code start + from ..} of the base. */
  public final void add(
      Object base, long start, int from, int to,
      Scale scale, float target, float excluded, Blocks out) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += lanes) {
      add(base, start, from, to, lane, scale, target, excluded, out);
    }
  }

  @Override
  public Rehearsal rehearsal(Source source) {
    MadeUp rows = MadeUp.logits(source);
    Blocks out = new Blocks();
    return new Rehearsal() {
      @Override
      public void run(int entries) {
        add(rows.x, MadeUp.START, 0, entries, rows.scale, 0, Float.NaN, out);
      }
    };
  }

  /** The plain form. */
  private static final class Plain extends MomentsLoop {
    private final Source source;
    private final Level level;

    Plain(Source source, Level level) {
      super(Lanes.WIDTH);
      this.source = source;
      this.level = level;
    }

    @Override
    void add(
        Object base, long start, int from, int to, int lane,
        Scale scale, float target, float excluded, Blocks out) {
      Stage stage = out.stage;
      int slot = 0;
      for (int block = from; block < to; block += Sizes.BLOCK) {
        int count = Math.min(Sizes.BLOCK, to - block);
        stage.load(source, base, start + block, count, stage.x);
        if (level == Level.CAREFUL) {
          keep(stage.x, count, scale, target, excluded, block - from, slot, stage, out);
        } else {
          stage.exponentials(stage.x, scale.magic, count, stage.ex);
          Stage.distances(stage.x, scale.reference, count, stage.y);
          watch(stage.x, scale.reference, count, slot, out);
        }
        Stage.sum(stage.ex, count, out.mass.lanes, slot);
        if (level != Level.SUM) {
          Stage.sumOfProducts(stage.ex, stage.y, count, out.distance.lanes, slot);
        }
        if (level == Level.SCORE) {
          System.arraycopy(stage.ex, 0, out.exponentials, block - from, count);
          out.above.countSlot(slot, above(stage.x, count, target));
        }
        slot += Lanes.WIDTH;
      }
    }

    /** The largest distance is found with the other sign: C2 makes no vectors of minima of what is used twice. */
    private static void watch(float[] x, float reference, int count, int slot, Blocks out) {
      float near = Float.POSITIVE_INFINITY;
      float far = 0;
      for (int i = 0; i < count; i++) {
        near = Math.min(near, reference - x[i]);
        far = Math.min(far, x[i] - reference);
      }
      out.nearest.setSlot(slot, Float.floatToIntBits(near));
      out.farthest.setSlot(slot, Float.floatToIntBits(0 - far));
    }

    private static int above(float[] x, int count, float target) {
      int above = 0;
      for (int i = 0; i < count; i++) {
        above += x[i] > target ? 1 : 0;
      }
      return above;
    }

    /** Leaves exponentials and distances of the entries that count, and 0 of others. */
    private static void keep(
        float[] x, int count, Scale scale, float target, float excluded, int first, int slot, Stage stage, Blocks out) {
      int near = Integer.MAX_VALUE;
      int ties = 0;
      for (int i = 0; i < count; i++) {
        float d = scale.reference - x[i];
        boolean tie = x[i] == excluded;
        boolean none = d > Exp.RANGE || tie;
        near = Math.min(near, Float.floatToRawIntBits(d));
        ties += tie ? 1 : 0;
        float kept = none ? scale.reference : x[i];
        float e = none ? 0 : Exp.scaled(kept - scale.shift, scale.magic);
        // Of a NaN the exponential may be any number.
        stage.ex[i] = x[i] != x[i] ? Float.NaN : e;
        stage.y[i] = scale.reference - kept;
        out.kept[first + i] = kept;
        out.exponentials[first + i] = stage.ex[i];
      }
      out.nearest.setSlot(slot, near);
      out.ties.countSlot(slot, ties);
      out.above.countSlot(slot, above(x, count, target));
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends MomentsLoop {
    private static final Object[] DATA = Specialized.data(MethodHandles.lookup(), Object[].class);
    private static final boolean CAREFUL = DATA[1] == Level.CAREFUL;
    private static final boolean SCORE = DATA[1] == Level.SCORE;
    private static final boolean ENTROPY = DATA[1] == Level.ENTROPY;
    private static final Loader LOADER = CAREFUL ? Loader.of((Source) DATA[0]) : Loader.loose((Source) DATA[0]);

    Template() {
      super(Vectors.COUNT);
    }

    @Override
    void add(
        Object base, long start, int from, int to, int lane,
        Scale scale, float target, float excluded, Blocks out) {
      FloatVector top = Vectors.all(scale.reference);
      FloatVector magic = Vectors.all(scale.magic);
      FloatVector wanted = Vectors.all(target);
      int width = Vectors.width;
      int slot = lane;
      for (int block = from; block < to; block += Sizes.BLOCK) {
        int end = Math.min(block + Sizes.BLOCK, to);
        // One initial vector each: two accumulators that begin as the same object are boxed in every iteration.
        FloatVector a = Vectors.all(0f);
        FloatVector b = Vectors.all(0f);
        IntVector far = Vectors.all(0);
        IntVector near = Vectors.all(Integer.MAX_VALUE);
        IntVector above = Vectors.all(0);
        IntVector ties = Vectors.all(0);
        for (int chunk = block; chunk < end; chunk += Sizes.CHUNK) {
          int stop = Math.min(chunk + Sizes.CHUNK, end);
          FloatVector a1 = Vectors.all(0f);
          FloatVector b1 = Vectors.all(0f);
          if (CAREFUL) {
            FloatVector left = Vectors.all(excluded);
            FloatVector shift = Vectors.all(scale.shift);
            for (int i = chunk + lane; i < stop; i += width) {
              FloatVector x = LOADER.load(base, start, i);
              FloatVector d = top.sub(x);
              near = near.min(d.reinterpretAsInts());
              above = above.add(1, x.compare(VectorOperators.GT, wanted).cast(Vectors.INTS));
              VectorMask<Float> tie = x.compare(VectorOperators.EQ, left);
              ties = ties.add(1, tie.cast(Vectors.INTS));
              VectorMask<Float> none = d.compare(VectorOperators.GT, Exp.RANGE).or(tie);
              FloatVector kept = x.blend(top, none);
              // Of a NaN the exponential may be any number.
              FloatVector e = VectorExp.scaled(kept.sub(shift), magic).blend(0f, none)
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
              FloatVector e = VectorExp.scaled(x, magic);
              a1 = a1.add(e);
              if (ENTROPY || SCORE) {
                b1 = e.fma(d, b1);
              }
              if (SCORE) {
                e.intoArray(out.exponentials, i - from);
                above = above.add(1, x.compare(VectorOperators.GT, wanted).cast(Vectors.INTS));
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
