package dev.surprisal.benchmarks.studies;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.JobBenchmark;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.Dataset;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Storage;
import org.openjdk.jmh.annotations.Param;

/** The same calls in a fresh process and in one that has used every statistic, dtype and storage before. */
public class PollutionBenchmark extends JobBenchmark {
  private static final int VOCABULARY = 131_072;

  /** How values are stored. */
  @Param({"F32", "BF16", "F16"})
  public DType dtype;

  /** Where values are stored. */
  @Param({"ARRAY", "OFF_HEAP"})
  public Storage storage;

  /** Whether everything has been used before. */
  @Param({"false", "true"})
  public boolean polluted;

  /** Made by JMH. */
  public PollutionBenchmark() {}

  @Override
  protected void prepare(Inputs inputs) {
    useThreads(1);
    if (polluted) {
      Pollution.pollute(scorer);
    }
    allocate(inputs, new Shape(1, Dataset.L2.rows(VOCABULARY), VOCABULARY), dtype, storage);
  }
}
