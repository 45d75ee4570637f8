package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Scale;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Loader;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Rehearsal;
import dev.surprisal.kernel.vector.Specialized;
import dev.surprisal.kernel.vector.VectorExp;
import dev.surprisal.kernel.vector.VectorLog;
import dev.surprisal.kernel.vector.Vectors;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
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

  /** A distance below the unit at which {@code ratio e^x} is a normal float for any {@link #LEAST_RATIO}. */
  private static final float FAR = 50;

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

  @Override
  public Rehearsal rehearsal(Source source) {
    MadeUp rows = MadeUp.weights(source);
    Blocks out = new Blocks();
    return new Rehearsal() {
      @Override
      public void run(int entries) {
        add(rows.x, MadeUp.START, rows.y, MadeUp.START, 0, entries, rows.scale, 1, 4, Float.NaN, out);
      }
    };
  }

  /** The plain form. */
  private static final class Plain extends CostLoop {
    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

    private final Source source;
    private final Cost cost;

    Plain(Source source, Cost cost) {
      super(Lanes.WIDTH);
      this.source = source;
      this.cost = cost;
    }

    @Override
    void add(
        Object pBase, long pStart, Object qBase, long qStart, int from, int to, int lane,
        Scale x, float ratio, float center, float excluded, Blocks out) {
      Stage stage = out.watched.stage;
      float[] p = stage.x;
      float[] q = stage.y;
      float[] each = stage.ex;
      int slot = 0;
      for (int block = from; block < to; block += Sizes.BLOCK) {
        int count = Math.min(Sizes.BLOCK, to - block);
        stage.load(source, pBase, pStart + block, count, p);
        stage.load(source, qBase, qStart + block, count, q);
        Stage.addZero(p, count);
        int smallest = Stage.leastBits(p, count);
        int largest = Stage.mostBits(p, count);
        if (cost.isOfLogits()) {
          costOfLogits(stage, count, x, ratio, center);
          Stage.addZero(q, count);
        } else {
          Stage.addZero(q, count);
          int smallestOfQ = Stage.leastBits(q, count);
          smallest = Math.min(smallest, smallestOfQ);
          largest = Math.max(largest, Stage.mostBits(q, count));
          costOfProbabilities(stage, count, center);
          if (smallestOfQ == 0) {
            makeInfinite(q, count, each);
          }
        }
        if (smallest == 0) {
          leaveOut(p, count, each);
        }
        Stage.exclude(q, excluded, count, each);
        out.watched.smallest.setSlot(slot, smallest);
        out.watched.largest.setSlot(slot, largest);
        Stage.sumOfProducts(p, each, count, out.cost.lanes, slot);
        Stage.sum(p, count, out.mass.lanes, slot);
        if (cost.isRatio()) {
          makePositive(each, count);
          Stage.sumOfProducts(p, each, count, out.magnitude.lanes, slot);
        }
        slot += Lanes.WIDTH;
      }
    }

    private void costOfLogits(Stage stage, int count, Scale x, float ratio, float center) {
      float[] q = stage.y;
      float[] each = stage.ex;
      if (cost == Cost.LOGITS) {
        Stage.distances(q, center, count, each);
        return;
      }
      float[] near = stage.ey;
      excessOfDistance(q, x.reference, count, near);
      bringNear(q, Float.floatToRawIntBits(x.reference), count, near);
      subtract(near, x.shift, count, each);
      stage.exponentials(each, x.magic, count, each);
      multiply(each, ratio, count);
      stage.logarithmsOfRatios(stage.x, each, count, each);
      addDistances(near, q, count, each);
    }

    private void costOfProbabilities(Stage stage, int count, float center) {
      float[] q = stage.y;
      float[] each = stage.ex;
      if (cost == Cost.PROBABILITIES) {
        stage.logarithms(q, count, each);
        negate(each, count);
      } else if (cost == Cost.RATIO) {
        stage.logarithmsOfRatios(stage.x, q, count, each);
      } else {
        Arrays.fill(stage.ey, 0, count, center);
        stage.logarithmsOfRatios(stage.ey, q, count, each);
      }
    }

    /** What is negative where q is far below the reference. */
    private static void excessOfDistance(float[] q, float reference, int count, float[] to) {
      for (int i = 0; i < count; i++) {
        to[i] = FAR - (reference - q[i]);
      }
    }

    /** q, or the reference where q is far below: by bits, without a branch to guess. */
    private static void bringNear(float[] q, int reference, int count, float[] to) {
      for (int i = 0; i < count; i++) {
        int far = Float.floatToRawIntBits(to[i]) >> 31;
        to[i] = Float.intBitsToFloat(reference & far | Float.floatToRawIntBits(q[i]) & ~far);
      }
    }

    private static void subtract(float[] from, float shift, int count, float[] to) {
      for (int i = 0; i < count; i++) {
        to[i] = from[i] - shift;
      }
    }

    private static void multiply(float[] to, float by, int count) {
      for (int i = 0; i < count; i++) {
        to[i] *= by;
      }
    }

    private static void addDistances(float[] near, float[] q, int count, float[] to) {
      for (int i = 0; i < count; i++) {
        to[i] += near[i] - q[i];
      }
    }

    private static void negate(float[] to, int count) {
      for (int i = 0; i < count; i++) {
        to[i] = -to[i];
      }
    }

    private static void makePositive(float[] to, int count) {
      for (int i = 0; i < count; i++) {
        to[i] = Math.abs(to[i]);
      }
    }

    // Only where something is 0: of bits C2 makes no vectors. Minus those of a probability is negative, unless it is 0.

    private static void makeInfinite(float[] q, int count, float[] each) {
      for (int i = 0; i < count; i++) {
        int kept = -Float.floatToRawIntBits(q[i]) >> 31;
        each[i] = Float.intBitsToFloat(Float.floatToRawIntBits(each[i]) & kept | INFINITY & ~kept);
      }
    }

    private static void leaveOut(float[] p, int count, float[] each) {
      for (int i = 0; i < count; i++) {
        int kept = -Float.floatToRawIntBits(p[i]) >> 31;
        each[i] = Float.intBitsToFloat(Float.floatToRawIntBits(each[i]) & kept);
      }
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends CostLoop {
    private static final Object[] DATA = Specialized.data(MethodHandles.lookup(), Object[].class);
    private static final Loader LOADER = Loader.of((Source) DATA[0]);
    private static final Cost COST = (Cost) DATA[1];
    private static final boolean RATIO = COST.isRatio();

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
