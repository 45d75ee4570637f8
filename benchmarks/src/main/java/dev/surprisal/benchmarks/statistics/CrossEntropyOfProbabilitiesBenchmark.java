package dev.surprisal.benchmarks.statistics;

import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import org.openjdk.jmh.annotations.Benchmark;

/** Cross-entropy of two batches of probabilities. */
public class CrossEntropyOfProbabilitiesBenchmark extends StatisticBenchmark {
  /** Made by JMH. */
  public CrossEntropyOfProbabilitiesBenchmark() {
    super(Inputs.PROBABILITIES_PAIR);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] crossEntropyOfProbabilities(Rate rate) {
    int batch = nextPair(rate);
    return scorer.crossEntropy(x.probabilities(batch), y.probabilities(batch), out);
  }
}
