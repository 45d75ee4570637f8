package dev.surprisal.benchmarks.statistics;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.JobBenchmark;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.Dataset;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Storage;
import org.openjdk.jmh.annotations.Param;

/** Every statistic over every data set, dtype and storage, on any number of threads. */
public class StatisticBenchmark extends JobBenchmark {
  /** Length of a row. */
  @Param("131072")
  public int vocabulary;

  /** How many rows there are. */
  @Param({"L2", "L3", "MEMORY"})
  public Dataset dataset;

  /** How values are stored. */
  @Param({"F32", "BF16", "F16"})
  public DType dtype;

  /** Where values are stored. */
  @Param({"ARRAY", "OFF_HEAP"})
  public Storage storage;

  /** How many threads compute. */
  @Param({"1", "2"})
  public int threads;

  /** Made by JMH. */
  public StatisticBenchmark() {}

  @Override
  protected void prepare(Inputs inputs) {
    useThreads(threads);
    allocate(inputs, new Shape(dataset.batches(), dataset.rows(vocabulary), vocabulary), dtype, storage);
  }
}
