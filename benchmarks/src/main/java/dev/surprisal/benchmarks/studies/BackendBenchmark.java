package dev.surprisal.benchmarks.studies;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.JobBenchmark;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.Dataset;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Storage;
import org.openjdk.jmh.annotations.Param;

/** What narrower vectors, and none at all, cost on this processor. */
public class BackendBenchmark extends JobBenchmark {
  private static final int VOCABULARY = 131_072;

  /** {@code widest}, {@code scalar}, or bits of a vector. The library chooses once: only a fresh process obeys. */
  @Param({"widest", "256", "128", "scalar"})
  public String backend;

  /** Made by JMH. */
  public BackendBenchmark() {}

  @Override
  protected double warmNanosPerLogit() {
    return backend.equals("scalar") ? 100 : 1;
  }

  @Override
  protected void prepare(Inputs inputs) {
    if (backend.equals("scalar")) {
      System.setProperty("dev.surprisal.backend", backend);
    } else if (!backend.equals("widest")) {
      System.setProperty("dev.surprisal.vectorBits", backend);
    }
    useThreads(1);
    allocate(inputs, new Shape(1, Dataset.L2.rows(VOCABULARY), VOCABULARY), DType.F32, Storage.ARRAY);
  }
}
