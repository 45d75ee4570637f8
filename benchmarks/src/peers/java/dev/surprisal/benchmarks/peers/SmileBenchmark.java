package dev.surprisal.benchmarks.peers;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.input.Batches;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import dev.surprisal.benchmarks.input.Storage;
import java.util.function.ToDoubleBiFunction;
import org.openjdk.jmh.annotations.Benchmark;
import smile.math.MathEx;

/** Smile, which takes one row of probabilities at a time, as {@code double[]}. */
public class SmileBenchmark extends PeerBenchmark {
  private static final double TOLERANCE = 1e-5;

  private double[][] p;
  private double[][] q;

  /** Made by JMH. */
  public SmileBenchmark() {}

  @Override
  public void prepare() {
    allocate(Inputs.PROBABILITIES_PAIR, DType.F32, Storage.ARRAY);
    p = rows(x);
    q = rows(y);
    double[] theirs = of(0, (a, b) -> MathEx.entropy(a)).clone();
    checkSame("entropy", scorer.entropy(x.probabilities(0)), theirs, TOLERANCE);
    theirs = of(0, MathEx::KullbackLeiblerDivergence).clone();
    checkSame("KL", scorer.klDivergence(x.probabilities(0), y.probabilities(0)), theirs, TOLERANCE);
    theirs = of(0, MathEx::JensenShannonDivergence).clone();
    checkSame("JS", scorer.jensenShannon(x.probabilities(0), y.probabilities(0)), theirs, TOLERANCE);
  }

  private static double[][] rows(Batches batches) {
    double[][] rows = new double[batches.shape().batches() * batches.shape().rows()][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = batches.row(row);
    }
    return rows;
  }

  private double[] of(int batch, ToDoubleBiFunction<double[], double[]> statistic) {
    for (int row = 0; row < out.length; row++) {
      int stored = batch * out.length + row;
      out[row] = statistic.applyAsDouble(p[stored], q[stored]);
    }
    return out;
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] entropyOfProbabilities(Rate rate) {
    rate.add(x.shape(), Double.BYTES);
    return of(next(), (a, b) -> MathEx.entropy(a));
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] klDivergenceOfProbabilities(Rate rate) {
    return of(nextPairOfDoubles(rate), MathEx::KullbackLeiblerDivergence);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] jensenShannonOfProbabilities(Rate rate) {
    return of(nextPairOfDoubles(rate), MathEx::JensenShannonDivergence);
  }

  private int nextPairOfDoubles(Rate rate) {
    rate.add(x.shape(), Double.BYTES);
    rate.add(y.shape(), Double.BYTES);
    return next();
  }
}
