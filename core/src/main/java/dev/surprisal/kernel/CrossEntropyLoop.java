package dev.surprisal.kernel;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * What probabilities p cost over a tile:
 *
 * <pre>
 *   a = -sum p log q             of probabilities q
 *   a = sum p (point - x)        of logits x
 * </pre>
 *
 * <p>without the entries of p equal to {@code excluded}; {@code 0 log 0 = 0}.
 */
abstract class CrossEntropyLoop {
  private static final CrossEntropyLoop[] LOOPS = new CrossEntropyLoop[2 * Source.COUNT];

  abstract void add(Object pBase, long pStart, Object qBase, long qStart, int from, int to, int lane, Tile tile);

  /** All 16 lanes of the tile that both cursors are at. */
  final void add(Row p, Row q, int from, int to, Tile tile) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
      add(p.base, p.start, q.base, q.start, from, to, lane, tile);
    }
  }

  /** The loop for two rows of one source; made when it is first asked for. */
  static CrossEntropyLoop of(Source source, boolean logits) {
    int index = 2 * source.ordinal() + (logits ? 1 : 0);
    CrossEntropyLoop loop = LOOPS[index];
    if (loop == null) {
      loop = Specialized.of(CrossEntropyLoop.class, Template.class, new Object[] {source.loader, logits});
      LOOPS[index] = loop;
    }
    return loop;
  }

  /** The loop; see {@link Specialized}. Too long to be inlined, on purpose: with its caller's code it would not fit. */
  private static final class Template extends CrossEntropyLoop {
    private static final Object[] DATA = Specialized.data(MethodHandles.lookup(), Object[].class);
    private static final Loader LOADER = (Loader) DATA[0];
    private static final boolean LOGITS = (Boolean) DATA[1];

    Template() {}

    @Override
    void add(Object pBase, long pStart, Object qBase, long qStart, int from, int to, int lane, Tile tile) {
      FloatVector excluded = Lanes.all(tile.excluded);
      FloatVector point = Lanes.all(tile.center);
      int slot = lane;
      for (int block = from; block < to; block += Tile.BLOCK) {
        int end = Math.min(block + Tile.BLOCK, to);
        FloatVector sum = Lanes.all(0f);
        for (int i = block + lane; i < end; i += Lanes.WIDTH) {
          FloatVector p = LOADER.load(pBase, pStart, i);
          FloatVector q = LOADER.load(qBase, qStart, i);
          FloatVector cost = LOGITS ? point.sub(q) : Log.of(q).neg();
          VectorMask<Float> none = p.compare(VectorOperators.EQ, 0f).or(p.compare(VectorOperators.EQ, excluded));
          sum = p.fma(cost.blend(0f, none), sum);
        }
        sum.intoArray(tile.a, slot);
        slot += Lanes.WIDTH;
      }
    }
  }
}
