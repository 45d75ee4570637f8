package dev.surprisal.kernel.storage;

import dev.surprisal.kernel.scalar.Element;
import dev.surprisal.kernel.scalar.Source;

/** The walk over two rows side by side: as {@link Cursor}, both read by loops that take one source for both. */
public final class PairCursor {
  public final Cursor x;
  public final Cursor y;

  PairCursor(Cursor x, Cursor y) {
    this.x = x;
    this.y = y;
  }

  /** Whether both rows are one, and in the walk at hand also padded alike: read once. */
  private boolean same;
  private boolean together;

  /** Moves both cursors to a row. */
  public void open(Rows xRows, Rows yRows, long row) {
    same = xRows == yRows;
    x.open(xRows, row);
    y.open(yRows, row);
    Source source = x.sourceOfSpans();
    // Two conversions from f16 in one loop are more than the compiler inlines.
    if (source != y.sourceOfSpans() || source.element() == Element.F16) {
      x.decodeUnlessFloats();
      y.decodeUnlessFloats();
    }
  }

  /** Moves both cursors to a row that they yield as floats in arrays. */
  public void openFloats(Rows xRows, Rows yRows, long row) {
    same = xRows == yRows;
    x.openFloats(xRows, row);
    y.openFloats(yRows, row);
  }

  /** How many entries the rows have. */
  public int vocabulary() {
    return x.vocabulary();
  }

  /** Begins a walk over the entries {@code from .. to - 1}; bounds as for {@link Cursor#walk}. */
  public void walk(int from, int to, float xPadding, float yPadding) {
    x.walk(from, to, xPadding);
    y.walk(from, to, yPadding);
    together = same && xPadding == yPadding;
  }

  /** Goes on to the next span; false behind the last one. */
  public boolean next() {
    boolean more = x.next();
    if (together) {
      y.follow(x);
    } else {
      y.next();
    }
    return more;
  }

  /** Whether the span is the padded rest of the rows. */
  public boolean isTail() {
    return x.isTail();
  }

  /** What reads the span, of both rows. */
  public Source source() {
    return x.source;
  }

  /** The first entry of the span. */
  public int from() {
    return x.from;
  }

  /** One past the last entry of the span. */
  public int to() {
    return x.to;
  }
}
