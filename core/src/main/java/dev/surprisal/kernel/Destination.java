package dev.surprisal.kernel;

import dev.surprisal.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** Where rows of f32 are written, one behind the other: an array or a segment. One object serves many calls, so that they make none. */
public final class Destination {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** {@code float[]} or {@link MemorySegment}. */
  Object base;

  /** Where the first row begins, in elements. */
  private long offset;

  private int vocabulary;

  /** Throws unless a row for each of {@code x} can be written to the array, in place of {@code x} or away from it. */
  public static void check(float[] values, Rows x) {
    Objects.requireNonNull(values, "out");
    if (x.elements() > values.length) {
      Rows.of(values, 0, (int) Math.min(x.rows, Integer.MAX_VALUE), x.vocabulary, x.vocabulary); // throws, and says why
    }
    long bytes = x.elements() * Float.BYTES;
    checkApart(x.hidesArray() ? x.overlaps(MemorySegment.ofArray(values).asSlice(0, bytes)) : x.overlaps(values, 0, bytes),
        values, 0, x);
  }

  /** Throws unless a row for each of {@code x} can be written to the segment, in place of {@code x} or away from it. */
  public static void check(MemorySegment values, Rows x) {
    Objects.requireNonNull(values, "out");
    Rows.checkAccess("out", values, true);
    if (x.elements() > values.byteSize() / Float.BYTES) {
      Rows.of(values, DType.F32, 0, x.rows, x.vocabulary, x.vocabulary); // throws, and says why
    }
    Object array = values.heapBase().orElse(null);
    long bytes = x.elements() * Float.BYTES;
    checkApart(x.hidesArray() ? x.overlaps(values.asSlice(0, bytes)) : x.overlaps(array, values.address(), bytes),
        array, values.address(), x);
  }

  private static void checkApart(boolean overlaps, Object array, long address, Rows x) {
    if (overlaps && !x.isCompactF32At(array, address)) {
      throw new IllegalArgumentException("out overlaps the logits without being the same rows: " + x);
    }
  }

  /** Directs the rows of {@code x} to an array. */
  public void set(float[] values, Rows x) {
    base = values;
    offset = 0;
    vocabulary = x.vocabulary;
  }

  /** Directs the rows of {@code x} to a segment: to the array behind it, if that is one of floats. */
  public void set(MemorySegment values, Rows x) {
    vocabulary = x.vocabulary;
    if (values.heapBase().orElse(null) instanceof float[] array && values.address() % Float.BYTES == 0) {
      base = array;
      offset = values.address() / Float.BYTES;
    } else {
      base = values;
      offset = 0;
    }
  }

  /** Forgets the storage. */
  public void clear() {
    base = null;
  }

  /** Whether threads other than the calling one may write. */
  public boolean isShared() {
    return Rows.isShared(base);
  }

  /** The element at which a row begins. */
  long start(long row) {
    return offset + row * vocabulary;
  }

  /** Stores one value. */
  void set(long row, int column, float value) {
    long element = start(row) + column;
    if (base instanceof float[] array) {
      array[(int) element] = value;
    } else {
      ((MemorySegment) base).set(FLOAT, element * Float.BYTES, value);
    }
  }
}
