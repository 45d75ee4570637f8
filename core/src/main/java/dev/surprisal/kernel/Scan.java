package dev.surprisal.kernel;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The largest of some entries, and whether there is a NaN among them. */
abstract class Scan {
  private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

  private static final Scan[] SCANS = new Scan[Source.COUNT];

  abstract void scan(Object base, long start, int from, int to, int lane, float[] maxima, int[] magnitudes);

  /** The maximum of the entries {@code from .. to - 1}, whole vectors of 16; NaN if one is NaN, whatever its sign bit. */
  final float max(Object base, long start, int from, int to, Tile tile) {
    float[] maxima = tile.a;
    int[] magnitudes = tile.far;
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
      scan(base, start, from, to, lane, maxima, magnitudes);
    }
    float max = maxima[0];
    for (int lane = 1; lane < Lanes.WIDTH; lane++) {
      max = Math.max(max, maxima[lane]);
    }
    return Tile.max(magnitudes, Lanes.WIDTH) > INFINITY ? Float.NaN : max;
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

    /** Compare and blend are two instructions where {@code FloatVector.max} is five and a long chain. */
    @Override
    void scan(Object base, long start, int from, int to, int lane, float[] maxima, int[] magnitudes) {
      FloatVector max = Lanes.all(Float.NEGATIVE_INFINITY);
      IntVector magnitude = Lanes.all(0);
      for (int i = from + lane; i < to; i += Lanes.WIDTH) {
        FloatVector x = LOADER.load(base, start, i);
        max = max.blend(x, x.compare(VectorOperators.GT, max));
        magnitude = magnitude.max(x.reinterpretAsInts().and(0x7FFFFFFF));
      }
      max.intoArray(maxima, lane);
      magnitude.intoArray(magnitudes, lane);
    }
  }
}
