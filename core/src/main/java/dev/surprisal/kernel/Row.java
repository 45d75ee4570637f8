package dev.surprisal.kernel;

import dev.surprisal.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A cursor over one row at a time, in the form that loops want: {@link #base} and {@link #start} such that entry {@code i} of
 * the row is element {@code start + i} of the base. Rows that no loop reads directly are decoded tile by tile.
 */
final class Row {
  private final float[] decoded = new float[Tile.SIZE];
  private final float[] tail = new float[Lanes.WIDTH];
  private short[] halves;

  /** What loops read, and how. */
  Object base;
  long start;
  Source source;

  private Rows rows;
  private long row;

  /** The source of the rows as they lie, or null. */
  private Source direct;

  /** Moves to a row. */
  void at(Rows to, long index) {
    rows = to;
    row = index;
    direct = to.temperature == 1 ? Source.of(to) : null;
    source = direct == null ? Source.F32_ARRAY : direct;
    base = to.base;
    start = to.start(index);
  }

  /** Moves both cursors, to be read by loops that take one source for both. */
  static void at(Row x, Rows xRows, Row y, Rows yRows, long index) {
    x.at(xRows, index);
    y.at(yRows, index);
    // Two conversions from f16 in one loop are more than the compiler inlines.
    if (x.source != y.source || x.source == Source.F16_ARRAY || x.source == Source.F16_SEGMENT) {
      x.decodeUnlessFloats();
      y.decodeUnlessFloats();
    }
  }

  private void decodeUnlessFloats() {
    direct = direct == Source.F32_ARRAY ? direct : null;
    source = Source.F32_ARRAY;
  }

  int vocabulary() {
    return rows.vocabulary;
  }

  /** One entry. */
  float get(int i) {
    return rows.get(row, i);
  }

  /** Makes the entries {@code from .. to - 1}, whole vectors and no more than a tile, readable through base and start. */
  void tile(int from, int to) {
    if (direct != null) {
      base = rows.base;
      start = rows.start(row);
    } else {
      decode(from, to);
      base = decoded;
      start = -from;
    }
  }

  /**
   * Makes the entries from {@code from} to the end, fewer than 16, and padding readable as the entries 0 to 15 of a float
   * array. Returns the largest of them, NaN if one is NaN.
   */
  float tail(int from, float padding) {
    Arrays.fill(tail, padding);
    float max = Float.NEGATIVE_INFINITY;
    for (int i = from; i < rows.vocabulary; i++) {
      float value = rows.get(row, i);
      tail[i - from] = value;
      max = Math.max(max, value);
    }
    base = tail;
    start = 0;
    return max;
  }

  private void decode(int from, int to) {
    Object values = rows.base;
    long first = rows.start(row) + from;
    Source readable = Source.of(rows);
    if (readable == null) {
      values = copyToArray((MemorySegment) values, first, to - from);
      first = 0;
      readable = Source.of(rows.dtype, true);
    }
    Decoder.of(readable).decode(values, first, to - from, rows.temperature, decoded);
  }

  private Object copyToArray(MemorySegment segment, long first, int count) {
    if (rows.dtype == DType.F32) {
      MemorySegment.copy(segment, ValueLayout.JAVA_FLOAT_UNALIGNED, first * Float.BYTES, decoded, 0, count);
      return decoded;
    }
    if (halves == null) {
      halves = new short[Tile.SIZE];
    }
    MemorySegment.copy(segment, ValueLayout.JAVA_SHORT_UNALIGNED, first * Short.BYTES, halves, 0, count);
    return halves;
  }
}
