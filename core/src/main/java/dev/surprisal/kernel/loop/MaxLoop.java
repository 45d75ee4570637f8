package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Loader;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Rehearsal;
import dev.surprisal.kernel.vector.Specialized;
import dev.surprisal.kernel.vector.Vectors;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The largest of some entries, and whether there is a NaN among them. */
public abstract class MaxLoop extends Strips {
  /** What the loop leaves: of each lane the largest key, and the largest bit pattern without its sign. */
  public static final class Watch {
    final IntSlots key = new IntSlots();
    final IntSlots magnitude = new IntSlots();
    final Stage stage = new Stage();
  }

  private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

  private static final Loops<MaxLoop> LOOPS =
      Loops.of(MethodHandles.lookup(), MaxLoop.class, Template.class, new Loops.Plain<>() {
        @Override
        public MaxLoop of(Source source, Enum<?> variant) {
          return new Plain(source);
        }
      });

  /** The loop of a source. */
  public static MaxLoop of(Source source) {
    return LOOPS.of(source);
  }

  MaxLoop(int lanes) {
    super(lanes);
  }

  abstract void scan(Object base, long start, int from, int to, int lane, Watch watch);

  /**
   * The maximum of the entries {@code from .. to - 1}, whole vectors of 16; NaN if one is NaN, whatever its sign bit.
   */
  public final float max(Object base, long start, int from, int to, Watch watch) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += lanes) {
      scan(base, start, from, to, lane, watch);
    }
    int key = watch.key.max(Lanes.WIDTH);
    return watch.magnitude.max(Lanes.WIDTH) > INFINITY ? Float.NaN : Float.intBitsToFloat(key ^ (key >> 31 >>> 1));
  }

  @Override
  public Rehearsal rehearsal(Source source) {
    MadeUp rows = MadeUp.logits(source);
    Watch watch = new Watch();
    return new Rehearsal() {
      @Override
      public void run(int entries) {
        max(rows.x, MadeUp.START, 0, entries, watch);
      }
    };
  }

  /** The plain form. */
  private static final class Plain extends MaxLoop {
    private final Source source;

    Plain(Source source) {
      super(Lanes.WIDTH);
      this.source = source;
    }

    @Override
    void scan(Object base, long start, int from, int to, int lane, Watch watch) {
      float[] x = watch.stage.x;
      float max = Float.NEGATIVE_INFINITY;
      for (int block = from; block < to; block += Sizes.BLOCK) {
        int count = Math.min(Sizes.BLOCK, to - block);
        watch.stage.load(source, base, start + block, count, x);
        for (int i = 0; i < count; i++) {
          max = Math.max(max, x[i]);
        }
      }
      // A NaN is the largest of all here, and is found by its magnitude.
      int bits = Float.floatToRawIntBits(max);
      Arrays.fill(watch.key.lanes, 0, Lanes.WIDTH, bits ^ bits >> 31 >>> 1);
      Arrays.fill(watch.magnitude.lanes, 0, Lanes.WIDTH, bits & 0x7FFFFFFF);
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends MaxLoop {
    private static final Loader LOADER = Loader.of(Specialized.data(MethodHandles.lookup(), Source.class));

    Template() {
      super(Vectors.COUNT);
    }

    /**
     * The maximum of integer keys that order as the floats do: the bits, all but the sign inverted below zero. The
     * chain from one entry to the next is one instruction long, that of a compare and blend seven cycles.
     */
    @Override
    void scan(Object base, long start, int from, int to, int lane, Watch watch) {
      int width = Vectors.width;
      IntVector key = Vectors.all(Integer.MIN_VALUE);
      IntVector magnitude = Vectors.all(0);
      for (int i = from + lane; i < to; i += width) {
        IntVector bits = LOADER.load(base, start, i).reinterpretAsInts();
        IntVector flip = bits.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.LSHR, 1);
        key = key.max(bits.lanewise(VectorOperators.XOR, flip));
        magnitude = magnitude.max(bits.and(0x7FFFFFFF));
      }
      key.intoArray(watch.key.lanes, lane);
      magnitude.intoArray(watch.magnitude.lanes, lane);
    }
  }
}
