package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.DoubleExp;
import dev.surprisal.kernel.scalar.Fma;
import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Rehearsal;
import dev.surprisal.kernel.vector.Rehearsed;
import dev.surprisal.kernel.vector.Specialized;
import dev.surprisal.kernel.vector.VectorDoubleExp;
import dev.surprisal.kernel.vector.Vectors;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Sums of powers of p and q over a block that {@link WidenLoop} has made, in 16 lanes in double: those of the Rényi
 * divergence of order {@code 1 + b}.
 */
public abstract class PowerLoop implements Rehearsed {
  /** A block of two rows in double. */
  public static final class Block {
    /** Logits or probabilities, then their logarithms; harmless numbers where there is no mass. */
    public final double[] x = new double[Sizes.BLOCK];
    public final double[] y = new double[Sizes.BLOCK];

    /** What is to be added to a logarithm: 0, or -inf where there is no mass. */
    public final double[] xOut = new double[Sizes.BLOCK];
    public final double[] yOut = new double[Sizes.BLOCK];

    /** {@code (log p + b log(p/q)) / scale}, -inf where one of the two has no mass; or p. */
    public final double[] tilted = new double[Sizes.BLOCK];

    /** Zeros: nothing is out. */
    public final double[] nothing = new double[Sizes.BLOCK];

    /** How many entries have mass in x and none in y, and the other way round. */
    public int lost;
    public int gained;

    final Stage stage = new Stage();
  }

  private static final Loops<PowerLoop> LOOPS =
      Loops.of(MethodHandles.lookup(), PowerLoop.class, Template.class, new Loops.Plain<>() {
        @Override
        public PowerLoop of(Source source, Enum<?> variant) {
          return new Plain();
        }
      });

  /** The loop. */
  public static PowerLoop of() {
    return LOOPS.only();
  }

  /** Replaces values by their logarithms. */
  public abstract void log(double[] values, int entries);

  /** Replaces values by {@code (value - reference) - rest}. */
  public abstract void subtract(double[] values, int entries, double reference, double rest);

  /** Makes {@code tilted}; returns its largest element. */
  public abstract double tilt(Block block, int entries, double b, double scale);

  /** Adds {@code e^(scale (log - about + out))} to 16 lanes. */
  public abstract void addExponentials(
      double[] logs, double[] out, int entries, double about, double scale, double[] sums);

  /** The largest size of {@code log(p/q)}, entries without mass in one of the two included. */
  public abstract double largestRatio(Block block, int entries);

  /** Makes {@code tilted} p itself, 0 where one of the two has no mass. */
  public abstract void masses(Block block, int entries);

  /**
   * Adds the terms of close rows, {@code p ((e^bv - 1 - bv) / b + (e^-v - 1 + v))} with {@code v = log(p/q)}, from
   * their masses, to 16 lanes. {@code |v|} and {@code |b v|} are at most {@link DoubleExp#RANGE}.
   */
  public abstract void addTerms(Block block, int entries, double b, double[] sums);

  @Override
  public Rehearsal rehearsal(Source source) {
    Block block = new Block();
    double[] sums = new double[Lanes.WIDTH];
    return new Rehearsal() {
      @Override
      public void run(int entries) {
        int some = Math.min(entries, Sizes.BLOCK);
        Arrays.fill(block.x, 0.5);
        Arrays.fill(block.y, 0.25);
        log(block.x, some);
        subtract(block.y, some, 1, 0);
        tilt(block, some, 1, 1);
        addExponentials(block.x, block.xOut, some, 0, 1, sums);
        largestRatio(block, some);
        masses(block, some);
        addTerms(block, some, 1, sums);
      }
    };
  }

  /** The plain form. */
  private static final class Plain extends PowerLoop {
    @Override
    public void log(double[] values, int entries) {
      for (int i = 0; i < entries; i++) {
        values[i] = DoubleExp.log(values[i]);
      }
    }

    @Override
    public void subtract(double[] values, int entries, double reference, double rest) {
      for (int i = 0; i < entries; i++) {
        values[i] = values[i] - reference - rest;
      }
    }

    @Override
    public double tilt(Block block, int entries, double b, double scale) {
      double slope = b / scale;
      double max = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < entries; i++) {
        double logP = block.x[i];
        double tilted = Fma.fma(logP - block.y[i], slope, logP / scale) + block.xOut[i] + block.yOut[i];
        block.tilted[i] = tilted;
        max = Math.max(max, tilted);
      }
      return max;
    }

    @Override
    public void addExponentials(
        double[] logs, double[] out, int entries, double about, double scale, double[] sums) {
      for (int i = 0; i < entries; i++) {
        sums[i % Lanes.WIDTH] += DoubleExp.exp((logs[i] - about + out[i]) * scale);
      }
    }

    @Override
    public double largestRatio(Block block, int entries) {
      double max = 0;
      for (int i = 0; i < entries; i++) {
        max = Math.max(max, Math.abs(block.x[i] - block.y[i]));
      }
      return max;
    }

    @Override
    public void masses(Block block, int entries) {
      for (int i = 0; i < entries; i++) {
        block.tilted[i] = DoubleExp.exp(block.x[i] + block.xOut[i] + block.yOut[i]);
      }
    }

