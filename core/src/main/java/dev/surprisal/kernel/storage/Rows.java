package dev.surprisal.kernel.storage;

import dev.surprisal.kernel.loop.Transform;
import dev.surprisal.kernel.scalar.Element;
import dev.surprisal.kernel.scalar.Source;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Rows of floating-point values that stay where they are: an array or a memory segment, the type of an element, a shape
 * and a stride; what the values are, and what is done to them as they are read. Immutable; nothing is copied, so later
 * changes of the storage are seen.
 *
 * <p>Every check on shapes happens here, once, when the view is made.
 */
public final class Rows {
  /** So that the end of a span or piece past the last entry is still an int. */
  private static final int MAX_VOCABULARY = 1 << 30;

  /** {@code float[]}, {@code short[]} or {@link MemorySegment}. */
  private final Object base;

  private final Element element;
  private final long rows;
  private final int vocabulary;

  /** Where the first row begins, in elements. */
  private final long offset;

  /** From the beginning of one row to the next, in elements. */
  private final long stride;

  private final Operand operand;
  private final Transform transform;

  /** The array behind the values, or null for memory outside the heap (and for read-only segments, which hide it). */
  private final Object memory;

  /** Whether loops can read the rows as they lie: not those of a heap segment over an array of another element type. */
  private final boolean readable;

  /** What reads them as they lie, or null. */
  private final Source stored;

  /** The array that a read-only segment was last found not to be over, since finding out makes objects. */
  private Object apart;

  private Rows(Object base, Element element, long rows, int vocabulary, long offset, long stride) {
    this(base, element, rows, vocabulary, offset, stride, Operand.LOGITS, Transform.IDENTITY);
  }

  private Rows(
      Object base, Element element, long rows, int vocabulary, long offset, long stride, Operand operand,
      Transform transform) {
    this.base = base;
    this.element = element;
    this.rows = rows;
    this.vocabulary = vocabulary;
    this.offset = offset;
    this.stride = stride;
    this.operand = operand;
    this.transform = transform;
    boolean segment = base instanceof MemorySegment;
    this.memory = segment ? ((MemorySegment) base).heapBase().orElse(null) : base;
    this.readable = !segment || ((MemorySegment) base).isNative();
    this.stored = readable ? Source.of(element, !segment) : null;
  }

  /** Rows of a {@code float[]}. */
  public static Rows of(float[] values, int offset, int rows, int vocabulary, int stride) {
    Objects.requireNonNull(values, "values");
    checkShape("float[" + values.length + "]", values.length, offset, rows, vocabulary, stride);
    return new Rows(values, Element.F32, rows, vocabulary, offset, stride);
  }

  /** Rows of 16-bit values in a {@code short[]}. */
  public static Rows of(short[] values, Element element, int offset, int rows, int vocabulary, int stride) {
    Objects.requireNonNull(values, "values");
    if (element.bytes() != Short.BYTES) {
      throw new IllegalArgumentException("a short[] holds F16 or BF16, not " + element);
    }
    checkShape("short[" + values.length + "]", values.length, offset, rows, vocabulary, stride);
    return new Rows(values, element, rows, vocabulary, offset, stride);
  }

  /** Rows of a memory segment, of any alignment, beginning at a byte offset. */
  public static Rows of(MemorySegment segment, Element element, long byteOffset, long rows, int vocabulary,
      long stride) {
    Objects.requireNonNull(segment, "segment");
    Objects.requireNonNull(element, "dtype");
    if (byteOffset < 0 || byteOffset > segment.byteSize()) {
      throw new IllegalArgumentException(
          "byte offset " + byteOffset + " is not within the segment's " + segment.byteSize() + " bytes");
    }
    MemorySegment values = segment.asSlice(byteOffset);
    long elements = values.byteSize() / element.bytes();
    checkShape("a segment of " + values.byteSize() + " bytes (" + elements + " x " + element + ")",
        elements, 0, rows, vocabulary, stride);
    Rows array = onArray(values, element, rows, vocabulary, stride);
    return array != null ? array : new Rows(values, element, rows, vocabulary, 0, stride);
  }

  /**
   * The array behind a heap segment, where its elements have the dtype's size and alignment: off-heap loops that meet
   * both kinds of segments in one process run at less than half their speed.
   */
  private static Rows onArray(MemorySegment values, Element element, long rows, int vocabulary, long stride) {
    Object array = values.heapBase().orElse(null);
    long address = values.address();
    if (address % element.bytes() != 0
        || !(element == Element.F32 ? array instanceof float[] : array instanceof short[])) {
      return null;
    }
    return new Rows(array, element, rows, vocabulary, address / element.bytes(), stride);
  }

