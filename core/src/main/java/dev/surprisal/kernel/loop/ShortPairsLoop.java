package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.Exp;
import dev.surprisal.kernel.scalar.Fma;
import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Rehearsal;
import dev.surprisal.kernel.vector.Specialized;
import dev.surprisal.kernel.vector.VectorExp;
import dev.surprisal.kernel.vector.Vectors;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Up to 16 pairs of short rows at once, a lane for each, in the unit of p: the terms of KL, none of them negative,
 *
 * <pre>
 *   p (e^v - 1 - v) = q - p - p v        v = log(q/p)
 * </pre>
 *
 * <p>their sums in double, and {@code mismatches}, how many entries have mass in p and none in q. For other divergences
 * p, q and {@code log(p/q)} alone.
 */
public abstract class ShortPairsLoop extends Strips {
  /** Pairs side by side, entry by entry as the {@link ShortRowsLoop.Columns} of the two rows. */
  public static final class Columns {
    public final ShortRowsLoop.Columns x;
    public final ShortRowsLoop.Columns y;

    /** What scales the second distribution to the unit of the first. */
    public final float[] ratio = new float[Lanes.WIDTH];

    /** The difference of the logarithms of the sums about the maxima. */
    public final double[] logMass = new double[Lanes.WIDTH];

    public final float[] p = new float[Sizes.SHORT * Lanes.WIDTH];
    public final float[] q = new float[Sizes.SHORT * Lanes.WIDTH];

    /** {@code log(p/q)}, or {@code log(q/p)} for the terms of KL. */
    public final float[] logRatios = new float[Sizes.SHORT * Lanes.WIDTH];

    public final int[] mismatches = new int[Lanes.WIDTH];

    /** The sums of the terms of KL. */
    public final double[] sums = new double[Lanes.WIDTH];

    final float[] terms = new float[Sizes.SHORT * Lanes.WIDTH];

    /** Columns for pairs of the rows in two others. */
    public Columns(ShortRowsLoop.Columns x, ShortRowsLoop.Columns y) {
      this.x = x;
      this.y = y;
    }
  }

  private static final Loops<ShortPairsLoop> LOOPS =
      Loops.of(MethodHandles.lookup(), ShortPairsLoop.class, Template.class, new Loops.Plain<>() {
        @Override
        public ShortPairsLoop of(Source source, Enum<?> variant) {
          return new Plain();
        }
      });

  /** The loop. */
  public static ShortPairsLoop of() {
    return LOOPS.only();
  }

  /**
   * From here on the second form of a term is taken: it loses no more than a factor 9/7 there, while in the first form
   * v as a float would be off by more than 2.4e-7, and {@code e^v} with it; and where p counts as 0 there is none of q
   * in it.
   */
  private static final float FAR = 8;

  ShortPairsLoop(int lanes) {
    super(lanes);
  }

  /** Does the terms of KL of the lanes {@code lane .. lane + COUNT - 1} of so many columns of 16. */
  abstract void terms(Columns columns, int vocabulary, int lane);

  /** Adds them up, as many lanes as there are doubles in a vector. */
  abstract void add(Columns columns, int vocabulary, int lane);

  /** Leaves p and q of the lanes {@code lane .. lane + COUNT - 1} of so many columns of 16. */
  abstract void weights(Columns columns, int vocabulary, int lane);

  /**
   * The logarithms of {@code p/q}, or for a sign of -1 of {@code q/p}, of as many lanes as there
   * are doubles in a vector.
   */
  abstract void subtract(Columns columns, int vocabulary, int lane, double sign);

  /** The sums of the terms of KL, and the mismatches. */
  public final void klDivergence(Columns columns, int vocabulary) {
    subtract(columns, vocabulary, -1);
    for (int lane = 0; lane < Lanes.WIDTH; lane += lanes) {
      terms(columns, vocabulary, lane);
    }
    for (int lane = 0; lane < Lanes.WIDTH; lane += lanes / 2) {
      add(columns, vocabulary, lane);
    }
  }

