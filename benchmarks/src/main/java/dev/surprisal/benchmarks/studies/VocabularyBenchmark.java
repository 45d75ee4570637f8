package dev.surprisal.benchmarks.studies;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.JobBenchmark;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.Dataset;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Storage;
import org.openjdk.jmh.annotations.Param;

/** Time against the length of a row, in cache. */
public class VocabularyBenchmark extends JobBenchmark {
  /** Length of a row. */
  @Param({"1024", "8192", "65536", "262144", "1048576"})
  public int vocabulary;

  /** Made by JMH. */
  public VocabularyBenchmark() {}

  @Override
  protected void prepare(Inputs inputs) {
    useThreads(1);
    allocate(inputs, new Shape(1, Dataset.L2.rows(vocabulary), vocabulary), DType.F32, Storage.ARRAY);
  }
}
