package dev.surprisal.benchmarks.studies;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.JobBenchmark;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.Dataset;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Storage;
import dev.surprisal.benchmarks.input.TrigramRows;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Param;

/** Rows of a real language model. The second row of a pair is the prediction for the word before. */
public class TrigramBenchmark extends JobBenchmark {
  /** How many rows there are. */
  @Param({"L2", "MEMORY"})
  public Dataset dataset;

  /** Made by JMH. */
  public TrigramBenchmark() {}

  @Override
  protected void prepare(Inputs inputs) {
    useThreads(1);
    float[] rows = TrigramRows.load();
    int last = rows.length - TrigramRows.VOCABULARY;
    float[] later = Arrays.copyOfRange(rows, TrigramRows.VOCABULARY, rows.length);
    float[] before = Arrays.copyOfRange(rows, 0, last);
    Shape shape = new Shape(dataset.batches(), dataset.rows(TrigramRows.VOCABULARY), TrigramRows.VOCABULARY);
    allocate(inputs, later, before, shape, DType.F32, Storage.ARRAY);
  }
}
