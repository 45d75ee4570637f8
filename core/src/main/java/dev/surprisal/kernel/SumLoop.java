package dev.surprisal.kernel;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The sum of a row of probabilities in double, and whether they are probabilities: bit patterns tell a negative value, an
 * infinity or a NaN by their order as unsigned integers.
 */
abstract class SumLoop {
  private static final SumLoop[] LOOPS = new SumLoop[Source.COUNT];

  /** Adds the lanes {@code lane .. lane + COUNT - 1}, without entries equal to {@code tile.excluded}, to {@code sums}. */
  abstract void add(Object base, long start, int from, int to, int lane, double[] sums, Tile tile);

  /** All 16 lanes of a tile. */
  final void add(Row row, int from, int to, double[] sums, Tile tile) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
      add(row.base, row.start, from, to, lane, sums, tile);
    }
  }

  /** The loop of a source; made when it is first asked for. */
  static SumLoop of(Source source) {
    SumLoop loop = LOOPS[source.ordinal()];
    if (loop == null) {
      loop = Specialized.of(SumLoop.class, Template.class, source.loader);
      LOOPS[source.ordinal()] = loop;
    }
    return loop;
  }

  /** The loop; see {@link Specialized}. */
  private static final class Template extends SumLoop {
    private static final Loader LOADER = Specialized.data(MethodHandles.lookup(), Loader.class);

    Template() {}

    @Override
    void add(Object base, long start, int from, int to, int lane, double[] sums, Tile tile) {
      int half = Lanes.DOUBLES.length();
      DoubleVector low = DoubleVector.fromArray(Lanes.DOUBLES, sums, lane);
      DoubleVector high = DoubleVector.fromArray(Lanes.DOUBLES, sums, lane + half);
      FloatVector excluded = Lanes.all(tile.excluded);
      IntVector largest = Lanes.all(0);
      IntVector smallest = Lanes.all(Integer.MAX_VALUE);
      for (int i = from + lane; i < to; i += Lanes.WIDTH) {
        FloatVector p = LOADER.load(base, start, i).add(0f); // -0 is 0
        largest = largest.max(p.reinterpretAsInts());
        smallest = smallest.min(p.reinterpretAsInts());
        VectorMask<Float> tie = p.compare(VectorOperators.EQ, excluded);
        FloatVector kept = p.blend(0f, tie);
        low = low.add(kept.convertShape(VectorOperators.F2D, Lanes.DOUBLES, 0));
        high = high.add(kept.convertShape(VectorOperators.F2D, Lanes.DOUBLES, 1));
      }
      low.intoArray(sums, lane);
      high.intoArray(sums, lane + half);
      largest.intoArray(tile.far, lane);
      smallest.intoArray(tile.near, lane);
    }
  }
}