  /** One row of an array in place of many. */
  public static Rows repeated(float[] row, long rows) {
    return new Rows(row, Element.F32, rows, row.length, 0, 0);
  }

  /** The same rows, to be taken as something else. */
  public Rows as(Operand meaning) {
    return new Rows(base, element, rows, vocabulary, offset, stride, meaning, transform);
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
    return new Rows(base, element, to - from, vocabulary, offset + from * stride, stride, operand, transform);
  }

  /** The same rows, every value divided by a further temperature. */
  public Rows withTemperature(float divisor) {
    return new Rows(
        base, element, rows, vocabulary, offset, stride, operand, transform.withTemperature(divisor));
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
  public Element element() {
    return element;
  }

  /** What the values are. */
  public Operand operand() {
    return operand;
  }

  /** What is done to a value as it is read. */
  Transform transform() {
    return transform;
  }

  /** {@code float[]}, {@code short[]} or {@link MemorySegment}. */
  Object base() {
    return base;
  }

  /**
   * What reads values of these rows as they are stored, or null: those of a heap segment over an array of another type.
   */
  Source stored() {
    return stored;
  }

  /** The element at which a row begins. */
  long start(long row) {
    return offset + row * stride;
  }

  /** Whether each row begins where the one before ends. */
  boolean isCompact() {
    return stride == vocabulary;
  }

  /** Copies the stored values of so many 16-bit elements. */
  void copy(long from, int count, short[] to) {
    Memory.copy(base, from, count, to);
  }

  /** Copies the stored values of so many elements of F32. */
  void copy(long from, int count, float[] to) {
    Memory.copy(base, from, count, to);
  }

  /** One row as doubles, for definitions: element by element, without vectors. */
  public void read(long row, double[] to) {
    for (int i = 0; i < vocabulary; i++) {
      float value = stored(start(row) + i);
      to[i] = transform.isIdentity() ? value : value / transform.temperature();
    }
  }

  private float stored(long at) {
    return switch (element) {
      case F32 -> base instanceof float[] array
          ? array[(int) at]
          : ((MemorySegment) base).get(Memory.FLOAT, at * Float.BYTES);
      case F16 -> Float.float16ToFloat(bits(at));
      case BF16 -> Float.intBitsToFloat(bits(at) << 16);
    };
  }

  private short bits(long at) {
    return base instanceof short[] array
        ? array[(int) at]
        : ((MemorySegment) base).get(Memory.SHORT, at * Short.BYTES);
  }

  /** Throws if the storage cannot be read by the calling thread. */
  public void checkAccess(String name) {
    if (base instanceof MemorySegment segment) {
      Memory.checkAccess(name, segment, false);
    }
  }

  /** Whether threads other than the calling one may read the storage. */
  public boolean isShared() {
    return Memory.isShared(base);
  }

  /** How many values there are, gaps not counted. */
  long elements() {
    return Math.multiplyExact(rows, vocabulary);
  }

  /**
   * Whether these are rows of f32, one behind the other, from the given address: in an array, or outside the heap for
   * {@code null}.
   */
  boolean isCompactF32At(Object array, long address) {
    return element == Element.F32 && isCompact() && address() == address && memory == array;
  }

  /** Whether some byte of these rows is one of those given, in an array or outside the heap for {@code null}. */
  boolean overlaps(Object array, long address, long bytes) {
    return rows > 0 && isOver(array) && address() < address + bytes && address < address() + extent();
  }

  /** Whether the rows lie in the given array. */
  public boolean isIn(double[] array) {
    return isOver(array);
  }

  /** Whether the storage is of this array, or outside the heap for {@code null}. */
  private boolean isOver(Object array) {
    if (readable || memory != null) {
      return memory == array;
    }
    // A read-only segment on the heap, which does not tell its array.
    if (rows == 0 || array == null || array == apart) {
      return false;
    }
    boolean over = segment().asOverlappingSlice(Memory.ofArray(array)).isPresent();
    apart = over ? apart : array;
    return over;
  }

  /** The bytes from the first row of a segment to the last. */
  private MemorySegment segment() {
    return ((MemorySegment) base).asSlice(offset * element.bytes(), extent());
  }

  private long address() {
    long first = base instanceof MemorySegment segment ? segment.address() : 0;
    return first + offset * element.bytes();
  }

  private long extent() {
    return ((rows - 1) * stride + vocabulary) * element.bytes();
  }

  @Override
  public String toString() {
    String storage = base instanceof MemorySegment ? "segment" : base.getClass().getSimpleName();
    return rows + " x " + vocabulary + " " + element + " in a " + storage
        + (transform.isIdentity() ? "" : " at temperature " + transform.temperature());
  }
}
