package dev.surprisal.kernel;

import dev.surprisal.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Rows of floating-point values that stay where they are: an array or a memory segment, a dtype, a shape and a stride.
 * Immutable; nothing is copied, so later changes of the storage are seen.
 *
 * <p>Every check on shapes happens here, once, when the view is made.
 */
public final class Rows {
  /** So that the end of a tile or piece past the last entry is still an int. */
  private static final int MAX_VOCABULARY = 1 << 30;

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  /** A thread that never runs: what it may access, every thread may. */
  private static final Thread ANY_THREAD = new Thread(() -> {}, "any");

  /** {@code float[]}, {@code short[]} or {@link MemorySegment}. */
  final Object base;

  final DType dtype;
  final long rows;
  final int vocabulary;

  /** Where the first row begins, in elements. */
  final long offset;

  /** From the beginning of one row to the next, in elements. */
  final long stride;

  /** Every value is divided by it, and rounded to float, as it is read. */
  final float temperature;

  /** The array behind the values, or null for memory outside the heap (and for read-only segments, which hide it). */
  private final Object memory;

  /** Whether loops can read the rows as they lie: not those of a heap segment over an array of another element type. */
  private final boolean readable;

  private Rows(Object base, DType dtype, long rows, int vocabulary, long offset, long stride, float temperature) {
    this.base = base;
    this.dtype = dtype;
    this.rows = rows;
    this.vocabulary = vocabulary;
    this.offset = offset;
    this.stride = stride;
    this.temperature = temperature;
    boolean segment = base instanceof MemorySegment;
    this.memory = segment ? ((MemorySegment) base).heapBase().orElse(null) : base;
    this.readable = !segment || ((MemorySegment) base).isNative();
  }

  /** Rows of a {@code float[]}. */
  public static Rows of(float[] values, int offset, int rows, int vocabulary, int stride) {
    Objects.requireNonNull(values, "values");
    checkShape("float[" + values.length + "]", values.length, offset, rows, vocabulary, stride);
    return new Rows(values, DType.F32, rows, vocabulary, offset, stride, 1);
  }

  /** Rows of 16-bit values in a {@code short[]}. */
  public static Rows of(short[] values, DType dtype, int rows, int vocabulary) {
    Objects.requireNonNull(values, "values");
    if (dtype.bytes() != Short.BYTES) {
      throw new IllegalArgumentException("a short[] holds F16 or BF16, not " + dtype);
    }
    checkShape("short[" + values.length + "]", values.length, 0, rows, vocabulary, vocabulary);
    return new Rows(values, dtype, rows, vocabulary, 0, vocabulary, 1);
  }

  /** Rows of a memory segment, of any alignment, beginning at a byte offset. */
  public static Rows of(MemorySegment segment, DType dtype, long byteOffset, long rows, int vocabulary, long stride) {
    Objects.requireNonNull(segment, "segment");
    Objects.requireNonNull(dtype, "dtype");
    if (byteOffset < 0 || byteOffset > segment.byteSize()) {
      throw new IllegalArgumentException(
          "byte offset " + byteOffset + " is not within the segment's " + segment.byteSize() + " bytes");
    }
    MemorySegment values = segment.asSlice(byteOffset);
    long elements = values.byteSize() / dtype.bytes();
    checkShape("a segment of " + values.byteSize() + " bytes (" + elements + " x " + dtype + ")",
        elements, 0, rows, vocabulary, stride);
    Rows array = onArray(values, dtype, rows, vocabulary, stride);
    return array != null ? array : new Rows(values, dtype, rows, vocabulary, 0, stride, 1);
  }

  /**
   * The array behind a heap segment, where its elements have the dtype's size and alignment: off-heap loops that meet both
   * kinds of segments in one process run at less than half their speed.
   */
  private static Rows onArray(MemorySegment values, DType dtype, long rows, int vocabulary, long stride) {
    Object array = values.heapBase().orElse(null);
    long address = values.address();
    if (address % dtype.bytes() != 0
        || !(dtype == DType.F32 ? array instanceof float[] : array instanceof short[])) {
      return null;
    }
    return new Rows(array, dtype, rows, vocabulary, address / dtype.bytes(), stride, 1);
  }

  /** One row in place of many. */
  public static Rows repeated(float[] row, long rows) {
    return new Rows(row, DType.F32, rows, row.length, 0, 0, 1);
  }

  private static void checkShape(String storage, long elements, long offset, long rows, int vocabulary, long stride) {
    if (rows < 0) {
      throw new IllegalArgumentException("rows must not be negative: " + rows);
    }
    if (vocabulary < 1) {
      throw new IllegalArgumentException("vocabulary must be at least 1: " + vocabulary);
    }
    if (vocabulary > MAX_VOCABULARY) {
      throw new IllegalArgumentException("vocabulary must be at most " + MAX_VOCABULARY + ": " + vocabulary);
    }
    if (stride < vocabulary) {
      throw new IllegalArgumentException("row stride " + stride + " is less than the vocabulary of " + vocabulary);
    }
    if (offset < 0) {
      throw new IllegalArgumentException("offset must not be negative: " + offset);
    }
    if (rows == 0) {
      return;
    }
    long needed;
    try {
      needed = Math.addExact(offset, Math.addExact(Math.multiplyExact(rows - 1, stride), vocabulary));
    } catch (ArithmeticException overflow) {
      needed = Long.MAX_VALUE;
    }
    if (needed > elements) {
      throw new IllegalArgumentException(rows + " rows of " + vocabulary + " at offset " + offset + " with stride "
          + stride + " need " + needed + " elements; there is " + storage);
    }
  }

