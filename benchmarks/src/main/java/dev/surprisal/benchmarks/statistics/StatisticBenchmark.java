package dev.surprisal.benchmarks.statistics;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.BatchBenchmark;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.Dataset;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Storage;
import org.openjdk.jmh.annotations.Param;

/** One statistic over every data set, dtype and storage. */
public abstract class StatisticBenchmark extends BatchBenchmark {
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

  private final Inputs inputs;

  /**
   * A benchmark.
   *
   * @param inputs what the statistic is computed from
   */
  protected StatisticBenchmark(Inputs inputs) {
    this.inputs = inputs;
  }

  @Override
  public void prepare() {
    useThreads(threads);
    allocate(inputs, new Shape(dataset.batches(), dataset.rows(vocabulary), vocabulary), dtype, storage);
  }
}
