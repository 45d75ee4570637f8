package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.vector.DoubleExp;
import dev.surprisal.kernel.vector.Lanes;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Specialized;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Sums over a row of logits in double, in units of {@code e^m}, m its maximum, for the few rows whose sums in float
 * may have lost too much:
 *
 * <pre>
 *   mass     = sum e^(x - m) of the entries below m       square = sum e^(x - m) (center - x)^2
 *   distance = sum e^(x - m) (m - x)                      ties   = how many are equal to m
 * </pre>
 */
public abstract class ExactMomentsLoop {
  /** The sums, in 16 lanes. */
  public static final class Sums {
    public final double[] mass = new double[Lanes.WIDTH];
    public final double[] distance = new double[Lanes.WIDTH];
    public final double[] square = new double[Lanes.WIDTH];
    public final double[] ties = new double[Lanes.WIDTH];

    /** Makes all sums 0. */
    public void clear() {
      Arrays.fill(mass, 0);
      Arrays.fill(distance, 0);
      Arrays.fill(square, 0);
      Arrays.fill(ties, 0);
    }
  }

  /** The loop. */
  public static final ExactMomentsLoop INSTANCE =
      Loops.single(MethodHandles.lookup(), ExactMomentsLoop.class, Template.class, "");

  /** Adds the elements {@code from .. to - 1} of an array, whole vectors of 16, none NaN or above the maximum. */
  public final void add(float[] values, int from, int to, float max, float center, Sums sums) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.DOUBLES.length()) {
      add(values, from, to, lane, max, center, sums);
    }
  }

  /** As many lanes as there are doubles in a vector. */
  abstract void add(float[] values, int from, int to, int lane, float max, float center, Sums sums);

  /** The loop; see {@link Specialized}. */
  private static final class Template extends ExactMomentsLoop {
    /** Times the distance of two floats, which is above 2^-150, it is more than 1. */
    private static final double LARGE = 0x1p200;

    Template() {}

    @Override
    void add(float[] values, int from, int to, int lane, float max, float center, Sums sums) {
      DoubleVector top = DoubleVector.broadcast(Lanes.DOUBLES, (double) max);
      DoubleVector below = DoubleVector.broadcast(Lanes.DOUBLES, (double) max - center);
      DoubleVector least = DoubleVector.broadcast(Lanes.DOUBLES, -DoubleExp.LEAST);
      DoubleVector one = DoubleVector.broadcast(Lanes.DOUBLES, 1.0);
      DoubleVector mass = DoubleVector.fromArray(Lanes.DOUBLES, sums.mass, lane);
      DoubleVector distance = DoubleVector.fromArray(Lanes.DOUBLES, sums.distance, lane);
      DoubleVector square = DoubleVector.fromArray(Lanes.DOUBLES, sums.square, lane);
      DoubleVector ties = DoubleVector.fromArray(Lanes.DOUBLES, sums.ties, lane);
      for (int i = from + lane; i < to; i += Lanes.WIDTH) {
        DoubleVector x = (DoubleVector) FloatVector.fromArray(Lanes.HALF, values, i)
            .convertShape(VectorOperators.F2D, Lanes.DOUBLES, 0);
        // What is masked, or so far below, has no mass.
        DoubleVector d = top.sub(x).min(least);
        DoubleVector e = DoubleExp.exp(d.neg());
        // 0 for the maximum, else 1: masks of two doubles would be objects on 128 bits.
        DoubleVector other = d.mul(LARGE).min(one);
        DoubleVector apart = d.sub(below);
        mass = e.fma(other, mass);
        distance = e.fma(d, distance);
        square = e.mul(apart).fma(apart, square);
        ties = ties.add(one.sub(other));
      }
      mass.intoArray(sums.mass, lane);
      distance.intoArray(sums.distance, lane);
      square.intoArray(sums.square, lane);
      ties.intoArray(sums.ties, lane);
    }
  }
}
