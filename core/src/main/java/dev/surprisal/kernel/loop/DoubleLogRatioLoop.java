package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.DoubleExp;
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
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code log(p / q)} in double, for distributions that are yet to be normalised: beside the logarithms, or that of a
 * normaliser, the float of a small difference would be a rounding error. And weights scaled in double, be they and
 * their scales of any size.
 *
 * <pre>
 *   LOGITS          log p - (x - base) + offset     of logits x
 *   PROBABILITIES   log(p / q) + offset             of probabilities q
 * </pre>
 */
public abstract class DoubleLogRatioLoop implements Rehearsed {
  /** What the second row is. Each is a copy of the loop of its own. */
  public enum Kind {
    LOGITS, PROBABILITIES
  }

  private static final Loops<DoubleLogRatioLoop> LOOPS =
      Loops.of(MethodHandles.lookup(), DoubleLogRatioLoop.class, Template.class, new Loops.Plain<>() {
        @Override
        public DoubleLogRatioLoop of(Source source, Enum<?> variant) {
          return new Plain((Kind) variant);
        }
      }, Kind.values());

  /** The loop of a kind. */
  public static DoubleLogRatioLoop of(Kind kind) {
    return LOOPS.of(Source.F32_ARRAY, kind);
  }

  /**
   * Replaces {@code second}, x or q, by the logarithm rounded to float: infinite where q is 0 but
   * not p, arbitrary where p is 0.
   */
  public abstract void replace(float[] second, float[] p, int entries, double base, double offset);

  /** Scales weights, from one array to another or the same. */
  public abstract void scale(float[] from, float[] to, int entries, double by);

  /**
   * Times the ratio it adds +inf where the ratio is +inf, and else less than a rounding error. A blend would need a
   * mask of two lanes, which is an object on 128 bits.
   */
  private static final double TINY = 0x1p-1000;

  @Override
  public Rehearsal rehearsal(Source source) {
    float[] p = MadeUp.weights(3);
    float[] q = MadeUp.weights(5);
    return new Rehearsal() {
      @Override
      public void run(int entries) {
        replace(q, p, entries, 1, 1);
        scale(p, q, entries, 0.5);
      }
    };
  }

  /** The plain form. */
  private static final class Plain extends DoubleLogRatioLoop {
    private final Kind kind;

    Plain(Kind kind) {
      this.kind = kind;
    }

    @Override
    public void replace(float[] second, float[] p, int entries, double base, double offset) {
      for (int i = 0; i < entries; i++) {
        double log;
        if (kind == Kind.LOGITS) {
          log = DoubleExp.log(p[i]) - (second[i] - base) + offset;
        } else {
          double ratio = (double) p[i] / second[i];
          log = DoubleExp.log(ratio) + offset + ratio * TINY;
        }
        second[i] = (float) log;
      }
    }

    @Override
    public void scale(float[] from, float[] to, int entries, double by) {
      for (int i = 0; i < entries; i++) {
        to[i] = (float) (from[i] * by);
      }
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends DoubleLogRatioLoop {
    private static final boolean OF_LOGITS =
        Specialized.data(MethodHandles.lookup(), Object[].class)[1] == Kind.LOGITS;
    private static final VectorSpecies<Double> DOUBLES = Vectors.DOUBLES;

    Template() {}

    @Override
    public void replace(float[] second, float[] p, int entries, double base, double offset) {
      DoubleVector point = DoubleVector.broadcast(DOUBLES, base);
      DoubleVector rest = DoubleVector.broadcast(DOUBLES, offset);
      for (int i = 0; i < entries; i += DOUBLES.length()) {
        DoubleVector pi = load(p, i);
        DoubleVector other = load(second, i);
        DoubleVector log;
        if (OF_LOGITS) {
          log = VectorDoubleExp.log(pi).sub(other.sub(point)).add(rest);
        } else {
          DoubleVector ratio = pi.div(other);
          log = VectorDoubleExp.log(ratio).add(rest).add(ratio.mul(TINY));
        }
        store(log, second, i);
      }
    }

    @Override
    public void scale(float[] from, float[] to, int entries, double by) {
      for (int i = 0; i < entries; i += DOUBLES.length()) {
        store(load(from, i).mul(by), to, i);
      }
    }

    private static void store(DoubleVector values, float[] to, int i) {
      ((FloatVector) values.convertShape(VectorOperators.D2F, Vectors.HALF, 0)).intoArray(to, i);
    }

    private static DoubleVector load(float[] values, int i) {
      return (DoubleVector) FloatVector.fromArray(Vectors.HALF, values, i).convertShape(VectorOperators.F2D, DOUBLES,
          0);
    }
  }
}
