package dev.surprisal.benchmarks.statistics;

import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import org.openjdk.jmh.annotations.Benchmark;

/** Entropy of logits. */
public class EntropyBenchmark extends StatisticBenchmark {
  /** Made by JMH. */
  public EntropyBenchmark() {
    super(Inputs.LOGITS);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] entropy(Rate rate) {
    int batch = next(rate);
    return scorer.entropy(x.logits(batch), out);
  }
}
