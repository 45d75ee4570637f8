package dev.surprisal.kernel.row;

import dev.surprisal.kernel.loop.WriteLoop;
import dev.surprisal.kernel.storage.Cursor;
import dev.surprisal.kernel.storage.Destination;
import dev.surprisal.kernel.storage.Pieces;
import dev.surprisal.kernel.storage.Rows;
import dev.surprisal.kernel.storage.Scratch;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;

/** Writes rows that follow from those that have been read and their moments: the log-probabilities. */
public final class RowWriter {
  private final Pieces pieces;
  private final RowReader reader;
  private final Pieces.Pass write = new Pieces.Pass() {
    @Override
    public void piece(int index, Scratch memory) {
      writePiece(index, memory);
    }
  };

  private Rows rows;
  private long row;
  private Destination out;

  /** The log-sum-exp as two floats: a point near the maximum, and what is left. */
  private float point;
  private float rest;

  /** A writer for the thread whose pieces these are, with the reader of the rows. */
  public RowWriter(Pieces pieces, RowReader reader) {
    this.pieces = pieces;
    this.reader = reader;
  }

  /** Writes the log-probabilities of the row that was read last, whose moments these are, to the same row of f32. */
  public void writeLogSoftmax(Rows of, long index, Moments moments, Destination to) {
    rows = of;
    row = index;
    out = to;
    point = (float) moments.base();
    rest = (float) (moments.base() - point + moments.logSum());
    if (ShortRows.areShort(rows.vocabulary())) {
      writeShort(pieces.scratch);
    } else {
      pieces.each(Sizes.pieces(rows.vocabulary()), write);
    }
  }

  private void writeShort(Scratch scratch) {
    int vocabulary = rows.vocabulary();
    ShortRows shortRows = reader.shortRows();
    int start = shortRows.start(shortRows.lane(row));
    WriteLoop.of(Source.F32_ARRAY, WriteLoop.Target.ARRAY)
        .write(shortRows.packed, start, 0, Cursor.padded(vocabulary), point, rest, scratch.p, 0);
    out.store(row, 0, scratch.p, vocabulary);
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
