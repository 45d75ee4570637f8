package dev.surprisal.benchmarks.studies;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.BatchBenchmark;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import dev.surprisal.benchmarks.input.Smoke;
import dev.surprisal.benchmarks.input.Storage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** A million rows of a classifier's few classes: the overhead of a row. */
public class SmallVocabularyBenchmark extends BatchBenchmark {
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
  public void prepare() {
    useThreads(1);
    allocate(Inputs.LOGITS_PAIR, new Shape(1, ROWS, vocabulary), DType.F32, Storage.ARRAY);
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
  public double[] crossEntropy(Rate rate) {
    return scorer.crossEntropy(x.logits(next(rate)), targets, out);
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

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] jensenShannon(Rate rate) {
    int batch = nextPair(rate);
    return scorer.jensenShannon(x.logits(batch), y.logits(batch), out);
  }
}
