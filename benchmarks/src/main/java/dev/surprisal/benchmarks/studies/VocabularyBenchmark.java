package dev.surprisal.benchmarks.studies;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.BatchBenchmark;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.Dataset;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import dev.surprisal.benchmarks.input.Storage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Time against the length of a row, in cache. */
public class VocabularyBenchmark extends BatchBenchmark {
  /** Length of a row. */
  @Param({"1024", "8192", "65536", "262144", "1048576"})
  public int vocabulary;

  /** Made by JMH. */
  public VocabularyBenchmark() {}

  @Override
  public void prepare() {
    useThreads(1);
    allocate(Inputs.LOGITS_PAIR, new Shape(1, Dataset.L2.rows(vocabulary), vocabulary), DType.F32, Storage.ARRAY);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] entropy(Rate rate) {
    return scorer.entropy(x.logits(next(rate)), out);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] klDivergence(Rate rate) {
    int batch = nextPair(rate);
    return scorer.klDivergence(x.logits(batch), y.logits(batch), out);
  }
}
