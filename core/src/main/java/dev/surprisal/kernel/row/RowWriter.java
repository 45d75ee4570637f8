package dev.surprisal.kernel.row;

import dev.surprisal.kernel.loop.WriteLoop;
import dev.surprisal.kernel.storage.Cursor;
import dev.surprisal.kernel.storage.Destination;
import dev.surprisal.kernel.storage.Pieces;
import dev.surprisal.kernel.storage.Rows;
import dev.surprisal.kernel.storage.Scratch;
import dev.surprisal.kernel.vector.Sizes;
import dev.surprisal.kernel.vector.Source;

/** Writes rows that follow from those that have been read and their moments: the log-probabilities. */
public final class RowWriter {
  private final Pieces pieces;
  private final Pieces.Pass write = this::writePiece;

  private Rows rows;
  private long row;
  private Destination out;

  /** The log-sum-exp as two floats: a point near the maximum, and what is left. */
  private float point;
  private float rest;

  /** A writer for the thread whose pieces these are. */
  public RowWriter(Pieces pieces) {
    this.pieces = pieces;
  }

  /** Writes the log-probabilities of a row, whose moments these are, to the same row of f32. */
  public void writeLogSoftmax(Rows of, long index, Moments moments, Destination to) {
    rows = of;
    row = index;
    out = to;
    point = (float) moments.base();
    rest = (float) (moments.base() - point + moments.logSum());
    pieces.each(Sizes.pieces(rows.vocabulary()), write);
  }

  private void writePiece(int piece, Scratch scratch) {
    Cursor cursor = scratch.x;
    cursor.open(rows, row);
    cursor.walk(piece * Sizes.PIECE, Math.min((piece + 1) * Sizes.PIECE, rows.vocabulary()), 0);
    while (cursor.next()) {
      if (cursor.isTail()) {
        WriteLoop.of(Source.F32_ARRAY, WriteLoop.Target.ARRAY).write(
            cursor.base, cursor.start, cursor.from, cursor.to, point, rest, scratch.p, cursor.start);
        out.store(row, cursor.from, scratch.p, rows.vocabulary() - cursor.from);
      } else {
        WriteLoop.of(cursor.source, out.target()).write(
            cursor.base, cursor.start, cursor.from, cursor.to, point, rest, out.base(), out.start(row));
      }
    }
  }
}
