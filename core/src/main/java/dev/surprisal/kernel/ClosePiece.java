package dev.surprisal.kernel;

import dev.surprisal.kernel.CloseLoop.Level;

/** Sums over one piece of two rows of logits that are close, from one read of both: see {@link CloseLoop}. */
final class ClosePiece {
  /** The sums of {@link CloseLoop}. */
  double a;
  double b;
  double c;

  /** Whether every entry was one that the loop can take. */
  boolean valid;

  /** Whether some block had entries that {@link MaskLoop} was needed for. */
  boolean masked;

  private boolean compensated;

  /** Whether tiles are still tried as they are. */
  private boolean trying;

  /** Reads the entries {@code from .. to - 1} of both rows; the reference of x and the offset are set in the tile. */
  void read(Scratch scratch, int from, int to, boolean compensate) {
    a = 0;
    b = 0;
    c = 0;
    valid = true;
    masked = false;
    compensated = compensate;
    trying = true;
    Row x = scratch.x;
    Row y = scratch.y;
    int whole = to & -Lanes.WIDTH;
    for (int at = from; at < whole && valid; at += Tile.SIZE) {
      int end = Math.min(at + Tile.SIZE, whole);
      x.tile(at, end);
      y.tile(at, end);
      tile(scratch, x.source, at, end);
    }
    if (whole < to && valid) {
      float nothing = scratch.tile.x.reference - MaskLoop.NOTHING;
      x.tail(whole, nothing);
      y.tail(whole, nothing - scratch.tile.offset);
      tile(scratch, Source.F32_ARRAY, 0, Lanes.WIDTH);
    }
  }

  private void tile(Scratch scratch, Source source, int at, int end) {
    Tile tile = scratch.tile;
    int amiss = -1;
    if (trying) {
      CloseLoop.of(source, compensated ? Level.COMPENSATED : Level.PLAIN).add(scratch.x, scratch.y, at, end, tile);
      int entries = end - at;
      amiss = tile.far(entries) <= MomentsLoop.FAR ? 0 : tile.blocksAbove(tile.far, MomentsLoop.FAR, entries);
      tile.forget(amiss);
      add(entries, tile);
      trying = Integer.bitCount(amiss) <= Tile.FEW;
    }
    for (int from = at; from < end && valid; from += Tile.BLOCK, amiss >>>= 1) {
      if ((amiss & 1) != 0) {
        addMasked(scratch, source, from, Math.min(from + Tile.BLOCK, end));
      }
    }
  }

  private void addMasked(Scratch scratch, Source source, int from, int to) {
    masked = true;
    Tile tile = scratch.tile;
    Row x = scratch.x;
    Row y = scratch.y;
    MaskLoop.of(source).copy(x.base, x.start, y.base, y.start, from, to, tile, scratch.p, scratch.q);
    CloseLoop.of(Source.F32_ARRAY, Level.EXACT).add(scratch.p, scratch.q, to - from, tile);
    valid = tile.far(to - from) <= MomentsLoop.FAR;
    add(to - from, tile);
  }

  private void add(int entries, Tile tile) {
    a += tile.fold(tile.a, entries);
    b += tile.fold(tile.b, entries);
    c += tile.fold(tile.c, entries);
  }
}
