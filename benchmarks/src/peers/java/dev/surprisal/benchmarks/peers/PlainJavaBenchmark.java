package dev.surprisal.benchmarks.peers;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import dev.surprisal.benchmarks.input.Storage;
import org.openjdk.jmh.annotations.Benchmark;

/** Loops that anybody would write, with {@link Math#exp}. */
public class PlainJavaBenchmark extends PeerBenchmark {
  private static final double TOLERANCE = 1e-5;

  /** Made by JMH. */
  public PlainJavaBenchmark() {}

  @Override
  public void prepare() {
    allocate(Inputs.LOGITS_PAIR, DType.F32, Storage.ARRAY);
    checkSame("cross-entropy", scorer.crossEntropy(x.logits(0), targets), crossEntropy(0), TOLERANCE);
    checkSame("entropy", scorer.entropy(x.logits(0)), entropy(0), TOLERANCE);
    checkSame("KL", scorer.klDivergence(x.logits(0), y.logits(0)), klDivergence(0), TOLERANCE);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] crossEntropy(Rate rate) {
    return crossEntropy(next(rate));
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] entropy(Rate rate) {
    return entropy(next(rate));
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] klDivergence(Rate rate) {
    return klDivergence(nextPair(rate));
  }

  private double[] crossEntropy(int batch) {
    for (int row = 0; row < out.length; row++) {
      int from = start(batch, row);
      out[row] = logSumExp(x.floats(), from) - x.floats()[from + targets[row]];
    }
    return out;
  }

  private double[] entropy(int batch) {
    for (int row = 0; row < out.length; row++) {
      out[row] = entropyOf(x.floats(), start(batch, row));
    }
    return out;
  }

  private double[] klDivergence(int batch) {
    for (int row = 0; row < out.length; row++) {
      out[row] = divergence(x.floats(), y.floats(), start(batch, row));
    }
    return out;
  }

  private int start(int batch, int row) {
    return (batch * out.length + row) * VOCABULARY;
  }

  private static float max(float[] x, int from) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = from; i < from + VOCABULARY; i++) {
      max = Math.max(max, x[i]);
    }
    return max;
  }

  private static double logSumExp(float[] x, int from) {
    double max = max(x, from);
    double sum = 0;
    for (int i = from; i < from + VOCABULARY; i++) {
      sum += Math.exp(x[i] - max);
    }
    return max + Math.log(sum);
  }

  private static double entropyOf(float[] x, int from) {
    double max = max(x, from);
    double sum = 0;
    double weighted = 0;
    for (int i = from; i < from + VOCABULARY; i++) {
      double d = x[i] - max;
      double e = Math.exp(d);
      sum += e;
      weighted += e * d;
    }
    return Math.log(sum) - weighted / sum;
  }

  private static double divergence(float[] x, float[] y, int from) {
    double p = logSumExp(x, from);
    double q = logSumExp(y, from);
    double divergence = 0;
    for (int i = from; i < from + VOCABULARY; i++) {
      double logP = x[i] - p;
      divergence += Math.exp(logP) * (logP - (y[i] - q));
    }
    return divergence;
  }
}
