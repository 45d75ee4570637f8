package dev.surprisal.benchmarks.statistics;

import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import org.openjdk.jmh.annotations.Benchmark;

/** Log-sum-exp of logits. */
public class LogSumExpBenchmark extends StatisticBenchmark {
  /** Made by JMH. */
  public LogSumExpBenchmark() {
    super(Inputs.LOGITS);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] logSumExp(Rate rate) {
    int batch = next(rate);
    return scorer.logSumExp(x.logits(batch), out);
  }
}
