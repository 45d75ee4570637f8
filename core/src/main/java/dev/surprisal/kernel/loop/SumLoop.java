package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.LaneSum;
import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Loader;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Rehearsal;
import dev.surprisal.kernel.vector.Specialized;
import dev.surprisal.kernel.vector.Vectors;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The sum of a row of probabilities in double, and whether they are probabilities. */
public abstract class SumLoop extends Strips {
  private static final Loops<SumLoop> LOOPS =
      Loops.of(MethodHandles.lookup(), SumLoop.class, Template.class, new Loops.Plain<>() {
        @Override
        public SumLoop of(Source source, Enum<?> variant) {
          return new Plain(source);
        }
      });

  /** The loop of a source. */
  public static SumLoop of(Source source) {
    return LOOPS.of(source);
  }

  SumLoop(int lanes) {
    super(lanes);
  }

  /** Adds the lanes {@code lane .. lane + COUNT - 1} of the entries {@code from .. to - 1}, whole vectors of 16. */
  abstract void add(
      Object base, long start, int from, int to, int lane, float excluded, double[] sums, ProbabilityWatch watched);

  /** Adds all 16 lanes of a span, without entries equal to {@code excluded}, to a sum; watches one block. */
  public final void add(
      Object base, long start, int from, int to, float excluded, LaneSum sum, ProbabilityWatch watched) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += lanes) {
      add(base, start, from, to, lane, excluded, sum.lanes, watched);
    }
    sum.added(to - from);
  }

  @Override
  public Rehearsal rehearsal(Source source) {
    MadeUp rows = MadeUp.weights(source);
    LaneSum sum = new LaneSum();
    ProbabilityWatch watched = new ProbabilityWatch();
    return new Rehearsal() {
      @Override
      public void run(int entries) {
        sum.clear();
        add(rows.x, MadeUp.START, 0, entries, Float.NaN, sum, watched);
      }
    };
  }

  /** The plain form. */
  private static final class Plain extends SumLoop {
    private final Source source;

    Plain(Source source) {
      super(Lanes.WIDTH);
      this.source = source;
    }

    @Override
    void add(
        Object base, long start, int from, int to, int lane, float excluded, double[] sums, ProbabilityWatch watched) {
      float[] p = watched.stage.x;
      int smallest = Integer.MAX_VALUE;
      int largest = 0;
      for (int block = from; block < to; block += Sizes.BLOCK) {
        int count = Math.min(Sizes.BLOCK, to - block);
        watched.stage.load(source, base, start + block, count, p);
        Stage.addZero(p, count);
        smallest = Math.min(smallest, Stage.leastBits(p, count));
        largest = Math.max(largest, Stage.mostBits(p, count));
        Stage.exclude(p, excluded, count, p);
        sum(p, count, sums);
      }
      watched.smallest.setSlot(0, smallest);
      watched.largest.setSlot(0, largest);
    }

    /** Four lanes at a time, or each would wait for itself. */
    private static void sum(float[] of, int count, double[] sums) {
      for (int lane = 0; lane < Lanes.WIDTH; lane += 4) {
        double s0 = sums[lane];
        double s1 = sums[lane + 1];
        double s2 = sums[lane + 2];
        double s3 = sums[lane + 3];
        for (int i = lane; i < count; i += Lanes.WIDTH) {
          s0 += of[i];
          s1 += of[i + 1];
          s2 += of[i + 2];
          s3 += of[i + 3];
        }
        sums[lane] = s0;
        sums[lane + 1] = s1;
        sums[lane + 2] = s2;
        sums[lane + 3] = s3;
      }
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends SumLoop {
    private static final Loader LOADER = Loader.of(Specialized.data(MethodHandles.lookup(), Source.class));

    Template() {
      super(Vectors.COUNT);
    }

    @Override
    void add(
        Object base, long start, int from, int to, int lane, float without, double[] sums, ProbabilityWatch watched) {
      int half = Vectors.DOUBLES.length();
      DoubleVector low = DoubleVector.fromArray(Vectors.DOUBLES, sums, lane);
      DoubleVector high = DoubleVector.fromArray(Vectors.DOUBLES, sums, lane + half);
      FloatVector excluded = Vectors.all(without);
      IntVector largest = Vectors.all(0);
      IntVector smallest = Vectors.all(Integer.MAX_VALUE);
      int width = Vectors.width;
      for (int i = from + lane; i < to; i += width) {
        FloatVector p = LOADER.load(base, start, i).add(0f); // -0 is 0
        largest = largest.max(p.reinterpretAsInts());
        smallest = smallest.min(p.reinterpretAsInts());
        VectorMask<Float> tie = p.compare(VectorOperators.EQ, excluded);
        FloatVector kept = p.blend(0f, tie);
        low = low.add(kept.convertShape(VectorOperators.F2D, Vectors.DOUBLES, 0));
        high = high.add(kept.convertShape(VectorOperators.F2D, Vectors.DOUBLES, 1));
      }
      low.intoArray(sums, lane);
      high.intoArray(sums, lane + half);
      largest.intoArray(watched.largest.lanes, lane);
      smallest.intoArray(watched.smallest.lanes, lane);
    }
  }
}
