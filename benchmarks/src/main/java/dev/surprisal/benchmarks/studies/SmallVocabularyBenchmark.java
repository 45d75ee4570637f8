package dev.surprisal.benchmarks.studies;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.JobBenchmark;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Smoke;
import dev.surprisal.benchmarks.input.Storage;
import org.openjdk.jmh.annotations.Param;

/** A million rows of a classifier's few classes: the overhead of a row. */
public class SmallVocabularyBenchmark extends JobBenchmark {
  private static final int ROWS = Smoke.choose(1_000_000, 1_000);

  /** Length of a row. */
  @Param({"5", "64"})
  public int vocabulary;

  /** Made by JMH. */
  public SmallVocabularyBenchmark() {}

  /** A row is mostly overhead here. */
  @Override
  protected double warmNanosPerLogit() {
    return 50;
  }

  @Override
  protected void prepare(Inputs inputs) {
    useThreads(1);
    allocate(inputs, new Shape(1, ROWS, vocabulary), DType.F32, Storage.ARRAY);
  }
}
