package dev.surprisal.benchmarks.studies;

import dev.surprisal.DType;
import dev.surprisal.Scores;
import dev.surprisal.benchmarks.BatchBenchmark;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.Dataset;
import dev.surprisal.benchmarks.input.Rate;
import dev.surprisal.benchmarks.input.Storage;
import dev.surprisal.benchmarks.input.TrigramRows;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Rows of a real language model. The second row of a pair is the prediction for the word before. */
public class TrigramBenchmark extends BatchBenchmark {
  /** How many rows there are. */
  @Param({"L2", "MEMORY"})
  public Dataset dataset;

  private Scores scores;

  /** Made by JMH. */
  public TrigramBenchmark() {}

  @Override
  public void prepare() {
    useThreads(1);
    float[] rows = TrigramRows.load();
    int last = rows.length - TrigramRows.VOCABULARY;
    float[] later = Arrays.copyOfRange(rows, TrigramRows.VOCABULARY, rows.length);
    float[] before = Arrays.copyOfRange(rows, 0, last);
    Shape shape = new Shape(dataset.batches(), dataset.rows(TrigramRows.VOCABULARY), TrigramRows.VOCABULARY);
    allocate(later, before, shape, DType.F32, Storage.ARRAY);
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
