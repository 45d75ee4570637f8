package dev.surprisal.benchmarks.statistics;

import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import org.openjdk.jmh.annotations.Benchmark;

/** Jensen-Shannon divergence of two batches of probabilities. */
public class JensenShannonOfProbabilitiesBenchmark extends StatisticBenchmark {
  /** Made by JMH. */
  public JensenShannonOfProbabilitiesBenchmark() {
    super(Inputs.PROBABILITIES_PAIR);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] jensenShannonOfProbabilities(Rate rate) {
    int batch = nextPair(rate);
    return scorer.jensenShannon(x.probabilities(batch), y.probabilities(batch), out);
  }
}
