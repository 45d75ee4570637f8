package dev.surprisal.kernel.storage;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Where values lie, in or outside the heap: an array or a {@link MemorySegment}, and who may use it. */
final class Memory {
  static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  /** A thread that never runs: what it may access, every thread may. */
  private static final Thread ANY_THREAD = new Thread(() -> {}, "any");

  private Memory() {}

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

  /** Whether threads other than the calling one may use an array or a segment. */
  static boolean isShared(Object base) {
    return !(base instanceof MemorySegment segment) || segment.isAccessibleBy(ANY_THREAD);
  }

  /** An array as a segment, of whatever can be one. */
  static MemorySegment ofArray(Object array) {
    return switch (array) {
      case byte[] values -> MemorySegment.ofArray(values);
      case short[] values -> MemorySegment.ofArray(values);
      case char[] values -> MemorySegment.ofArray(values);
      case int[] values -> MemorySegment.ofArray(values);
      case float[] values -> MemorySegment.ofArray(values);
      case long[] values -> MemorySegment.ofArray(values);
      case double[] values -> MemorySegment.ofArray(values);
      default -> throw new IllegalArgumentException("no segment is over " + array);
    };
  }

  /** Copies floats from an array or a segment, bit by bit. */
  static void copy(Object base, long from, int count, float[] to) {
    if (base instanceof float[] array) {
      System.arraycopy(array, (int) from, to, 0, count);
    } else {
      MemorySegment.copy((MemorySegment) base, FLOAT, from * Float.BYTES, to, 0, count);
    }
  }

  /** Copies 16-bit values from an array or a segment. */
  static void copy(Object base, long from, int count, short[] to) {
    if (base instanceof short[] array) {
      System.arraycopy(array, (int) from, to, 0, count);
    } else {
      MemorySegment.copy((MemorySegment) base, SHORT, from * Short.BYTES, to, 0, count);
    }
  }

  /** Copies floats to an array or a segment, bit by bit. */
  static void copy(float[] from, int at, int count, Object base, long to) {
    if (base instanceof float[] array) {
      System.arraycopy(from, at, array, (int) to, count);
    } else {
      MemorySegment.copy(from, at, (MemorySegment) base, FLOAT, to * Float.BYTES, count);
    }
  }
}
