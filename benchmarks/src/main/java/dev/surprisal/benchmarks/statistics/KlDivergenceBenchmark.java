package dev.surprisal.benchmarks.statistics;

import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import org.openjdk.jmh.annotations.Benchmark;

/** Kullback-Leibler divergence of two batches of logits. */
public class KlDivergenceBenchmark extends StatisticBenchmark {
  /** Made by JMH. */
  public KlDivergenceBenchmark() {
    super(Inputs.LOGITS_PAIR);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] klDivergence(Rate rate) {
    int batch = nextPair(rate);
    return scorer.klDivergence(x.logits(batch), y.logits(batch), out);
  }
}
