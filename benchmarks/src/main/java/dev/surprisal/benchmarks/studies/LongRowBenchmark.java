package dev.surprisal.benchmarks.studies;

import dev.surprisal.DType;
import dev.surprisal.Scorer;
import dev.surprisal.benchmarks.JobBenchmark;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Storage;
import org.openjdk.jmh.annotations.Param;

/** Batches of a single row, sequential and parallel: a long one is worth splitting, a short one must not lose by it. */
public class LongRowBenchmark extends JobBenchmark {
  /** Length of the row. */
  @Param({"32000", "262144"})
  public int vocabulary;

  /** Whether the scorer is the parallel one. */
  @Param({"false", "true"})
  public boolean parallel;

  /** Made by JMH. */
  public LongRowBenchmark() {}

  @Override
  protected void prepare(Inputs inputs) {
    scorer = parallel ? Scorer.parallel() : Scorer.sequential();
    allocate(inputs, new Shape(1, 1, vocabulary), DType.F32, Storage.ARRAY);
  }
}
