package dev.surprisal.kernel.storage;

import dev.surprisal.kernel.loop.IndexLoop;
import dev.surprisal.kernel.loop.MaxLoop;
import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;
import java.util.Arrays;

/**
 * The walk over a row: yields spans of whole vectors, as they lie where a loop can read them so, else decoded; and last
 * what is left of the row, fewer than 16 entries, padded to one vector. Always in the row's own indices: entry
 * {@code i} is element {@code start + i} of the base.
 *
 * <pre>
 *   cursor.open(rows, row);
 *   cursor.walk(from, to, padding);
 *   while (cursor.next()) {
 *     Loop.of(cursor.source).add(cursor.base, cursor.start, cursor.from, cursor.to, ...);
 *   }
 * </pre>
 */
public final class Cursor {
  /** What loops read, and how. */
  public Object base;
  public long start;
  public Source source;

  /** The entries of the span, {@code from .. to - 1}; behind the row's last entry they are padding. */
  public int from;
  public int to;

  private final Decoder decoder;
  private final float[] tail = new float[Lanes.WIDTH];
  private final float[] vector = new float[Lanes.WIDTH];

  /** Made when it is first needed. */
  private float[] decoded;

  private Rows rows;

  /** The element at which the row begins. */
  private long first;

  /** What reads the rows as they lie, or null. */
  private Source direct;

  private int next;
  private int end;
  private float padding;

  Cursor(Decoder decoder) {
    this.decoder = decoder;
  }

  /** Moves to a row. */
  public void open(Rows of, long row) {
    rows = of;
    first = of.start(row);
    direct = of.transform().isIdentity() ? of.stored() : null;
  }

  /** Moves to a row that is yielded as floats in arrays, decoded if it lies otherwise. */
  public void openFloats(Rows of, long row) {
    open(of, row);
    decodeUnlessFloats();
  }

  void decodeUnlessFloats() {
    direct = direct == Source.F32_ARRAY ? direct : null;
  }

  /** What spans of the row will be read by, except for the tail. */
  Source sourceOfSpans() {
    return direct == null ? Source.F32_ARRAY : direct;
  }

  /** How many entries the row has. */
  public int vocabulary() {
    return rows.vocabulary();
  }

  /**
   * Begins a walk over the entries {@code from .. to - 1}.
   *
   * @param from a multiple of 16
   * @param to a multiple of 16 or the end of the row
   * @param padding what the last vector is filled up with
   */
  public void walk(int from, int to, float padding) {
    this.next = from;
    this.end = to;
    this.padding = padding;
  }

  /** Goes on to the next span; false behind the last one. */
  public boolean next() {
    int whole = whole(end);
    if (next < whole) {
      from = next;
      to = Math.min(next + Sizes.SPAN, whole);
      next = to;
      readSpan();
      return true;
    }
    if (next < end) {
      next = end;
      from = whole;
      to = whole + Lanes.WIDTH;
      readTail();
      return true;
    }
    return false;
  }

  /** So many entries, rounded up to whole vectors. */
  public static int padded(int entries) {
    return whole(entries + Lanes.WIDTH - 1);
  }

  /** How many of so many entries are whole vectors. */
  public static int whole(int entries) {
    return entries & -Lanes.WIDTH;
  }

  /** Whether the span is the padded rest of the row. */
  public boolean isTail() {
    return base == tail;
  }

  /** Moves to where another cursor is, without decoding what that has decoded. */
  void follow(Cursor other) {
    base = other.base;
    start = other.start;
    source = other.source;
    from = other.from;
    to = other.to;
  }

  private void readSpan() {
    if (direct != null) {
      base = rows.base();
      start = first;
      source = direct;
      return;
    }
    if (decoded == null) {
      decoded = new float[Sizes.SPAN];
    }
    decoder.copy(rows, first + from, to - from, decoded);
    base = decoded;
    start = -from;
    source = Source.F32_ARRAY;
  }

  private void readTail() {
    int entries = rows.vocabulary() - from;
    decoder.copyLast(rows, first + from, entries, tail);
    Arrays.fill(tail, entries, Lanes.WIDTH, padding);
    base = tail;
    start = -from;
    source = Source.F32_ARRAY;
  }

  /** One entry. The walk stays where it is. */
  public float value(int i) {
    int at = i & -Lanes.WIDTH;
    decoder.copy(rows, first + at, Math.min(Lanes.WIDTH, rows.vocabulary() - at), vector);
    return vector[i - at];
  }

  /** The largest of the entries {@code from .. to - 1}; NaN if one is NaN. Bounds as for {@link #walk}. */
  public float max(int from, int to, MaxLoop.Watch watch) {
    float max = Float.NEGATIVE_INFINITY;
    walk(from, to, Float.NEGATIVE_INFINITY);
    while (next()) {
      max = Math.max(max, MaxLoop.of(source).max(base, start, this.from, this.to, watch));
    }
    return max;
  }

  /** The first of the entries {@code from .. to - 1} that has a value above -inf; -1 if none has it. */
  public int indexOf(float value, int from, int to) {
    int index = -1;
    walk(from, to, Float.NEGATIVE_INFINITY);
    while (index < 0 && next()) {
      index = IndexLoop.of(source).first(base, start, this.from, this.to, value);
    }
    return index;
  }
}
