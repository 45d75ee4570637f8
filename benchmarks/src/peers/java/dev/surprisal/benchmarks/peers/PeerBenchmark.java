package dev.surprisal.benchmarks.peers;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.BatchBenchmark;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.Dataset;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Storage;
import org.openjdk.jmh.annotations.Param;

/**
 * The same job by somebody else, on the same inputs. A benchmark has the name of the library's own; before it is timed
 * its results are compared with the library's.
 */
public abstract class PeerBenchmark extends BatchBenchmark {
  /** Length of a row. */
  protected static final int VOCABULARY = 131_072;

  /** How many rows there are. */
  @Param({"L2", "L3", "MEMORY"})
  public Dataset dataset;

  /** Made by JMH. */
  protected PeerBenchmark() {}

  /** Native code is warm at once, and scalar loops soon. */
  @Override
  protected double warmNanosPerLogit() {
    return Double.POSITIVE_INFINITY;
  }

  /**
   * Makes the same inputs as for the library.
   *
   * @param kind which ones
   * @param dtype how values are stored
   * @param storage where
   */
  protected final void allocate(Inputs kind, DType dtype, Storage storage) {
    useThreads(1);
    allocate(kind, new Shape(dataset.batches(), dataset.rows(VOCABULARY), VOCABULARY), dtype, storage);
  }

  /**
   * Throws unless a peer agrees with the library.
   *
   * @param statistic what was computed
   * @param ours one value a row
   * @param theirs one value a row
   * @param tolerance relative to ours
   */
  protected static void checkSame(String statistic, double[] ours, double[] theirs, double tolerance) {
    for (int row = 0; row < ours.length; row++) {
      if (!(Math.abs(ours[row] - theirs[row]) <= tolerance * Math.abs(ours[row]))) {
        throw new IllegalStateException(
            statistic + " of row " + row + ": " + theirs[row] + ", the library says " + ours[row]);
      }
    }
  }
}
