package dev.surprisal.benchmarks.studies;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.JobBenchmark;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.RowKind;
import dev.surprisal.benchmarks.input.Storage;
import org.openjdk.jmh.annotations.Param;

/** Rows that ask for more than one reading, beside ordinary ones. */
public class RowKindBenchmark extends JobBenchmark {
  private static final int VOCABULARY = 131_072;

  /** What is special about the row. */
  @Param({"ORDINARY", "NEAR_DETERMINISTIC", "ASCENDING", "FEW_MASKED", "MASKED", "CLOSE_PAIR", "FAR_PAIR",
      "SHIFTED_PAIR"})
  public RowKind kind;

  /** Made by JMH. */
  public RowKindBenchmark() {}

  @Override
  protected void prepare(Inputs inputs) {
    useThreads(1);
    float[] row = kind.row(VOCABULARY, 1);
    allocate(inputs, row, kind.other(row, 1), new Shape(1, 1, VOCABULARY), DType.F32, Storage.ARRAY);
  }
}
