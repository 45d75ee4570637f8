package dev.surprisal.benchmarks.statistics;

import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import org.openjdk.jmh.annotations.Benchmark;

/** Cross-entropy of probabilities under logits, the loss of distillation. */
public class SoftTargetsBenchmark extends StatisticBenchmark {
  /** Made by JMH. */
  public SoftTargetsBenchmark() {
    super(Inputs.PROBABILITIES_AND_LOGITS);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] crossEntropyOfSoftTargets(Rate rate) {
    int batch = nextPair(rate);
    return scorer.crossEntropy(x.probabilities(batch), y.logits(batch), out);
  }
}