    @Override
    public void addTerms(Block block, int entries, double b, double[] sums) {
      for (int i = 0; i < entries; i++) {
        double v = block.x[i] - block.y[i];
        double back = DoubleExp.aboveTangent(-v);
        double forth = DoubleExp.aboveTangent(v * b);
        int lane = i % Lanes.WIDTH;
        sums[lane] = Fma.fma(block.tilted[i], forth / b + back, sums[lane]);
      }
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends PowerLoop {
    Template() {}

    @Override
    public void log(double[] values, int entries) {
      for (int i = 0; i < entries; i += Vectors.DOUBLES.length()) {
        VectorDoubleExp.log(DoubleVector.fromArray(Vectors.DOUBLES, values, i)).intoArray(values, i);
      }
    }

    @Override
    public void subtract(double[] values, int entries, double reference, double rest) {
      DoubleVector first = DoubleVector.broadcast(Vectors.DOUBLES, reference);
      DoubleVector second = DoubleVector.broadcast(Vectors.DOUBLES, rest);
      for (int i = 0; i < entries; i += Vectors.DOUBLES.length()) {
        DoubleVector.fromArray(Vectors.DOUBLES, values, i).sub(first).sub(second).intoArray(values, i);
      }
    }

    @Override
    public double tilt(Block block, int entries, double b, double scale) {
      DoubleVector slope = DoubleVector.broadcast(Vectors.DOUBLES, b / scale);
      DoubleVector unit = DoubleVector.broadcast(Vectors.DOUBLES, scale);
      DoubleVector max = DoubleVector.broadcast(Vectors.DOUBLES, Double.NEGATIVE_INFINITY);
      for (int i = 0; i < entries; i += Vectors.DOUBLES.length()) {
        DoubleVector logP = DoubleVector.fromArray(Vectors.DOUBLES, block.x, i);
        DoubleVector v = logP.sub(DoubleVector.fromArray(Vectors.DOUBLES, block.y, i));
        DoubleVector tilted = v.fma(slope, logP.div(unit))
            .add(DoubleVector.fromArray(Vectors.DOUBLES, block.xOut, i))
            .add(DoubleVector.fromArray(Vectors.DOUBLES, block.yOut, i));
        tilted.intoArray(block.tilted, i);
        max = max.max(tilted);
      }
      return max.reduceLanes(VectorOperators.MAX);
    }

    @Override
    public void addExponentials(
        double[] logs, double[] out, int entries, double about, double scale, double[] sums) {
      DoubleVector center = DoubleVector.broadcast(Vectors.DOUBLES, about);
      DoubleVector unit = DoubleVector.broadcast(Vectors.DOUBLES, scale);
      for (int lane = 0; lane < Lanes.WIDTH; lane += Vectors.DOUBLES.length()) {
        DoubleVector sum = DoubleVector.fromArray(Vectors.DOUBLES, sums, lane);
        for (int i = lane; i < entries; i += Lanes.WIDTH) {
          DoubleVector distance = DoubleVector.fromArray(Vectors.DOUBLES, logs, i).sub(center)
              .add(DoubleVector.fromArray(Vectors.DOUBLES, out, i));
          sum = sum.add(VectorDoubleExp.exp(distance.mul(unit)));
        }
        sum.intoArray(sums, lane);
      }
    }

    @Override
    public double largestRatio(Block block, int entries) {
      DoubleVector max = DoubleVector.broadcast(Vectors.DOUBLES, 0);
      for (int i = 0; i < entries; i += Vectors.DOUBLES.length()) {
        DoubleVector logP = DoubleVector.fromArray(Vectors.DOUBLES, block.x, i);
        max = max.max(logP.sub(DoubleVector.fromArray(Vectors.DOUBLES, block.y, i)).abs());
      }
      return max.reduceLanes(VectorOperators.MAX);
    }

    /** A loop of its own: the compiler inlines no third helper into that of the terms. */
    @Override
    public void masses(Block block, int entries) {
      for (int i = 0; i < entries; i += Vectors.DOUBLES.length()) {
        DoubleVector logP = DoubleVector.fromArray(Vectors.DOUBLES, block.x, i);
        VectorDoubleExp.exp(logP
            .add(DoubleVector.fromArray(Vectors.DOUBLES, block.xOut, i))
            .add(DoubleVector.fromArray(Vectors.DOUBLES, block.yOut, i))).intoArray(block.tilted, i);
      }
    }

    @Override
    public void addTerms(Block block, int entries, double b, double[] sums) {
      DoubleVector slope = DoubleVector.broadcast(Vectors.DOUBLES, b);
      for (int lane = 0; lane < Lanes.WIDTH; lane += Vectors.DOUBLES.length()) {
        DoubleVector terms = DoubleVector.fromArray(Vectors.DOUBLES, sums, lane);
        for (int i = lane; i < entries; i += Lanes.WIDTH) {
          DoubleVector logP = DoubleVector.fromArray(Vectors.DOUBLES, block.x, i);
          DoubleVector v = logP.sub(DoubleVector.fromArray(Vectors.DOUBLES, block.y, i));
          DoubleVector back = VectorDoubleExp.aboveTangent(v.neg());
          DoubleVector forth = VectorDoubleExp.aboveTangent(v.mul(slope));
          DoubleVector p = DoubleVector.fromArray(Vectors.DOUBLES, block.tilted, i);
          terms = p.fma(forth.div(slope).add(back), terms);
        }
        terms.intoArray(sums, lane);
      }
    }
  }
}
