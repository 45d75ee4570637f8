package dev.surprisal.benchmarks.studies;

import dev.surprisal.DType;
import dev.surprisal.Scorer;
import dev.surprisal.benchmarks.BatchBenchmark;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import dev.surprisal.benchmarks.input.Storage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Batches of a single row, sequential and parallel: a long one is worth splitting, a short one must not lose by it. */
public class LongRowBenchmark extends BatchBenchmark {
  /** Length of the row. */
  @Param({"32000", "262144"})
  public int vocabulary;

  /** Whether the scorer is the parallel one. */
  @Param({"false", "true"})
  public boolean parallel;

  /** Made by JMH. */
  public LongRowBenchmark() {}

  @Override
  public void prepare() {
    scorer = parallel ? Scorer.parallel() : Scorer.sequential();
    allocate(Inputs.LOGITS, new Shape(1, 1, vocabulary), DType.F32, Storage.ARRAY);
  }

  /**
   * One row.
   *
   * @param rate counts what is read
   * @return one value
   */
  @Benchmark
  public double[] entropy(Rate rate) {
    return scorer.entropy(x.logits(next(rate)), out);
  }
}
