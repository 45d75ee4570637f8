package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.Exp;
import dev.surprisal.kernel.scalar.Fma;
import dev.surprisal.kernel.scalar.Log;
import dev.surprisal.kernel.scalar.Scale;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Loader;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Rehearsal;
import dev.surprisal.kernel.vector.Rehearsed;
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
public abstract class LogRatioLoop implements Rehearsed {
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

  @Override
  public Rehearsal rehearsal(Source source) {
    MadeUp rows = MadeUp.logits(source);
    Normalisers by = new Normalisers();
    by.x.refer(MadeUp.REFERENCE);
    by.y.refer(MadeUp.REFERENCE);
    by.ratio = 1;
    float[] p = new float[Sizes.BLOCK];
    float[] q = new float[Sizes.BLOCK];
    float[] v = new float[Sizes.BLOCK];
    return new Rehearsal() {
      @Override
      public void run(int entries) {
        read(rows.x, MadeUp.START, rows.y, MadeUp.START, 0, Math.min(entries, Sizes.BLOCK), by, p, q, v);
      }
    };
  }

  /** The plain form. The arrays that it leaves are all the memory that it has; what was in them is decoded again. */
  private static final class Plain extends LogRatioLoop {
    private final Source source;
    private final Kind kind;

    Plain(Source source, Kind kind) {
      this.source = source;
      this.kind = kind;
    }

    @Override
    public void read(
        Object xBase, long xStart, Object yBase, long yStart, int from, int to, Normalisers by,
        float[] p, float[] q, float[] v) {
      int count = to - from;
      long x = xStart + from;
      long y = yStart + from;
      Stage.decode(source, yBase, y, count, q);
      switch (kind) {
        case LOGITS_LOGITS -> {
          Stage.decode(source, xBase, x, count, p);
          if (isFar(p, by.x.reference, count) || isFar(q, by.y.reference, count)) {
            readFar(by, count, p, q, v);
            return;
          }
          shift(p, by.x.shift, count);
          shift(q, by.y.shift, count);
          subtract(p, q, by.offset, by.offsetRest, count, v);
          Stage.exponentials(p, by.x.magic, count, q, p);
          Stage.decode(source, yBase, y, count, q);
          // With p and v there is no room left for stages.
          exponentials(q, by.y, count);
          multiply(q, by.ratio, count);
        }
        case WEIGHTS_LOGITS -> {
          if (isFar(q, by.y.reference, count)) {
            exponentials(q, by.y, count);
          } else {
            shift(q, by.y.shift, count);
            Stage.exponentials(q, by.y.magic, count, p, q);
          }
          multiply(q, by.ratio, count);
          Stage.decode(source, xBase, x, count, p);
          Stage.decode(source, yBase, y, count, v);
        }
        case WEIGHTS_WEIGHTS -> {
          System.arraycopy(q, 0, v, 0, count);
          multiply(q, by.ratio, count);
          Stage.decode(source, xBase, x, count, p);
        }
        default -> {
          Stage.decode(source, xBase, x, count, v);
          multiply(v, Log.LIFT, count);
          multiply(q, Log.LIFT, count);
          align(q, count, v, p);
          logRatios(q, p, by.offset, count, v);
          Stage.decode(source, xBase, x, count, p);
          Stage.decode(source, yBase, y, count, q);
          if (hasNone(p, count) || hasNone(q, count)) {
            infinite(p, q, count, v);
          }
          multiply(q, by.ratio, count);
        }
      }
    }

    /** Whether an entry is too far below the reference for {@link Exp#scaled}, or NaN. */
    private static boolean isFar(float[] x, float reference, int count) {
      float most = 0;
      for (int i = 0; i < count; i++) {
        most = Math.max(most, reference - x[i]);
      }
      return !(most <= Exp.RANGE);
    }

    /** Both rows, of any entries, from the arrays to the arrays. */
    private static void readFar(Normalisers by, int count, float[] p, float[] q, float[] v) {
      for (int i = 0; i < count; i++) {
        v[i] = by.x.reference - p[i] > Exp.RANGE
            ? Float.NEGATIVE_INFINITY
            : difference(p[i] - by.x.shift, q[i] - by.y.shift, by.offset, by.offsetRest);
      }
      exponentials(p, by.x, count);
      exponentials(q, by.y, count);
      multiply(q, by.ratio, count);
    }

    private static void exponentials(float[] x, Scale scale, int count) {
      float reference = scale.reference;
      float shift = scale.shift;
      float magic = scale.magic;
      for (int i = 0; i < count; i++) {
        x[i] = reference - x[i] > Exp.RANGE ? 0 : Exp.scaled(x[i] - shift, magic);
      }
    }

    private static void shift(float[] x, float by, int count) {
      for (int i = 0; i < count; i++) {
        x[i] -= by;
      }
    }

    private static void multiply(float[] x, float by, int count) {
      for (int i = 0; i < count; i++) {
        x[i] *= by;
      }
    }

    private static void subtract(float[] x, float[] y, float offset, float rest, int count, float[] to) {
      for (int i = 0; i < count; i++) {
        to[i] = difference(x[i], y[i], offset, rest);
      }
    }

    /** {@code x - y - offset}, with what the difference rounds off (Knuth's TwoSum). */
    private static float difference(float x, float y, float offset, float rest) {
      float u = x - y;
      float back = u - x;
      float lost = x - (u - back) - (y + back) - rest;
      return u - offset + lost;
    }

    /** Of what {@link Log#ofRatio} has lifted: k as a number, and p with the exponent that is next to q. */
    private static void align(float[] q, int count, float[] p, float[] ks) {
      for (int i = 0; i < count; i++) {
        int bits = Float.floatToRawIntBits(p[i]);
        int k = bits - Float.floatToRawIntBits(q[i]) + Log.HALF_BINADE >> 23;
        ks[i] = (float) k;
        p[i] = Float.intBitsToFloat(bits - (k << 23));
      }
    }

    /** The rest of {@link Log#ofRatio}, less the offset, in place of p. */
    private static void logRatios(float[] q, float[] ks, float offset, int count, float[] p) {
      for (int i = 0; i < count; i++) {
        float z = (p[i] - q[i]) / (p[i] + q[i]);
        float z2 = z * z;
        float series = Fma.fma(Fma.fma(Fma.fma(Log.Z3, z2, Log.Z2), z2, Log.Z1), z2, Log.Z0);
        float atanh = Fma.fma(series * z2, z, z + z);
        p[i] = Fma.fma(ks[i], Exp.LN2, atanh) - offset;
      }
    }

    /** Whether one of them is 0, or no probability. */
    private static boolean hasNone(float[] p, int count) {
      float least = Float.POSITIVE_INFINITY;
      for (int i = 0; i < count; i++) {
        least = Math.min(least, p[i]);
      }
      return !(least > 0);
    }

    private static void infinite(float[] p, float[] q, int count, float[] v) {
      for (int i = 0; i < count; i++) {
        v[i] = p[i] == 0 ? Float.NEGATIVE_INFINITY : q[i] == 0 ? Float.POSITIVE_INFINITY : v[i];
      }
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
