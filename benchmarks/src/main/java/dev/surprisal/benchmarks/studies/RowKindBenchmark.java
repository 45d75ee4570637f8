package dev.surprisal.benchmarks.studies;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.BatchBenchmark;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.Rate;
import dev.surprisal.benchmarks.input.RowKind;
import dev.surprisal.benchmarks.input.Storage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Rows that ask for more than one reading, beside ordinary ones. */
public class RowKindBenchmark extends BatchBenchmark {
  private static final int VOCABULARY = 131_072;

  /** What is special about the row. */
  @Param({"ORDINARY", "NEAR_DETERMINISTIC", "ASCENDING", "FEW_MASKED", "MASKED", "CLOSE_PAIR", "FAR_PAIR", "SHIFTED_PAIR"})
  public RowKind kind;

  /** Made by JMH. */
  public RowKindBenchmark() {}

  @Override
  public void prepare() {
    useThreads(1);
    float[] row = kind.row(VOCABULARY, 1);
    allocate(row, kind.other(row, 1), new Shape(1, 1, VOCABULARY), DType.F32, Storage.ARRAY);
  }

  /**
   * One row.
   *
   * @param rate counts what is read
   * @return one value
   */
  @Benchmark
  public double[] entropy(Rate rate) {
    return scorer.entropy(x.logits(next(rate)), out);
  }

  /**
   * One pair of rows.
   *
   * @param rate counts what is read
   * @return one value
   */
  @Benchmark
  public double[] klDivergence(Rate rate) {
    int batch = nextPair(rate);
    return scorer.klDivergence(x.logits(batch), y.logits(batch), out);
  }
}
