package dev.surprisal.benchmarks.statistics;

import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import org.openjdk.jmh.annotations.Benchmark;

/** Negative log-likelihood of one target a row. */
public class CrossEntropyBenchmark extends StatisticBenchmark {
  /** Made by JMH. */
  public CrossEntropyBenchmark() {
    super(Inputs.LOGITS);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] crossEntropy(Rate rate) {
    int batch = next(rate);
    return scorer.crossEntropy(x.logits(batch), targets, out);
  }
}
