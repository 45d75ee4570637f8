package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.Exp;
import dev.surprisal.kernel.scalar.Scale;
import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Loader;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Specialized;
import dev.surprisal.kernel.vector.VectorExp;
import dev.surprisal.kernel.vector.VectorLog;
import dev.surprisal.kernel.vector.Vectors;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * From a block of two rows, whose normalisers are known, the probabilities p (in their unit) and q (in the same unit,
 * by {@code ratio}) and {@code v = log(p/q)}. Where p is 0, v is infinite: the term is then that of q alone.
 */
public abstract class LogRatioLoop {
  /** What the two rows are. Each kind is a copy of the loop of its own. */
  public enum Kind {
    LOGITS_LOGITS(true),
    /** With y in place of v, for {@link DoubleLogRatioLoop}. */
    WEIGHTS_LOGITS(true),
    PROBABILITIES_PROBABILITIES(false),
    /** As {@code PROBABILITIES_PROBABILITIES}, but with y in place of v, for {@link DoubleLogRatioLoop}. */
    WEIGHTS_WEIGHTS(false);

    private final boolean logits;

    Kind(boolean logits) {
      this.logits = logits;
    }

    /** What the first row is padded with: an entry of no mass. */
    public float xPadding() {
      return this == LOGITS_LOGITS ? Float.NEGATIVE_INFINITY : 0;
    }

    /** What the second row is padded with: an entry of no mass. */
    public float yPadding() {
      return logits ? Float.NEGATIVE_INFINITY : 0;
    }
  }

  /**
   * What two rows are normalised by: scales of logits, and the logarithm that is taken off {@code log(p/q)}, as an
   * unevaluated sum of two floats; of logits, after their shifts.
   */
  public static final class Normalisers {
    public final Scale x = new Scale();
    public final Scale y = new Scale();

    /** What scales the second distribution to the unit of the first. */
    public float ratio;

    public float offset;
    public float offsetRest;
  }

  private static final Loops<LogRatioLoop> LOOPS =
      Loops.of(MethodHandles.lookup(), LogRatioLoop.class, Template.class, new Loops.Plain<>() {
        @Override
        public LogRatioLoop of(Source source, Enum<?> variant) {
          return new Plain(source, (Kind) variant);
        }
      }, Kind.values());

  /** The loop for two rows of one source. */
  public static LogRatioLoop of(Source source, Kind kind) {
    return LOOPS.of(source, kind);
  }

  /** Reads the entries {@code from .. to - 1}, whole vectors of 16, and writes the arrays from their beginning. */
  public abstract void read(
      Object xBase, long xStart, Object yBase, long yStart, int from, int to, Normalisers by,
      float[] p, float[] q, float[] v);

  /** The plain form. */
  private static final class Plain extends LogRatioLoop {
    Plain(Source source, Kind variant) {}

    @Override
    public void read(Object xBase, long xStart, Object yBase, long yStart, int from, int to, Normalisers by, float[] p,
        float[] q, float[] v) {
      throw new UnsupportedOperationException("no plain form yet");
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends LogRatioLoop {
    private static final Object[] DATA = Specialized.data(MethodHandles.lookup(), Object[].class);
    private static final Loader LOADER = Loader.of((Source) DATA[0]);
    private static final Kind KIND = (Kind) DATA[1];

    Template() {}

    @Override
    public void read(
        Object xBase, long xStart, Object yBase, long yStart, int from, int to, Normalisers by,
        float[] p, float[] q, float[] v) {
      FloatVector xTop = Vectors.all(by.x.reference);
      FloatVector yTop = Vectors.all(by.y.reference);
      FloatVector xShift = Vectors.all(by.x.shift);
      FloatVector yShift = Vectors.all(by.y.shift);
      FloatVector xScale = Vectors.all(by.x.magic);
      FloatVector yScale = Vectors.all(by.y.magic);
      FloatVector ratio = Vectors.all(by.ratio);
      FloatVector offset = Vectors.all(by.offset);
      FloatVector offsetRest = Vectors.all(by.offsetRest);
      if (KIND == Kind.LOGITS_LOGITS) {
        for (int i = from; i < to; i += Vectors.COUNT) {
          FloatVector x = LOADER.load(xBase, xStart, i);
          FloatVector y = LOADER.load(yBase, yStart, i);
          VectorMask<Float> xNone = xTop.sub(x).compare(VectorOperators.GT, Exp.RANGE);
          VectorMask<Float> yNone = yTop.sub(y).compare(VectorOperators.GT, Exp.RANGE);
          VectorExp.scaled(x.blend(xTop, xNone).sub(xShift), xScale).blend(0f, xNone).intoArray(p, i - from);
          VectorExp.scaled(y.blend(yTop, yNone).sub(yShift), yScale).blend(0f, yNone).mul(ratio).intoArray(q, i - from);
          // x - y - offset, with what the difference rounds off (Knuth's TwoSum). Huge logits are near their shifts,
          // so that they are exact, and small, without.
          FloatVector xNear = x.sub(xShift);
          FloatVector yNear = y.sub(yShift);
          FloatVector u = xNear.sub(yNear);
          FloatVector back = u.sub(xNear);
          FloatVector lost = xNear.sub(u.sub(back)).sub(yNear.add(back)).sub(offsetRest);
          u.sub(offset).add(lost).blend(Float.NEGATIVE_INFINITY, xNone).intoArray(v, i - from);
        }
      } else if (KIND == Kind.WEIGHTS_LOGITS) {
        for (int i = from; i < to; i += Vectors.COUNT) {
          FloatVector x = LOADER.load(xBase, xStart, i);
          FloatVector y = LOADER.load(yBase, yStart, i);
          // q of an entry far below the others is as good as 0, but not so its logarithm.
          VectorMask<Float> yNone = yTop.sub(y).compare(VectorOperators.GT, Exp.RANGE);
          x.intoArray(p, i - from);
          VectorExp.scaled(y.blend(yTop, yNone).sub(yShift), yScale).mul(ratio).blend(0f, yNone).intoArray(q, i - from);
          y.intoArray(v, i - from);
        }
      } else {
        for (int i = from; i < to; i += Vectors.COUNT) {
          FloatVector x = LOADER.load(xBase, xStart, i);
          FloatVector y = LOADER.load(yBase, yStart, i);
          x.intoArray(p, i - from);
          y.mul(ratio).intoArray(q, i - from);
          if (KIND == Kind.WEIGHTS_WEIGHTS) {
            y.intoArray(v, i - from);
            continue;
          }
          VectorLog.ofRatio(x, y).sub(offset)
              .blend(Float.POSITIVE_INFINITY, y.compare(VectorOperators.EQ, 0f))
              .blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f))
              .intoArray(v, i - from);
        }
      }
    }
  }
}
