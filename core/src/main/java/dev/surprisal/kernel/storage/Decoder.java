package dev.surprisal.kernel.storage;

import dev.surprisal.kernel.loop.DecodeLoop;
import dev.surprisal.kernel.scalar.Element;
import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;

/**
 * Copies values of rows as floats, transformed: all by {@link DecodeLoop}, so that a value is the same however it is
 * read. What is less than a vector, or lies where no loop reads it, is first moved as it is stored.
 */
final class Decoder {
  private final float[] floats = new float[Lanes.WIDTH];
  private final short[] halves = new short[Lanes.WIDTH];
  private final float[] last = new float[Lanes.WIDTH];

  /** As stored, a span; made when rows need it that no loop reads as they lie. */
  private float[] movedFloats;
  private short[] movedHalves;

  /** Copies so many values, at most a span, from an element of the rows to the beginning of {@code out}. */
  void copy(Rows rows, long from, int count, float[] out) {
    int whole = count & -Lanes.WIDTH;
    if (whole > 0) {
      copyVectors(rows, from, whole, out);
    }
    if (whole < count) {
      copyLast(rows, from + whole, count - whole, last);
      System.arraycopy(last, 0, out, whole, count - whole);
    }
  }

  /** Copies so many values, fewer than 16, to the beginning of a vector, whose other elements become arbitrary. */
  void copyLast(Rows rows, long from, int count, float[] vector) {
    if (rows.element() == Element.F32 && rows.transform().isIdentity()) {
      rows.copy(from, count, vector);
      return;
    }
    Object moved = move(rows, from, count, floats, halves);
    DecodeLoop.of(Source.of(rows.element(), true)).decode(moved, 0, Lanes.WIDTH, rows.transform(), vector);
  }

  private void copyVectors(Rows rows, long from, int count, float[] out) {
    Source stored = rows.stored();
    if (stored != null) {
      DecodeLoop.of(stored).decode(rows.base(), from, count, rows.transform(), out);
      return;
    }
    if (rows.element() == Element.F32 && movedFloats == null) {
      movedFloats = new float[Sizes.SPAN];
    } else if (rows.element() != Element.F32 && movedHalves == null) {
      movedHalves = new short[Sizes.SPAN];
    }
    Object moved = move(rows, from, count, movedFloats, movedHalves);
    DecodeLoop.of(Source.of(rows.element(), true)).decode(moved, 0, count, rows.transform(), out);
  }

  /** Copies values as they are stored to one of two arrays; returns which. */
  private static Object move(Rows rows, long from, int count, float[] floats, short[] halves) {
    if (rows.element() == Element.F32) {
      rows.copy(from, count, floats);
      return floats;
    }
    rows.copy(from, count, halves);
    return halves;
  }
}
