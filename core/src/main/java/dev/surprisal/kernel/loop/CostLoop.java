package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Scale;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Loader;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Specialized;
import dev.surprisal.kernel.vector.VectorExp;
import dev.surprisal.kernel.vector.VectorLog;
import dev.surprisal.kernel.vector.Vectors;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * What probabilities p cost over a span:
 *
 * <pre>
 *   PROBABILITIES   cost = -sum p log q             of probabilities q
 *   NORMALIZED      cost = sum p log(center / q)    of weights q, the center their sum
 *   LOGITS          cost = sum p (center - x)       of logits x
 *   RATIO           cost = sum p log(p / q)         of probabilities q
 *   RATIO_LOGITS    cost = sum p log(p / q)         of q = ratio e^x, the ratio in the unit of x
 * </pre>
 *
 * <p>without the entries of q equal to {@code excluded}, and {@code mass = sum p}; for the ratios
 * {@code magnitude = sum p |log(p / q)|}. {@code 0 log 0 = 0}. The bit patterns of all probabilities are watched.
 */
public abstract class CostLoop extends Strips {
  /** What the second row is, and which sum is taken. Each is a copy of the loop of its own. */
  public enum Cost {
    PROBABILITIES(false),
    NORMALIZED(false),
    LOGITS(true),
    RATIO(false),
    RATIO_LOGITS(true);

    private final boolean logits;

    Cost(boolean logits) {
      this.logits = logits;
    }

    /** Whether the second row is one of logits. */
    public boolean isOfLogits() {
      return logits;
    }

    /** Whether terms have both signs. */
    public boolean isRatio() {
      return this == RATIO || this == RATIO_LOGITS;
    }
  }

  /** What the loop leaves, a slot a block. */
  public static final class Blocks {
    public final FloatSlots cost = new FloatSlots();
    public final FloatSlots mass = new FloatSlots();
    public final FloatSlots magnitude = new FloatSlots();
    public final ProbabilityWatch watched = new ProbabilityWatch();
  }

  /** The ratio may be anything from here to one over it. */
  public static final float LEAST_RATIO = 0x1p-53f;

  private static final Loops<CostLoop> LOOPS =
      Loops.of(MethodHandles.lookup(), CostLoop.class, Template.class, new Loops.Plain<>() {
        @Override
        public CostLoop of(Source source, Enum<?> variant) {
          return new Plain(source, (Cost) variant);
        }
      }, Cost.values());

  /** The loop for two rows of one source. */
  public static CostLoop of(Source source, Cost cost) {
    return LOOPS.of(source, cost);
  }

  CostLoop(int lanes) {
    super(lanes);
  }

  /** Adds up the lanes {@code lane .. lane + COUNT - 1} of the entries {@code from .. to - 1}, whole vectors of 16. */
  abstract void add(
      Object pBase, long pStart, Object qBase, long qStart, int from, int to, int lane,
      Scale x, float ratio, float center, float excluded, Blocks out);

