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
 * Up to 16 short rows at once, a lane for each: the maximum m, the distances {@code m - x} and {@code e^(x - m)}, with
 * 0 for both where an entry is equal to the maximum ({@code ties} counts those) or further below it than
 * {@link Exp#RANGE}; and their sums,
 *
 * <pre>
 *   mass = sum e^(x - m)     distance = sum e^(x - m) (m - x)     square = sum e^(x - m) (m - x)^2
 * </pre>
 *
 * <p>in double: unlike the sums of long rows these are in one lane each, whose rounding errors nothing averages out.
 * The maximum has at least a 64th of the mass, so about it the squares are at most 64 times the variance.
 * Rows without a finite maximum (NaN if one of the entries is) leave garbage.
 */
public abstract class ShortRowsLoop extends Strips {
  /** Rows side by side: the first entries of all, then the second ones, and so on; and what the loop makes of them. */
  public static final class Columns {
    public final float[] values = new float[Sizes.SHORT * Lanes.WIDTH];
    public final float[] exponentials = new float[Sizes.SHORT * Lanes.WIDTH];
    public final float[] max = new float[Lanes.WIDTH];
    public final int[] ties = new int[Lanes.WIDTH];
    public final double[] mass = new double[Lanes.WIDTH];
    public final double[] distance = new double[Lanes.WIDTH];
    public final double[] square = new double[Lanes.WIDTH];
    final float[] distances = new float[Sizes.SHORT * Lanes.WIDTH];

    // The stages of the plain form.
    final float[] rest = new float[Sizes.SHORT * Lanes.WIDTH];
    final float[] shifted = new float[Sizes.SHORT * Lanes.WIDTH];
  }

  private static final Loops<ShortRowsLoop> LOOPS =
      Loops.of(MethodHandles.lookup(), ShortRowsLoop.class, Template.class, new Loops.Plain<>() {
        @Override
        public ShortRowsLoop of(Source source, Enum<?> variant) {
          return new Plain();
        }
      });

  /** The loop. */
  public static ShortRowsLoop of() {
    return LOOPS.only();
  }

  ShortRowsLoop(int lanes) {
    super(lanes);
  }

  /** Does the exponentials of the lanes {@code lane .. lane + COUNT - 1} of so many columns of 16. */
  abstract void exponentials(Columns columns, int vocabulary, int lane);

  /** Does the sums of as many lanes as there are doubles in a vector. */
  abstract void sums(Columns columns, int vocabulary, int lane);

  /** Does all 16 rows. */
  public final void read(Columns columns, int vocabulary) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += lanes) {
      exponentials(columns, vocabulary, lane);
    }
    for (int lane = 0; lane < Lanes.WIDTH; lane += lanes / 2) {
      sums(columns, vocabulary, lane);
    }
  }

  @Override
  public Rehearsal rehearsal(Source source) {
    Columns columns = new Columns();
    System.arraycopy(MadeUp.logits(1), 0, columns.values, 0, columns.values.length);
    return new Rehearsal() {
      @Override
      public void run(int entries) {
        read(columns, Math.min(entries / Lanes.WIDTH, Sizes.SHORT));
      }
    };
  }

  /** The plain form. */
  private static final class Plain extends ShortRowsLoop {
    Plain() {
      super(Lanes.WIDTH);
    }

    @Override
    void exponentials(Columns columns, int vocabulary, int lane) {
      int end = vocabulary * Lanes.WIDTH;
      float[] rest = columns.rest;
      for (int i = 0; i < Lanes.WIDTH; i += 4) {
        maxima(columns.values, end, i, columns.max);
      }
      for (int i = 0; i < end; i += Lanes.WIDTH) {
        System.arraycopy(columns.max, 0, rest, i, Lanes.WIDTH);
      }
      subtract(columns.values, end, rest, columns.distances);
      for (int i = 0; i < Lanes.WIDTH; i += 4) {
        ties(columns.distances, end, i, columns.ties);
      }
      keep(end, columns.distances, columns.exponentials);
      Stage.exponentials(columns.exponentials, Exp.magic(0), end, columns.shifted, columns.exponentials);
      correct(columns.distances, rest, end, columns.exponentials);
      leaveOut(columns.distances, end, columns.exponentials);
    }

    private static void maxima(float[] values, int end, int lane, float[] max) {
      float m0 = Float.NEGATIVE_INFINITY;
      float m1 = Float.NEGATIVE_INFINITY;
      float m2 = Float.NEGATIVE_INFINITY;
      float m3 = Float.NEGATIVE_INFINITY;
      for (int i = lane; i < end; i += Lanes.WIDTH) {
        m0 = Math.max(m0, values[i]);
        m1 = Math.max(m1, values[i + 1]);
        m2 = Math.max(m2, values[i + 2]);
        m3 = Math.max(m3, values[i + 3]);
      }
      max[lane] = m0;
      max[lane + 1] = m1;
      max[lane + 2] = m2;
      max[lane + 3] = m3;
    }

    /** The distances, and in place of the maxima what rounding takes off them. */
    private static void subtract(float[] values, int end, float[] max, float[] distances) {
      for (int i = 0; i < end; i++) {
        float x = values[i];
        float m = max[i];
        float distance = m - x;
        float back = distance - m;
        distances[i] = distance;
        max[i] = x + back - (m - (distance - back));
      }
    }

    /** How many are 0, for that is where an entry is equal to the maximum. */
    private static void ties(float[] distances, int end, int lane, int[] ties) {
      int t0 = 0;
      int t1 = 0;
      int t2 = 0;
      int t3 = 0;
      for (int i = lane; i < end; i += Lanes.WIDTH) {
        t0 -= Stage.isBelow(Float.floatToRawIntBits(distances[i]), 1);
        t1 -= Stage.isBelow(Float.floatToRawIntBits(distances[i + 1]), 1);
        t2 -= Stage.isBelow(Float.floatToRawIntBits(distances[i + 2]), 1);
        t3 -= Stage.isBelow(Float.floatToRawIntBits(distances[i + 3]), 1);
      }
      ties[lane] = t0;
      ties[lane + 1] = t1;
      ties[lane + 2] = t2;
      ties[lane + 3] = t3;
    }

    /** Makes distances that are too large 0, as those of ties are, and turns their signs for the exponentials. */
    private static void keep(int end, float[] distances, float[] negative) {
      for (int i = 0; i < end; i++) {
        int bits = Float.floatToRawIntBits(distances[i]);
        int kept = bits & Stage.isBelow(bits, Exp.FAR + 1);
        distances[i] = Float.intBitsToFloat(kept);
        negative[i] = Float.intBitsToFloat(kept | Integer.MIN_VALUE);
      }
    }

    private static void correct(float[] kept, float[] rest, int end, float[] exponentials) {
      for (int i = 0; i < end; i++) {
        float e = exponentials[i];
        exponentials[i] = Fma.fma(Fma.fma(kept[i], (float) -Exp.DRIFT, rest[i]), e, e);
      }
    }

    private static void leaveOut(float[] kept, int end, float[] exponentials) {
      for (int i = 0; i < end; i++) {
        int none = Stage.isBelow(Float.floatToRawIntBits(kept[i]), 1);
        exponentials[i] = Float.intBitsToFloat(Float.floatToRawIntBits(exponentials[i]) & ~none);
      }
    }

    @Override
    void sums(Columns columns, int vocabulary, int lane) {
      for (int i = lane; i < lane + lanes / 2; i += 4) {
        means(columns, vocabulary * Lanes.WIDTH, i);
        squares(columns, vocabulary * Lanes.WIDTH, i);
      }
    }

    private static void means(Columns columns, int end, int lane) {
      float[] e = columns.exponentials;
      float[] d = columns.distances;
      double m0 = 0;
      double m1 = 0;
      double m2 = 0;
      double m3 = 0;
      double d0 = 0;
      double d1 = 0;
      double d2 = 0;
      double d3 = 0;
      for (int i = lane; i < end; i += Lanes.WIDTH) {
        m0 += e[i];
        m1 += e[i + 1];
        m2 += e[i + 2];
        m3 += e[i + 3];
        d0 += (double) e[i] * d[i];
        d1 += (double) e[i + 1] * d[i + 1];
        d2 += (double) e[i + 2] * d[i + 2];
        d3 += (double) e[i + 3] * d[i + 3];
      }
      columns.mass[lane] = m0;
      columns.mass[lane + 1] = m1;
      columns.mass[lane + 2] = m2;
      columns.mass[lane + 3] = m3;
      columns.distance[lane] = d0;
      columns.distance[lane + 1] = d1;
      columns.distance[lane + 2] = d2;
      columns.distance[lane + 3] = d3;
    }

    private static void squares(Columns columns, int end, int lane) {
      float[] e = columns.exponentials;
      float[] d = columns.distances;
      double s0 = 0;
      double s1 = 0;
      double s2 = 0;
      double s3 = 0;
      for (int i = lane; i < end; i += Lanes.WIDTH) {
        s0 = Fma.fma((double) e[i] * d[i], d[i], s0);
        s1 = Fma.fma((double) e[i + 1] * d[i + 1], d[i + 1], s1);
        s2 = Fma.fma((double) e[i + 2] * d[i + 2], d[i + 2], s2);
        s3 = Fma.fma((double) e[i + 3] * d[i + 3], d[i + 3], s3);
      }
      columns.square[lane] = s0;
      columns.square[lane + 1] = s1;
      columns.square[lane + 2] = s2;
      columns.square[lane + 3] = s3;
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends ShortRowsLoop {
    Template() {
      super(Vectors.COUNT);
    }

    @Override
    void exponentials(Columns columns, int vocabulary, int lane) {
      int end = vocabulary * Lanes.WIDTH;
      FloatVector max = Vectors.all(Float.NEGATIVE_INFINITY);
      for (int i = lane; i < end; i += Lanes.WIDTH) {
        FloatVector x = FloatVector.fromArray(Vectors.FLOATS, columns.values, i);
        max = max.max(x);
      }
      max.intoArray(columns.max, lane);
      FloatVector unit = Vectors.all(Exp.magic(0));
      IntVector ties = Vectors.all(0);
      for (int i = lane; i < end; i += Lanes.WIDTH) {
        FloatVector x = FloatVector.fromArray(Vectors.FLOATS, columns.values, i);
        FloatVector distance = max.sub(x);
        VectorMask<Float> tie = x.compare(VectorOperators.EQ, max);
        VectorMask<Float> none = distance.compare(VectorOperators.GT, Exp.RANGE).or(tie);
        FloatVector kept = distance.blend(0f, none);
        FloatVector e = VectorExp.scaled(kept.neg(), unit);
        // What rounding takes off the distance (Knuth's TwoSum) would be too much of the
        // exponential, and so would the drift.
        FloatVector back = distance.sub(max);
        FloatVector rest = x.add(back).sub(max.sub(distance.sub(back)));
        rest = kept.fma(Vectors.all((float) -Exp.DRIFT), rest);
        rest.fma(e, e).blend(0f, none).intoArray(columns.exponentials, i);
        kept.intoArray(columns.distances, i);
        ties = ties.add(1, tie.cast(Vectors.INTS));
      }
      ties.intoArray(columns.ties, lane);
    }

    @Override
    void sums(Columns columns, int vocabulary, int lane) {
      DoubleVector mass = DoubleVector.zero(Vectors.DOUBLES);
      DoubleVector distance = DoubleVector.broadcast(Vectors.DOUBLES, 0.0);
      DoubleVector square = DoubleVector.broadcast(Vectors.DOUBLES, 0);
      for (int i = lane; i < vocabulary * Lanes.WIDTH; i += Lanes.WIDTH) {
        DoubleVector e = (DoubleVector) FloatVector.fromArray(Vectors.HALF, columns.exponentials, i)
            .convertShape(VectorOperators.F2D, Vectors.DOUBLES, 0);
        DoubleVector d = (DoubleVector) FloatVector.fromArray(Vectors.HALF, columns.distances, i)
            .convertShape(VectorOperators.F2D, Vectors.DOUBLES, 0);
        DoubleVector ed = e.mul(d);
        mass = mass.add(e);
        distance = distance.add(ed);
        square = ed.fma(d, square);
      }
      mass.intoArray(columns.mass, lane);
      distance.intoArray(columns.distance, lane);
      square.intoArray(columns.square, lane);
    }
  }
}
