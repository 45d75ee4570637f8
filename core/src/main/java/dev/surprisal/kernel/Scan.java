package dev.surprisal.kernel;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The largest of some entries, and whether there is a NaN among them. */
abstract class Scan {
  private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
  private static final Scan[] SCANS = new Scan[Source.COUNT];

  abstract void scan(Object base, long start, int from, int to, int lane, int[] keys, int[] magnitudes);

  /** The maximum of the entries {@code from .. to - 1}, whole vectors of 16; NaN if one is NaN, whatever its sign bit. */
  final float max(Object base, long start, int from, int to, Tile tile) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
      scan(base, start, from, to, lane, tile.near, tile.far);
    }
    int key = Tile.max(tile.near, Lanes.WIDTH);
    return Tile.max(tile.far, Lanes.WIDTH) > INFINITY ? Float.NaN : Float.intBitsToFloat(key ^ (key >> 31 >>> 1));
  }

  /** The scan of a source; made when it is first asked for. */
  static Scan of(Source source) {
    Scan scan = SCANS[source.ordinal()];
    if (scan == null) {
      scan = Specialized.of(Scan.class, Template.class, source.loader);
      SCANS[source.ordinal()] = scan;
    }
    return scan;
  }

  /** The loop; see {@link Specialized}. */
  private static final class Template extends Scan {
    private static final Loader LOADER = Specialized.data(MethodHandles.lookup(), Loader.class);

    Template() {}

    /**
     * The maximum of integer keys that order as the floats do: the bits, all but the sign inverted below zero. The chain from
     * one entry to the next is one instruction long, that of a compare and blend seven cycles.
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