  /** All 16 lanes of the entries {@code from .. to - 1} of both rows. */
  public final void add(
      Object pBase, long pStart, Object qBase, long qStart, int from, int to,
      Scale x, float ratio, float center, float excluded, Blocks out) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += lanes) {
      add(pBase, pStart, qBase, qStart, from, to, lane, x, ratio, center, excluded, out);
    }
  }

  /** The plain form. */
  private static final class Plain extends CostLoop {
    Plain(Source source, Cost variant) {
      super(Lanes.WIDTH);
    }

    @Override
    void add(Object pBase, long pStart, Object qBase, long qStart, int from, int to, int lane, Scale x, float ratio,
        float center, float excluded, Blocks out) {
      throw new UnsupportedOperationException("no plain form yet");
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends CostLoop {
    private static final Object[] DATA = Specialized.data(MethodHandles.lookup(), Object[].class);
    private static final Loader LOADER = Loader.of((Source) DATA[0]);
    private static final Cost COST = (Cost) DATA[1];
    private static final boolean RATIO = COST.isRatio();

    /** A distance below the unit at which {@code ratio e^x} is a normal float for any {@link #LEAST_RATIO}. */
    private static final float FAR = 50;

    Template() {
      super(Vectors.COUNT);
    }

    @Override
    void add(
        Object pBase, long pStart, Object qBase, long qStart, int from, int to, int lane,
        Scale x, float ratioOfUnits, float center, float without, Blocks out) {
      FloatVector excluded = Vectors.all(without);
      FloatVector point = Vectors.all(center);
      FloatVector top = Vectors.all(x.reference);
      FloatVector shift = Vectors.all(x.shift);
      FloatVector scale = Vectors.all(x.magic);
      FloatVector ratio = Vectors.all(ratioOfUnits);
      int slot = lane;
      for (int block = from; block < to; block += Sizes.BLOCK) {
        int end = Math.min(block + Sizes.BLOCK, to);
        FloatVector cost = Vectors.all(0f);
        FloatVector mass = Vectors.all(0f);
        FloatVector magnitude = Vectors.all(0f);
        IntVector largest = Vectors.all(0);
        IntVector smallest = Vectors.all(Integer.MAX_VALUE);
        for (int chunk = block; chunk < end; chunk += Sizes.CHUNK) {
          int stop = Math.min(chunk + Sizes.CHUNK, end);
          FloatVector cost1 = Vectors.all(0f);
          FloatVector mass1 = Vectors.all(0f);
          FloatVector magnitude1 = Vectors.all(0f);
          for (int i = chunk + lane; i < stop; i += Lanes.WIDTH) {
            FloatVector p = LOADER.load(pBase, pStart, i).add(0f); // -0 is 0
            FloatVector q = LOADER.load(qBase, qStart, i);
            FloatVector each;
            if (COST == Cost.PROBABILITIES) {
              each = VectorLog.of(q).neg();
            } else if (COST == Cost.LOGITS) {
              each = point.sub(q);
            } else if (COST == Cost.RATIO_LOGITS) {
              // Of an entry far below the others the distance instead of the exponential, which with the ratio might be
              // no normal float.
              FloatVector near = q.blend(top, top.sub(q).compare(VectorOperators.GT, FAR));
              each = VectorLog.ofRatio(p, VectorExp.scaled(near.sub(shift), scale).mul(ratio)).add(near.sub(q));
            } else {
              each =
                  VectorLog.ofRatio(RATIO ? p : point, q).blend(Float.POSITIVE_INFINITY,
                      q.compare(VectorOperators.EQ, 0f));
            }
            IntVector pBits = p.reinterpretAsInts();
            largest = largest.max(pBits);
            smallest = smallest.min(pBits);
            if (!COST.isOfLogits()) {
              IntVector qBits = q.add(0f).reinterpretAsInts();
              largest = largest.max(qBits);
              smallest = smallest.min(qBits);
            }
            VectorMask<Float> none = p.compare(VectorOperators.EQ, 0f).or(q.compare(VectorOperators.EQ, excluded));
            FloatVector kept = each.blend(0f, none);
            cost1 = p.fma(kept, cost1);
            mass1 = mass1.add(p);
            if (RATIO) {
              magnitude1 = p.fma(kept.abs(), magnitude1);
            }
          }
          cost = cost.add(cost1);
          mass = mass.add(mass1);
          if (RATIO) {
            magnitude = magnitude.add(magnitude1);
          }
        }
        largest.intoArray(out.watched.largest.lanes, slot);
        smallest.intoArray(out.watched.smallest.lanes, slot);
        cost.intoArray(out.cost.lanes, slot);
        mass.intoArray(out.mass.lanes, slot);
        if (RATIO) {
          magnitude.intoArray(out.magnitude.lanes, slot);
        }
        slot += Lanes.WIDTH;
      }
    }
  }
}
