package dev.surprisal.benchmarks.studies;

import dev.surprisal.DType;
import dev.surprisal.Scores;
import dev.surprisal.benchmarks.BatchBenchmark;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.Dataset;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Pollution;
import dev.surprisal.benchmarks.input.Rate;
import dev.surprisal.benchmarks.input.Storage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The same calls in a fresh process and in one that has used every statistic, dtype and storage before. */
public class PollutionBenchmark extends BatchBenchmark {
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

  private Scores scores;

  /** Made by JMH. */
  public PollutionBenchmark() {}

  @Override
  public void prepare() {
    useThreads(1);
    if (polluted) {
      Pollution.pollute(scorer);
    }
    allocate(Inputs.LOGITS_PAIR, new Shape(1, Dataset.L2.rows(VOCABULARY), VOCABULARY), dtype, storage);
    scores = Scores.allocate(out.length);
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

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return the scores of each row
   */
  @Benchmark
  public Scores score(Rate rate) {
    return scorer.score(x.logits(next(rate)), targets, scores);
  }
}
