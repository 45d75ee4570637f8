package dev.surprisal.benchmarks.statistics;

import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import org.openjdk.jmh.annotations.Benchmark;

/** Kullback-Leibler divergence of two batches of probabilities. */
public class KlDivergenceOfProbabilitiesBenchmark extends StatisticBenchmark {
  /** Made by JMH. */
  public KlDivergenceOfProbabilitiesBenchmark() {
    super(Inputs.PROBABILITIES_PAIR);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] klDivergenceOfProbabilities(Rate rate) {
    int batch = nextPair(rate);
    return scorer.klDivergence(x.probabilities(batch), y.probabilities(batch), out);
  }
}
