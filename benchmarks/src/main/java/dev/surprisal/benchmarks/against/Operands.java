package dev.surprisal.benchmarks.against;

import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Probabilities;
import dev.surprisal.Scores;
import dev.surprisal.benchmarks.input.Batches;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.Storage;
import dev.surprisal.benchmarks.input.SyntheticRows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What a {@link Computation} reads and writes: one batch of rows, which stays in the cache, the same values in every
 * process.
 *
 * <p>Arrays are longer than their rows. A short array lies behind whatever the library allocated before it, and whether
 * that is at a multiple of 64 bytes would count for or against a build. An array that exceeds half a region of the heap
 * lies at the start of a region.
 */
final class Operands {
  /** Values in a batch, if a row has no more: two such batches of f32 are 512 KiB. */
  private static final int VALUES = 1 << 16;
  /** Bytes of an array: the size of a region in a heap of 2 GiB. */
  private static final int REGION = 1 << 20;
  private static final int CACHE_LINE = 64;
  private static final double CLOSE = 0.1;
  private static final double FAR = 3;

  /** Ordinary rows. */
  final Logits x;
  /** The same with noise of a tenth. */
  final Logits close;
  /** The same with noise of one. */
  final Logits student;
  /** Other rows. */
  final Logits far;
  /** The softmax of {@code x}. */
  final Probabilities p;
  /** One a row. */
  final int[] targets;
  /** A result for each row. */
  final double[] out;
  /** A result for each row. */
  final Scores scores;
  /** A result for each value, if values are in arrays, else null. */
  final float[] array;
  /** A result for each value, if values are off-heap, else null. */
  final MemorySegment segment;

  private final DType dtype;
  private final Storage storage;
  private final Shape shape;

  Operands(DType dtype, Storage storage, int vocabulary) {
    this.dtype = dtype;
    this.storage = storage;
    int rows = Math.max(1, VALUES / vocabulary);
    int values = rows * vocabulary;
    shape = new Shape(1 + REGION / (values * dtype.bytes()), rows, vocabulary);
    float[] logits = SyntheticRows.logits(values);
    x = logits(logits);
    close = logits(sum(logits, SyntheticRows.gaussian(values, CLOSE, 4)));
    student = logits(SyntheticRows.student(logits));
    far = logits(SyntheticRows.gaussian(values, FAR, 5));
    p = stored(SyntheticRows.probabilities(logits, vocabulary)).probabilities(0);
    targets = SyntheticRows.targets(rows, vocabulary);
    out = new double[rows];
    scores = Scores.allocate(rows);
    array = storage == Storage.ARRAY ? new float[Math.max(values, REGION / Float.BYTES)] : null;
    segment = storage == Storage.ARRAY ? null : Arena.global().allocate((long) values * Float.BYTES, CACHE_LINE);
  }

  /** {@return values in a batch} */
  int values() {
    return shape.batchSize();
  }

  private Logits logits(float[] values) {
    return stored(values).logits(0);
  }

  /** As many batches as exceed a region, of which the first is used. */
  private Batches stored(float[] values) {
    return new Batches(values, shape, dtype, storage);
  }

  private static float[] sum(float[] a, float[] b) {
    float[] sum = new float[a.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }
}
