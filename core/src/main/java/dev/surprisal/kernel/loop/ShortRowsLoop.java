package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.Exp;
import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Loops;
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

  /** The plain form. */
  private static final class Plain extends ShortRowsLoop {
    Plain() {
      super(Lanes.WIDTH);
    }

    @Override
    void exponentials(Columns columns, int vocabulary, int lane) {
      throw new UnsupportedOperationException("no plain form yet");
    }

    @Override
    void sums(Columns columns, int vocabulary, int lane) {
      throw new UnsupportedOperationException("no plain form yet");
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
