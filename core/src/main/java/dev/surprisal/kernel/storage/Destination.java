package dev.surprisal.kernel.storage;

import dev.surprisal.kernel.loop.WriteLoop;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Where rows of f32 are written, one behind the other: an array or a segment. One object serves many
 * calls, so that they allocate none.
 */
public final class Destination {
  /** {@code float[]} or {@link MemorySegment}. */
  private Object base;

  /** Where the first row begins, in elements. */
  private long offset;

  private int vocabulary;

  /** Throws unless a row for each of {@code x} can be written to the array, in place of {@code x} or away from it. */
  public static void check(float[] values, Rows x) {
    Objects.requireNonNull(values, "out");
    checkRoom(values, values.length, x);
    checkApart(values, 0, x);
  }

  /** Throws unless a row for each of {@code x} can be written to the segment, in place of {@code x} or away from it. */
  public static void check(MemorySegment values, Rows x) {
    Objects.requireNonNull(values, "out");
    Memory.checkAccess("out", values, true);
    checkRoom(values, values.byteSize() / Float.BYTES, x);
    checkApart(values.heapBase().orElse(null), values.address(), x);
  }

  private static void checkRoom(Object out, long elements, Rows x) {
    if (x.elements() > elements) {
      throw new IllegalArgumentException(x.rows() + " rows of " + x.vocabulary() + " need " + x.elements()
          + " elements; out is " + (out instanceof MemorySegment segment
              ? "a segment of " + segment.byteSize() + " bytes"
              : "float[" + elements + "]"));
    }
  }

  private static void checkApart(Object array, long address, Rows x) {
    if (x.overlaps(array, address, x.elements() * Float.BYTES) && !x.isCompactF32At(array, address)) {
      throw new IllegalArgumentException("out overlaps the logits without being the same rows: " + x);
    }
  }

  /** Directs the rows of {@code x} to an array. */
  public void set(float[] values, Rows x) {
    base = values;
    offset = 0;
    vocabulary = x.vocabulary();
  }

  /** Directs the rows of {@code x} to a segment: to the array behind it, if that is one of floats. */
  public void set(MemorySegment values, Rows x) {
    vocabulary = x.vocabulary();
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
    return Memory.isShared(base);
  }

  /** What writes here. */
  public WriteLoop.Target target() {
    return base instanceof float[] ? WriteLoop.Target.ARRAY : WriteLoop.Target.SEGMENT;
  }

  /** {@code float[]} or {@link MemorySegment}. */
  public Object base() {
    return base;
  }

  /** The element at which a row begins. */
  public long start(long row) {
    return offset + row * vocabulary;
  }

  /** Stores values from the beginning of an array as the entries of a row from a column on. */
  public void store(long row, int column, float[] values, int count) {
    Memory.copy(values, 0, count, base, start(row) + column);
  }
}
