package dev.surprisal.kernel;

/** Sums over one piece of two rows of logits that are close, from one read of both: see {@link CloseLoop}. */
final class ClosePiece {
  /** So far below the reference, in nats, an entry counts for nothing. */
  private static final float NOTHING = 86;

  /** The sums of {@link CloseLoop}. */
  double a;
  double b;
  double c;

  /** Whether every entry was one that the loop can take. */
  boolean valid;

  /** Reads the entries {@code from .. to - 1} of both rows; the reference of x and the offset are set in the tile. */
  void read(Row x, Row y, int from, int to, boolean compensated, Tile tile) {
    a = 0;
    b = 0;
    c = 0;
    valid = true;
    int whole = to & -Lanes.WIDTH;
    for (int at = from; at < whole && valid; at += Tile.SIZE) {
      int end = Math.min(at + Tile.SIZE, whole);
      x.tile(at, end);
      y.tile(at, end);
      CloseLoop.of(x.source, compensated).add(x, y, at, end, tile);
      add(end - at, tile);
    }
    if (whole < to && valid) {
      float nothing = tile.x.reference - NOTHING;
      x.tail(whole, nothing);
      y.tail(whole, nothing - tile.offset);
      CloseLoop.of(Source.F32_ARRAY, compensated).add(x, y, 0, Lanes.WIDTH, tile);
      add(Lanes.WIDTH, tile);
    }
  }

  private void add(int entries, Tile tile) {
    valid = tile.far(entries) <= MomentsLoop.FAR;
    a += tile.fold(tile.a, entries);
    b += tile.fold(tile.b, entries);
    c += tile.fold(tile.c, entries);
  }
}
