package dev.surprisal.benchmarks.input;

import dev.surprisal.benchmarks.input.Batches.Shape;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a benchmark reads in a second, beside the number of calls. */
@AuxCounters
@State(Scope.Thread)
public class Rate {
  /** Values read, in thousand millions. */
  public double gigalogits;
  /** Bytes read, in thousand millions. */
  public double gigabytes;

  /**
   * Counts a batch.
   *
   * @param shape what is read
   * @param bytes of a value
   */
  public void add(Shape shape, int bytes) {
    double values = 1e-9 * shape.batchSize();
    gigalogits += values;
    gigabytes += values * bytes;
  }
}