  /**
   * The sum of the terms of KL in one lane, where logits are so far apart that their difference is no float: terms that
   * are infinite once more in double, in which q is nothing.
   */
  public final double sumApart(Columns columns, int vocabulary, int lane) {
    double sum = 0;
    for (int i = lane; i < vocabulary * Lanes.WIDTH; i += Lanes.WIDTH) {
      double term = columns.terms[i];
      if (term == Double.POSITIVE_INFINITY) {
        double x = (double) columns.x.values[i] - columns.x.max[lane];
        double y = (double) columns.y.values[i] - columns.y.max[lane];
        term = (x == 0 ? 1 : columns.x.exponentials[i]) * (x - y - columns.logMass[lane] - 1);
      }
      sum += term;
    }
    return sum;
  }

  /** p, q and {@code log(p/q)}. */
  public final void logRatios(Columns columns, int vocabulary) {
    subtract(columns, vocabulary, 1);
    for (int lane = 0; lane < Lanes.WIDTH; lane += lanes) {
      weights(columns, vocabulary, lane);
    }
  }

  private void subtract(Columns columns, int vocabulary, double sign) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += lanes / 2) {
      subtract(columns, vocabulary, lane, sign);
    }
  }

  @Override
  public Rehearsal rehearsal(Source source) {
    ShortRowsLoop.Columns x = new ShortRowsLoop.Columns();
    Columns columns = new Columns(x, x);
    System.arraycopy(MadeUp.logits(1), 0, x.values, 0, x.values.length);
    System.arraycopy(MadeUp.weights(3), 0, x.exponentials, 0, x.exponentials.length);
    return new Rehearsal() {
      @Override
      public void run(int entries) {
        int vocabulary = Math.min(entries / Lanes.WIDTH, Sizes.SHORT);
        klDivergence(columns, vocabulary);
        logRatios(columns, vocabulary);
      }
    };
  }

  /** The plain form. What the rows were staged in is free for the pairs, and so are p and q where KL is asked for. */
  private static final class Plain extends ShortPairsLoop {
    private static final int IS_FAR = Float.floatToRawIntBits(FAR);

    Plain() {
      super(Lanes.WIDTH);
    }

    @Override
    void terms(Columns columns, int vocabulary, int lane) {
      int end = vocabulary * Lanes.WIDTH;
      float[] v = columns.logRatios;
      float[] near = columns.x.rest;
      float[] finite = columns.y.rest;
      float[] power = columns.x.shifted;
      weights(columns, vocabulary, lane);
      keep(v, columns.p, end, near, finite);
      shift(near, end, columns.terms);
      power(columns.terms, end, power);
      aboveTangent(columns.terms, power, end, near);
      far(columns.p, columns.q, finite, end, columns.terms);
      multiply(columns.p, end, near);
      select(v, near, end, columns.terms);
      for (int i = 0; i < Lanes.WIDTH; i++) {
        columns.mismatches[i] = mismatches(columns.x.values, columns.y.values, end, i);
      }
    }

    /** v where it is near, and where p is not 0, else 0. */
    private static void keep(float[] v, float[] p, int end, float[] near, float[] finite) {
      for (int i = 0; i < end; i++) {
        int bits = Float.floatToRawIntBits(v[i]);
        int none = Stage.isBelow(Float.floatToRawIntBits(p[i]), 1);
        near[i] = Float.intBitsToFloat(bits & Stage.isBelow(bits, IS_FAR));
        finite[i] = Float.intBitsToFloat(bits & ~none);
      }
    }

    private static void shift(float[] v, int end, float[] to) {
      for (int i = 0; i < end; i++) {
        to[i] = Fma.fma(v[i], Exp.LOG2_E, Exp.ROUND + Exp.BIAS);
      }
    }

    private static void power(float[] shifted, int end, float[] to) {
      for (int i = 0; i < end; i++) {
        to[i] = Float.intBitsToFloat(Float.floatToRawIntBits(shifted[i]) << 23);
      }
    }

    /** The rest of {@link Exp#aboveTangent}, in place of v. */
    private static void aboveTangent(float[] shifted, float[] powers, int end, float[] v) {
      for (int i = 0; i < end; i++) {
        float power = powers[i];
        float r = Fma.fma(shifted[i] - (Exp.ROUND + Exp.BIAS), -Exp.LN2, v[i]);
        float r2 = r * r;
        float high = Fma.fma(r, Exp.G3, Exp.G2);
        float low = Fma.fma(r, Exp.G1, Exp.G0);
        float p = Fma.fma(Fma.fma(r2, Exp.G4, high), r2, low);
        float line = Fma.fma(r, power, power - 1) - v[i];
        v[i] = Fma.fma(p, r2 * power, line);
      }
    }

    private static void far(float[] p, float[] q, float[] v, int end, float[] to) {
      for (int i = 0; i < end; i++) {
        to[i] = q[i] - p[i] - p[i] * v[i];
      }
    }

    private static void multiply(float[] by, int end, float[] to) {
      for (int i = 0; i < end; i++) {
        to[i] *= by[i];
      }
    }

    /** Puts near terms in place of others. */
    private static void select(float[] v, float[] near, int end, float[] far) {
      for (int i = 0; i < end; i++) {
        int isNear = Stage.isBelow(Float.floatToRawIntBits(v[i]), IS_FAR);
        far[i] = Float.intBitsToFloat(
            Stage.select(isNear, Float.floatToRawIntBits(near[i]), Float.floatToRawIntBits(far[i])));
      }
    }

    private static int mismatches(float[] x, float[] y, int end, int lane) {
      int mismatches = 0;
      for (int i = lane; i < end; i += Lanes.WIDTH) {
        mismatches += y[i] == Float.NEGATIVE_INFINITY && x[i] != Float.NEGATIVE_INFINITY ? 1 : 0;
      }
      return mismatches;
    }

    @Override
    void add(Columns columns, int vocabulary, int lane) {
      for (int i = lane; i < lane + lanes / 2; i += 4) {
        sums(columns.terms, vocabulary * Lanes.WIDTH, i, columns.sums);
      }
    }

    private static void sums(float[] terms, int end, int lane, double[] sums) {
      double s0 = 0;
      double s1 = 0;
      double s2 = 0;
      double s3 = 0;
      for (int i = lane; i < end; i += Lanes.WIDTH) {
        s0 += terms[i];
        s1 += terms[i + 1];
        s2 += terms[i + 2];
        s3 += terms[i + 3];
      }
      sums[lane] = s0;
      sums[lane + 1] = s1;
      sums[lane + 2] = s2;
      sums[lane + 3] = s3;
    }

    @Override
    void weights(Columns columns, int vocabulary, int lane) {
      int end = vocabulary * Lanes.WIDTH;
      for (int i = 0; i < Lanes.WIDTH; i++) {
        weights(columns.x, end, i, 1, columns.p);
        weights(columns.y, end, i, columns.ratio[i], columns.q);
      }
    }

    private static void weights(ShortRowsLoop.Columns of, int end, int lane, float ratio, float[] to) {
      float max = of.max[lane];
      for (int i = lane; i < end; i += Lanes.WIDTH) {
        to[i] = (of.values[i] == max ? 1 : of.exponentials[i]) * ratio;
      }
    }

    @Override
    void subtract(Columns columns, int vocabulary, int lane, double sign) {
      for (int i = lane; i < lane + lanes / 2; i++) {
        subtract(columns.x.values, columns.x.max[i], columns.y.values, columns.y.max[i], columns.logMass[i], sign,
            vocabulary * Lanes.WIDTH, i, columns.logRatios);
      }
    }

    private static void subtract(
        float[] x, double xMax, float[] y, double yMax, double logMass, double sign, int end, int lane, float[] to) {
      for (int i = lane; i < end; i += Lanes.WIDTH) {
        to[i] = (float) ((x[i] - xMax - (y[i] - yMax) - logMass) * sign);
      }
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends ShortPairsLoop {
    Template() {
      super(Vectors.COUNT);
    }

    @Override
    void terms(Columns columns, int vocabulary, int lane) {
      int end = vocabulary * Lanes.WIDTH;
      FloatVector xMax = FloatVector.fromArray(Vectors.FLOATS, columns.x.max, lane);
      FloatVector yMax = FloatVector.fromArray(Vectors.FLOATS, columns.y.max, lane);
      FloatVector ratio = FloatVector.fromArray(Vectors.FLOATS, columns.ratio, lane);
      IntVector mismatches = Vectors.all(0);
      for (int i = lane; i < end; i += Lanes.WIDTH) {
        FloatVector v = FloatVector.fromArray(Vectors.FLOATS, columns.logRatios, i);
        VectorMask<Float> near = v.abs().compare(VectorOperators.LT, FAR);
        FloatVector above = VectorExp.aboveTangent(Vectors.all(0f).blend(v, near));
        FloatVector x = FloatVector.fromArray(Vectors.FLOATS, columns.x.values, i);
        FloatVector y = FloatVector.fromArray(Vectors.FLOATS, columns.y.values, i);
        FloatVector p = FloatVector.fromArray(Vectors.FLOATS, columns.x.exponentials, i)
            .blend(1f, x.compare(VectorOperators.EQ, xMax));
        FloatVector q = FloatVector.fromArray(Vectors.FLOATS, columns.y.exponentials, i)
            .blend(1f, y.compare(VectorOperators.EQ, yMax)).mul(ratio);
        FloatVector finite = v.blend(0f, p.compare(VectorOperators.EQ, 0f));
        FloatVector far = q.sub(p).sub(p.mul(finite));
        far.blend(p.mul(above), near).intoArray(columns.terms, i);
        VectorMask<Float> mismatch = y.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY)
            .andNot(x.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY));
        mismatches = mismatches.add(1, mismatch.cast(Vectors.INTS));
      }
      mismatches.intoArray(columns.mismatches, lane);
    }

    @Override
    void add(Columns columns, int vocabulary, int lane) {
      DoubleVector sum = DoubleVector.zero(Vectors.DOUBLES);
      for (int i = lane; i < vocabulary * Lanes.WIDTH; i += Lanes.WIDTH) {
        FloatVector term = FloatVector.fromArray(Vectors.HALF, columns.terms, i);
        sum = sum.add(term.convertShape(VectorOperators.F2D, Vectors.DOUBLES, 0));
      }
      sum.intoArray(columns.sums, lane);
    }

    @Override
    void weights(Columns columns, int vocabulary, int lane) {
      int end = vocabulary * Lanes.WIDTH;
      FloatVector xMax = FloatVector.fromArray(Vectors.FLOATS, columns.x.max, lane);
      FloatVector yMax = FloatVector.fromArray(Vectors.FLOATS, columns.y.max, lane);
      FloatVector ratio = FloatVector.fromArray(Vectors.FLOATS, columns.ratio, lane);
      for (int i = lane; i < end; i += Lanes.WIDTH) {
        FloatVector x = FloatVector.fromArray(Vectors.FLOATS, columns.x.values, i);
        FloatVector y = FloatVector.fromArray(Vectors.FLOATS, columns.y.values, i);
        FloatVector.fromArray(Vectors.FLOATS, columns.x.exponentials, i)
            .blend(1f, x.compare(VectorOperators.EQ, xMax)).intoArray(columns.p, i);
        FloatVector.fromArray(Vectors.FLOATS, columns.y.exponentials, i)
            .blend(1f, y.compare(VectorOperators.EQ, yMax)).mul(ratio).intoArray(columns.q, i);
      }
    }

    /** Distances from the maxima first, and in double: what is left may be small beside the logits. */
    @Override
    void subtract(Columns columns, int vocabulary, int lane, double sign) {
      DoubleVector xMax = (DoubleVector) FloatVector.fromArray(Vectors.HALF, columns.x.max, lane)
          .convertShape(VectorOperators.F2D, Vectors.DOUBLES, 0);
      DoubleVector yMax = (DoubleVector) FloatVector.fromArray(Vectors.HALF, columns.y.max, lane)
          .convertShape(VectorOperators.F2D, Vectors.DOUBLES, 0);
      DoubleVector logMasses = DoubleVector.fromArray(Vectors.DOUBLES, columns.logMass, lane);
      for (int i = lane; i < vocabulary * Lanes.WIDTH; i += Lanes.WIDTH) {
        DoubleVector x = (DoubleVector) FloatVector.fromArray(Vectors.HALF, columns.x.values, i)
            .convertShape(VectorOperators.F2D, Vectors.DOUBLES, 0);
        DoubleVector y = (DoubleVector) FloatVector.fromArray(Vectors.HALF, columns.y.values, i)
            .convertShape(VectorOperators.F2D, Vectors.DOUBLES, 0);
        DoubleVector v = x.sub(xMax).sub(y.sub(yMax)).sub(logMasses).mul(sign);
        ((FloatVector) v.convertShape(VectorOperators.D2F, Vectors.HALF, 0)).intoArray(columns.logRatios, i);
      }
    }
  }
}
