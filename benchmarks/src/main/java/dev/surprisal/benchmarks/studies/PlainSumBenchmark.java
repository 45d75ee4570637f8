package dev.surprisal.benchmarks.studies;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.BatchBenchmark;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.Dataset;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import dev.surprisal.benchmarks.input.Storage;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The yardstick: adds up the values of each row and does nothing else, which is as fast as they can be read. */
public class PlainSumBenchmark extends BatchBenchmark {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();

  /** Length of a row, a multiple of four vectors. */
  @Param("131072")
  public int vocabulary;

  /** How many rows there are. */
  @Param({"L2", "L3", "MEMORY"})
  public Dataset dataset;

  /** Where values are stored. */
  @Param({"ARRAY", "OFF_HEAP"})
  public Storage storage;

  /** How many threads add up. */
  @Param({"1", "2"})
  public int threads;

  private ForkJoinPool summing;
  private MemorySegment[] segments;

  /** Made by JMH. */
  public PlainSumBenchmark() {}

  @Override
  public void prepare() {
    summing = new ForkJoinPool(threads);
    Shape shape = new Shape(dataset.batches(), dataset.rows(vocabulary), vocabulary);
    allocate(Inputs.LOGITS, shape, DType.F32, storage);
    segments = storage == Storage.ARRAY ? null
        : IntStream.range(0, shape.batches()).mapToObj(x::segment).toArray(MemorySegment[]::new);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return the sum of each row
   */
  @Benchmark
  public double[] plainSum(Rate rate) {
    int batch = next(rate);
    if (threads == 1) {
      for (int row = 0; row < out.length; row++) {
        sumRow(batch, row);
      }
    } else {
      summing.submit(() -> IntStream.range(0, out.length).parallel().forEach(row -> sumRow(batch, row))).join();
    }
    return out;
  }

  private void sumRow(int batch, int row) {
    if (storage == Storage.ARRAY) {
      out[row] = sum(x.floats(), (batch * out.length + row) * vocabulary, vocabulary);
    } else {
      out[row] = sum(segments[batch], (long) row * vocabulary * Float.BYTES, vocabulary);
    }
  }

  private static float sum(float[] values, int from, int length) {
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    for (int i = from; i < from + length; i += 4 * LANES) {
      a = a.add(FloatVector.fromArray(SPECIES, values, i));
      b = b.add(FloatVector.fromArray(SPECIES, values, i + LANES));
      c = c.add(FloatVector.fromArray(SPECIES, values, i + 2 * LANES));
      d = d.add(FloatVector.fromArray(SPECIES, values, i + 3 * LANES));
    }
    return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
  }

  private static float sum(MemorySegment values, long from, int length) {
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    for (int i = 0; i < length; i += 4 * LANES) {
      long at = from + (long) i * Float.BYTES;
      a = a.add(FloatVector.fromMemorySegment(SPECIES, values, at, NATIVE));
      b = b.add(FloatVector.fromMemorySegment(SPECIES, values, at + LANES * Float.BYTES, NATIVE));
      c = c.add(FloatVector.fromMemorySegment(SPECIES, values, at + 2 * LANES * Float.BYTES, NATIVE));
      d = d.add(FloatVector.fromMemorySegment(SPECIES, values, at + 3 * LANES * Float.BYTES, NATIVE));
    }
    return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
  }

  @Override
  public void close() {
    summing.close();
    super.close();
  }
}
