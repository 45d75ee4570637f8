package dev.surprisal.kernel;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * What probabilities p cost over a tile:
 *
 * <pre>
 *   PROBABILITIES   a = -sum p log q             of probabilities q
 *   NORMALIZED      a = sum p log(center / q)    of weights q, the center their sum
 *   LOGITS          a = sum p (center - x)       of logits x
 *   RATIO           a = sum p log(p / q)         of probabilities q
 *   RATIO_LOGITS    a = sum p log(p / q)         of q = ratio e^x, the ratio in the unit of the second reference
 * </pre>
 *
 * <p>without the entries of q equal to {@code excluded}, and {@code b = sum p}; for the ratios {@code c = sum p |log(p / q)|}.
 * {@code 0 log 0 = 0}. The bit patterns of all probabilities are watched, for {@link Tile#holdsProbabilities}.
 */
abstract class CrossEntropyLoop {
  /** What the second row is, and which sum is taken. */
  enum Cost {
    PROBABILITIES(false),
    NORMALIZED(false),
    LOGITS(true),
    RATIO(false),
    RATIO_LOGITS(true);

    /** Whether the second row is one of logits. */
    final boolean logits;

    Cost(boolean logits) {
      this.logits = logits;
    }

    /** Whether terms have both signs. */
    boolean isRatio() {
      return this == RATIO || this == RATIO_LOGITS;
    }
  }

  private static final int COSTS = Cost.values().length;
  private static final CrossEntropyLoop[] LOOPS = new CrossEntropyLoop[COSTS * Source.COUNT];

  abstract void add(Object pBase, long pStart, Object qBase, long qStart, int from, int to, int lane, Tile tile);

  /** All 16 lanes of the tile that both cursors are at. */
  final void add(Row p, Row q, int from, int to, Tile tile) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
      add(p.base, p.start, q.base, q.start, from, to, lane, tile);
    }
  }

  /** The loop for two rows of one source; made when it is first asked for. */
  static CrossEntropyLoop of(Source source, Cost cost) {
    int index = COSTS * source.ordinal() + cost.ordinal();
    CrossEntropyLoop loop = LOOPS[index];
    if (loop == null) {
      loop = Specialized.of(CrossEntropyLoop.class, Template.class, new Object[] {source.loader, cost});
      LOOPS[index] = loop;
    }
    return loop;
  }

  /** The loop; see {@link Specialized}. */
  private static final class Template extends CrossEntropyLoop {
    private static final Object[] DATA = Specialized.data(MethodHandles.lookup(), Object[].class);
    private static final Loader LOADER = (Loader) DATA[0];
    private static final Cost COST = (Cost) DATA[1];
    private static final boolean RATIO = COST.isRatio();

    Template() {}

    @Override
    void add(Object pBase, long pStart, Object qBase, long qStart, int from, int to, int lane, Tile tile) {
      FloatVector excluded = Lanes.all(tile.excluded);
      FloatVector point = Lanes.all(tile.center);
      FloatVector top = Lanes.all(tile.y.reference);
      FloatVector shift = Lanes.all(tile.y.shift);
      FloatVector scale = Lanes.all(tile.y.magic);
      FloatVector ratio = Lanes.all(tile.ratio);
      int slot = lane;
      for (int block = from; block < to; block += Tile.BLOCK) {
        int end = Math.min(block + Tile.BLOCK, to);
        FloatVector cost = Lanes.all(0f);
        FloatVector mass = Lanes.all(0f);
        FloatVector magnitude = Lanes.all(0f);
        IntVector largest = Lanes.all(0);
        IntVector smallest = Lanes.all(Integer.MAX_VALUE);
        for (int i = block + lane; i < end; i += Lanes.WIDTH) {
          FloatVector p = LOADER.load(pBase, pStart, i).add(0f); // -0 is 0
          FloatVector q = LOADER.load(qBase, qStart, i);
          FloatVector each;
          if (COST == Cost.PROBABILITIES) {
            each = Log.of(q).neg();
          } else if (COST == Cost.LOGITS) {
            each = point.sub(q);
          } else if (COST == Cost.RATIO_LOGITS) {
            // Far below the others e^x is as good as 0, but not so its logarithm.
            FloatVector near = q.blend(top, top.sub(q).compare(VectorOperators.GT, Exp.RANGE));
            each = Log.ofRatio(p, Exp.scaled(near.sub(shift), scale).mul(ratio)).add(near.sub(q));
          } else {
            each = Log.ofRatio(RATIO ? p : point, q).blend(Float.POSITIVE_INFINITY, q.compare(VectorOperators.EQ, 0f));
          }
          IntVector pBits = p.reinterpretAsInts();
          largest = largest.max(pBits);
          smallest = smallest.min(pBits);
          if (!COST.logits) {
            IntVector qBits = q.add(0f).reinterpretAsInts();
            largest = largest.max(qBits);
            smallest = smallest.min(qBits);
          }
          VectorMask<Float> none = p.compare(VectorOperators.EQ, 0f).or(q.compare(VectorOperators.EQ, excluded));
          FloatVector kept = each.blend(0f, none);
          cost = p.fma(kept, cost);
          mass = mass.add(p);
          if (RATIO) {
            magnitude = p.fma(kept.abs(), magnitude);
          }
        }
        largest.intoArray(tile.far, slot);
        smallest.intoArray(tile.near, slot);
        cost.intoArray(tile.a, slot);
        mass.intoArray(tile.b, slot);
        if (RATIO) {
          magnitude.intoArray(tile.c, slot);
        }
        slot += Lanes.WIDTH;
      }
    }
  }
}
