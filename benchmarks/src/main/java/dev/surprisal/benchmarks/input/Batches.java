package dev.surprisal.benchmarks.input;

import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Probabilities;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Rows in one storage, cut into batches of the same number of rows. */
public final class Batches implements AutoCloseable {
  private static final long CACHE_LINE = 64;

  private final Arena arena = Arena.ofShared();
  private final Shape shape;
  private final DType dtype;
  private final Object storage;
  private final Logits[] logits;
  private final Probabilities[] probabilities;

  /**
   * The shape of some batches.
   *
   * @param batches how many
   * @param rows rows in each
   * @param vocabulary values in a row
   */
  public record Shape(int batches, int rows, int vocabulary) {
    /** {@return values in a batch} */
    public int batchSize() {
      return rows * vocabulary;
    }

    int totalRows() {
      return batches * rows;
    }

    int size() {
      return Math.multiplyExact(batches, batchSize());
    }
  }

  /**
   * Allocates batches and fills them.
   *
   * @param pattern whole rows, repeated until all batches are full
   * @param shape batches, rows and vocabulary
   * @param dtype how values are stored; 16-bit ones are rounded to nearest even
   * @param where in an array or off-heap
   */
  public Batches(float[] pattern, Shape shape, DType dtype, Storage where) {
    this.shape = shape;
    this.dtype = dtype;
    this.storage = where == Storage.ARRAY ? array(pattern) : segment(pattern);
    this.logits = new Logits[shape.batches];
    this.probabilities = new Probabilities[shape.batches];
    Logits allLogits = logits();
    Probabilities allProbabilities = probabilities();
    for (int batch = 0; batch < shape.batches; batch++) {
      long from = (long) batch * shape.rows;
      logits[batch] = allLogits.rows(from, from + shape.rows);
      probabilities[batch] = allProbabilities.rows(from, from + shape.rows);
    }
  }

  private Object array(float[] pattern) {
    Object array = dtype == DType.F32 ? new float[shape.size()] : new short[shape.size()];
    Object stored = stored(pattern);
    for (int from = 0; from < shape.size(); from += pattern.length) {
      System.arraycopy(stored, 0, array, from, Math.min(pattern.length, shape.size() - from));
    }
    return array;
  }

  private MemorySegment segment(float[] pattern) {
    MemorySegment stored = dtype == DType.F32
        ? MemorySegment.ofArray((float[]) stored(pattern))
        : MemorySegment.ofArray((short[]) stored(pattern));
    long bytes = (long) shape.size() * dtype.bytes();
    MemorySegment segment = arena.allocate(bytes, CACHE_LINE);
    for (long from = 0; from < bytes; from += stored.byteSize()) {
      MemorySegment.copy(stored, 0, segment, from, Math.min(stored.byteSize(), bytes - from));
    }
    return segment;
  }

  private Object stored(float[] pattern) {
    if (dtype == DType.F32) {
      return pattern;
    }
    short[] bits = new short[pattern.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = dtype == DType.F16 ? Float.floatToFloat16(pattern[i]) : toBFloat16(pattern[i]);
    }
    return bits;
  }

  private static short toBFloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
  }

  private Logits logits() {
    return switch (storage) {
      case float[] floats -> Logits.of(floats, shape.totalRows(), shape.vocabulary);
      case short[] shorts -> Logits.of(shorts, dtype, shape.totalRows(), shape.vocabulary);
      default -> Logits.of((MemorySegment) storage, dtype, shape.totalRows(), shape.vocabulary);
    };
  }

  private Probabilities probabilities() {
    return switch (storage) {
      case float[] floats -> Probabilities.of(floats, shape.totalRows(), shape.vocabulary);
      case short[] shorts -> Probabilities.of(shorts, dtype, shape.totalRows(), shape.vocabulary);
      default -> Probabilities.of((MemorySegment) storage, dtype, shape.totalRows(), shape.vocabulary);
    };
  }

  /**
   * A batch as logits.
   *
   * @param batch which one
   * @return a view
   */
  public Logits logits(int batch) {
    return logits[batch];
  }

  /**
   * A batch as probabilities.
   *
   * @param batch which one
   * @return a view
   */
  public Probabilities probabilities(int batch) {
    return probabilities[batch];
  }

  /** {@return batches, rows and vocabulary} */
  public Shape shape() {
    return shape;
  }

  /** {@return how values are stored} */
  public DType dtype() {
    return dtype;
  }

  /** {@return all values, if they are f32 in an array} */
  public float[] floats() {
    return (float[]) storage;
  }

  /**
   * The memory of a batch off-heap.
   *
   * @param batch which one
   * @return its part of the segment
   */
  public MemorySegment segment(int batch) {
    long bytes = (long) shape.batchSize() * dtype.bytes();
    return ((MemorySegment) storage).asSlice(batch * bytes, bytes);
  }

  /**
   * Memory for as many f32 as a batch has values, in the same kind of storage; it is freed with the batches.
   *
   * @return an array's memory, or memory off-heap
   */
  public MemorySegment memoryForFloats() {
    return storage instanceof MemorySegment
        ? arena.allocate((long) shape.batchSize() * Float.BYTES, CACHE_LINE)
        : MemorySegment.ofArray(new float[shape.batchSize()]);
  }

  /**
   * A row as it is stored, which is rounded for a dtype of 16 bits.
   *
   * @param row counted over all batches
   * @return its values
   */
  public double[] row(int row) {
    double[] values = new double[shape.vocabulary];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(row * shape.vocabulary + i);
    }
    return values;
  }

  private float value(int index) {
    return switch (storage) {
      case float[] floats -> floats[index];
      case short[] shorts -> widened(shorts[index]);
      default -> {
        MemorySegment segment = (MemorySegment) storage;
        yield dtype == DType.F32
            ? segment.getAtIndex(ValueLayout.JAVA_FLOAT, index)
            : widened(segment.getAtIndex(ValueLayout.JAVA_SHORT, index));
      }
    };
  }

  private float widened(short bits) {
    return dtype == DType.F16 ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
  }

  /** Frees what lies off-heap. */
  @Override
  public void close() {
    arena.close();
  }
}
