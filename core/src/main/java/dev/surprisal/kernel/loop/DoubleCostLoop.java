package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.DoubleExp;
import dev.surprisal.kernel.scalar.Fma;
import dev.surprisal.kernel.scalar.LaneSum;
import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Rehearsal;
import dev.surprisal.kernel.vector.Rehearsed;
import dev.surprisal.kernel.vector.Specialized;
import dev.surprisal.kernel.vector.VectorDoubleExp;
import dev.surprisal.kernel.vector.Vectors;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The sums of {@link CostLoop} in double, for rows whose weights or logits are so large, so small or so far apart that
 * floats do not do. Any finite p and q, and all logits below infinity. With a {@code point} of the caller's choice,
 *
 * <pre>
 *   PROBABILITIES   cost = sum p log(point / q)
 *   LOGITS          cost = sum p (point - x)
 *   RATIO           cost = sum p log(p / q)                   whatever the point
 *   RATIO_LOGITS    cost = sum p (log p + point - x)
 *   DIFFERENCE      cost = sum (p - q)                        whatever the point
 * </pre>
 */
public abstract class DoubleCostLoop implements Rehearsed {
  /** What the second row is, and which sum is taken. Each is a copy of the loop of its own. */
  public enum Kind {
    PROBABILITIES, LOGITS, RATIO, RATIO_LOGITS, DIFFERENCE
  }

  private static final Loops<DoubleCostLoop> LOOPS =
      Loops.of(MethodHandles.lookup(), DoubleCostLoop.class, Template.class, new Loops.Plain<>() {
        @Override
        public DoubleCostLoop of(Source source, Enum<?> variant) {
          return new Plain((Kind) variant);
        }
      }, Kind.values());

  /** The loop of a kind. */
  public static DoubleCostLoop of(Kind kind) {
    return LOOPS.of(Source.F32_ARRAY, kind);
  }

  /** Beyond any sum over entries that have mass in both rows: 2^30 of them, p and x as large as a float can be. */
  private static final double INFINITE = 1e100;

  /** Adds the entries {@code from .. to - 1}, whole vectors of 16, of two rows of floats to 16 sums. */
  abstract void add(float[] p, int pStart, float[] q, int qStart, int from, int to, double point, double[] sums);

  /** Adds the entries {@code from .. to - 1}, whole vectors of 16 in a span, of two rows of floats to a sum. */
  public final void add(
      float[] p, int pStart, float[] q, int qStart, int from, int to, double point, LaneSum sum) {
    add(p, pStart, q, qStart, from, to, point, sum.lanes);
    sum.added(to - from);
  }

  /** What the sum comes to: infinite where some entry has mass in p and none in q. */
  public static double finish(LaneSum of) {
    double sum = of.finish();
    return sum > INFINITE ? Double.POSITIVE_INFINITY : sum;
  }

  /**
   * Times a quotient it is infinite where that is, and else less than a rounding error: a mask of two lanes would be an
   * object on 128 bits.
   */
  private static final double TINY = 0x1p-1000;

  @Override
  public Rehearsal rehearsal(Source source) {
    float[] p = MadeUp.weights(3);
    float[] q = MadeUp.weights(5);
    LaneSum sum = new LaneSum();
    return new Rehearsal() {
      @Override
      public void run(int entries) {
        sum.clear();
        add(p, MadeUp.START, q, MadeUp.START, 0, entries, 1, sum);
      }
    };
  }

  /** The plain form. */
  private static final class Plain extends DoubleCostLoop {
    private final Kind kind;

    Plain(Kind kind) {
      this.kind = kind;
    }

    @Override
    void add(float[] ps, int pStart, float[] qs, int qStart, int from, int to, double point, double[] sums) {
      for (int i = from; i < to; i++) {
        int lane = (i - from) % Lanes.WIDTH;
        double p = ps[pStart + i] + 0.0; // -0 is 0
        double q = qs[qStart + i] + 0.0;
        sums[lane] = kind == Kind.DIFFERENCE
            ? sums[lane] + (p - q)
            : Fma.fma(p, Math.min(each(p, q, point), Double.MAX_VALUE), sums[lane]);
      }
    }

    private double each(double p, double q, double point) {
      return switch (kind) {
        case LOGITS -> point - q;
        case RATIO_LOGITS -> DoubleExp.log(p) + (point - q);
        case RATIO -> log((p + TINY) / q);
        default -> log(point / q);
      };
    }

    private static double log(double quotient) {
      return DoubleExp.log(quotient) + quotient * TINY;
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends DoubleCostLoop {
    private static final Kind KIND = (Kind) Specialized.data(MethodHandles.lookup(), Object[].class)[1];
    private static final boolean OF_LOGITS = KIND == Kind.LOGITS || KIND == Kind.RATIO_LOGITS;
    private static final boolean OF_RATIO = KIND == Kind.RATIO || KIND == Kind.RATIO_LOGITS;

    Template() {}

    @Override
    void add(float[] ps, int pStart, float[] qs, int qStart, int from, int to, double point, double[] sums) {
      DoubleVector about = DoubleVector.broadcast(Vectors.DOUBLES, point);
      DoubleVector tiny = DoubleVector.broadcast(Vectors.DOUBLES, TINY);
      for (int lane = 0; lane < Lanes.WIDTH; lane += Vectors.DOUBLES.length()) {
        DoubleVector sum = DoubleVector.fromArray(Vectors.DOUBLES, sums, lane);
        for (int i = from + lane; i < to; i += Lanes.WIDTH) {
          DoubleVector p = load(ps, pStart + i);
          DoubleVector q = load(qs, qStart + i);
          if (KIND == Kind.DIFFERENCE) {
            sum = sum.add(p.sub(q));
            continue;
          }
          DoubleVector each;
          if (OF_LOGITS) {
            DoubleVector distance = about.sub(q);
            each = OF_RATIO ? VectorDoubleExp.log(p).add(distance) : distance;
          } else {
            // No 0/0. Of q itself the logarithm is exactly 0.
            DoubleVector quotient = (OF_RATIO ? p.add(tiny) : about).div(q);
            each = VectorDoubleExp.log(quotient).add(quotient.mul(tiny));
          }
          // Finite, so that 0 of it is 0; and the logarithm of 0 is some finite number.
          sum = p.fma(each.min(DoubleVector.broadcast(Vectors.DOUBLES, Double.MAX_VALUE)), sum);
        }
        sum.intoArray(sums, lane);
      }
    }

    /** Floats as doubles; -0 as 0. */
    private static DoubleVector load(float[] values, int i) {
      return ((DoubleVector) FloatVector.fromArray(Vectors.HALF, values, i)
          .convertShape(VectorOperators.F2D, Vectors.DOUBLES, 0)).add(0.0);
    }
  }
}
