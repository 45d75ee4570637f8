package dev.surprisal.benchmarks.statistics;

import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import org.openjdk.jmh.annotations.Benchmark;

/** Entropy of probabilities. */
public class EntropyOfProbabilitiesBenchmark extends StatisticBenchmark {
  /** Made by JMH. */
  public EntropyOfProbabilitiesBenchmark() {
    super(Inputs.PROBABILITIES);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] entropyOfProbabilities(Rate rate) {
    int batch = next(rate);
    return scorer.entropy(x.probabilities(batch), out);
  }
}
