package dev.surprisal.benchmarks.statistics;

import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import org.openjdk.jmh.annotations.Benchmark;

/** Jensen-Shannon divergence of two batches of logits. */
public class JensenShannonBenchmark extends StatisticBenchmark {
  /** Made by JMH. */
  public JensenShannonBenchmark() {
    super(Inputs.LOGITS_PAIR);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] jensenShannon(Rate rate) {
    int batch = nextPair(rate);
    return scorer.jensenShannon(x.logits(batch), y.logits(batch), out);
  }
}