  /** A view of the rows {@code from} to {@code to - 1}. */
  public Rows slice(long from, long to) {
    if (from < 0 || to < from || to > rows) {
      throw new IndexOutOfBoundsException("rows [" + from + ", " + to + ") of " + rows);
    }
    return new Rows(base, dtype, to - from, vocabulary, offset + from * stride, stride, temperature);
  }

  /** The same rows, every value divided by a further temperature. */
  public Rows withTemperature(float divisor) {
    float product = temperature * divisor;
    if (!(divisor > 0 && divisor < Float.POSITIVE_INFINITY && product > 0 && product < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("temperature must be positive and finite: " + divisor
          + (temperature == 1 ? "" : " times " + temperature));
    }
    return new Rows(base, dtype, rows, vocabulary, offset, stride, product);
  }

  /** How many rows. */
  public long rows() {
    return rows;
  }

  /** How many values a row has. */
  public int vocabulary() {
    return vocabulary;
  }

  /** How a value is stored. */
  public DType dtype() {
    return dtype;
  }

  boolean isReadable() {
    return readable;
  }

  /** The element at which a row begins. */
  long start(long row) {
    return offset + row * stride;
  }

  /** One value, at the pace of scalar code. */
  float get(long row, int column) {
    float value = stored(start(row) + column);
    return temperature == 1 ? value : value / temperature;
  }

  private float stored(long element) {
    if (base instanceof float[] array) {
      return array[(int) element];
    }
    if (base instanceof short[] array) {
      return dtype.toFloat(array[(int) element]);
    }
    MemorySegment segment = (MemorySegment) base;
    return dtype == DType.F32
        ? segment.get(FLOAT, element * Float.BYTES)
        : dtype.toFloat(segment.get(SHORT, element * Short.BYTES));
  }

  /** Throws if the storage cannot be read by the calling thread. */
  public void checkAccess(String name) {
    if (base instanceof MemorySegment segment) {
      checkAccess(name, segment, false);
    }
  }

  /** Throws if a segment cannot be read (or written) by the calling thread. */
  static void checkAccess(String name, MemorySegment segment, boolean write) {
    if (!segment.scope().isAlive()) {
      throw new IllegalStateException("the arena behind " + name + " is closed");
    }
    if (!segment.isAccessibleBy(Thread.currentThread())) {
      throw new WrongThreadException(
          "the arena behind " + name + " is confined to another thread than " + Thread.currentThread());
    }
    if (write && segment.isReadOnly()) {
      throw new IllegalArgumentException(name + " is a read-only segment");
    }
  }

  /** Whether threads other than the calling one may read the storage. */
  public boolean isShared() {
    return isShared(base);
  }

  /** Whether threads other than the calling one may use an array or a segment. */
  static boolean isShared(Object base) {
    return !(base instanceof MemorySegment segment) || segment.isAccessibleBy(ANY_THREAD);
  }

  /** How many values there are, gaps not counted. */
  long elements() {
    return Math.multiplyExact(rows, vocabulary);
  }

  /** Whether these are rows of f32, one behind the other, from the given address: in an array, or outside the heap for {@code null}. */
  boolean isCompactF32At(Object array, long address) {
    return dtype == DType.F32 && stride == vocabulary && address() == address && memory == array;
  }

  /** Whether some byte of these rows is one of those given, in an array or outside the heap for {@code null}. */
  boolean overlaps(Object array, long address, long bytes) {
    return rows > 0 && memory == array && address() < address + bytes && address < address() + extent();
  }

  /** Whether some byte of these rows is also in a segment. */
  boolean overlaps(MemorySegment other) {
    return rows > 0 && segment().asOverlappingSlice(other).isPresent();
  }

  /** Whether the rows lie in the given array. */
  public boolean isIn(double[] array) {
    return hidesArray()
        ? segment().asOverlappingSlice(MemorySegment.ofArray(array)).isPresent()
        : memory == array;
  }

  /** Whether the storage is a read-only segment on the heap, which does not tell its array. */
  boolean hidesArray() {
    return memory == null && !readable;
  }

  /** The bytes from the first row to the last, as a segment. */
  private MemorySegment segment() {
    MemorySegment all = switch (base) {
      case float[] array -> MemorySegment.ofArray(array);
      case short[] array -> MemorySegment.ofArray(array);
      default -> (MemorySegment) base;
    };
    return all.asSlice(offset * dtype.bytes(), extent());
  }

  private long address() {
    long first = base instanceof MemorySegment segment ? segment.address() : 0;
    return first + offset * dtype.bytes();
  }

  private long extent() {
    return ((rows - 1) * stride + vocabulary) * dtype.bytes();
  }

  @Override
  public String toString() {
    String storage = base instanceof MemorySegment ? "segment" : base.getClass().getSimpleName();
    return rows + " x " + vocabulary + " " + dtype + " in a " + storage
        + (temperature == 1 ? "" : " at temperature " + temperature);
  }
}
