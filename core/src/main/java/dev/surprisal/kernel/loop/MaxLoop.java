package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.vector.IntSlots;
import dev.surprisal.kernel.vector.Lanes;
import dev.surprisal.kernel.vector.Loader;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Source;
import dev.surprisal.kernel.vector.Specialized;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The largest of some entries, and whether there is a NaN among them. */
public abstract class MaxLoop {
  /** What the loop leaves: of each lane the largest key, and the largest bit pattern without its sign. */
  public static final class Watch {
    final IntSlots key = new IntSlots();
    final IntSlots magnitude = new IntSlots();
  }

  private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

  private static final Loops<MaxLoop> LOOPS = Loops.ofSources(MethodHandles.lookup(), MaxLoop.class, Template.class);

  /** The loop of a source. */
  public static MaxLoop of(Source source) {
    return LOOPS.of(source);
  }

  abstract void scan(Object base, long start, int from, int to, int lane, int[] keys, int[] magnitudes);

  /**
   * The maximum of the entries {@code from .. to - 1}, whole vectors of 16; NaN if one is NaN, whatever its sign bit.
   */
  public final float max(Object base, long start, int from, int to, Watch watch) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
      scan(base, start, from, to, lane, watch.key.lanes, watch.magnitude.lanes);
    }
    int key = watch.key.max(Lanes.WIDTH);
    return watch.magnitude.max(Lanes.WIDTH) > INFINITY ? Float.NaN : Float.intBitsToFloat(key ^ (key >> 31 >>> 1));
  }

  /** The loop; see {@link Specialized}. */
  private static final class Template extends MaxLoop {
    private static final Loader LOADER = Specialized.data(MethodHandles.lookup(), Source.class).loader();

    Template() {}

    /**
     * The maximum of integer keys that order as the floats do: the bits, all but the sign inverted below zero. The
     * chain from one entry to the next is one instruction long, that of a compare and blend seven cycles.
     */
    @Override
    void scan(Object base, long start, int from, int to, int lane, int[] keys, int[] magnitudes) {
      int width = Lanes.width;
      IntVector key = Lanes.all(Integer.MIN_VALUE);
      IntVector magnitude = Lanes.all(0);
      for (int i = from + lane; i < to; i += width) {
        IntVector bits = LOADER.load(base, start, i).reinterpretAsInts();
        IntVector flip = bits.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.LSHR, 1);
        key = key.max(bits.lanewise(VectorOperators.XOR, flip));
        magnitude = magnitude.max(bits.and(0x7FFFFFFF));
      }
      key.intoArray(keys, lane);
      magnitude.intoArray(magnitudes, lane);
    }
  }
}
