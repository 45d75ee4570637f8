package dev.surprisal.kernel;

import dev.surprisal.kernel.RatioLoop.Kind;

/** The scratch memory of one thread: two cursors, a tile, short rows, and room for the ratios of a block of two rows. */
final class Scratch {
  final Row x = new Row();
  final Row y = new Row();
  final Tile tile = new Tile();
  final ShortRows shortRows = new ShortRows();

  /** What loops make of a block of two rows. */
  final float[] p = new float[Tile.BLOCK];
  final float[] q = new float[Tile.BLOCK];
  private final float[] v = new float[Tile.BLOCK];

  /** For the close kinds: the log-sum-exp of the logits less {@code base}, or the logarithm of the scale of p by that of q. */
  double normaliser;

  double base;

  /**
   * The terms of a divergence, summed over the entries {@code from .. to - 1} of the two rows, {@code to} a multiple of 16 or
   * their end; references, ratio and offset are set in the tile.
   */
  double sumTerms(int from, int to, Kind kind, DivergenceLoop divergence) {
    double sum = 0;
    int whole = to & -Lanes.WIDTH;
    for (int at = from; at < whole; at += Tile.SIZE) {
      int end = Math.min(at + Tile.SIZE, whole);
      x.tile(at, end);
      y.tile(at, end);
      sum += sumTerms(x.source, at, end, kind, divergence);
    }
    if (whole < to) {
      x.tail(whole, kind == Kind.LOGITS_LOGITS ? Float.NEGATIVE_INFINITY : 0);
      y.tail(whole, kind.logits ? Float.NEGATIVE_INFINITY : 0);
      sum += sumTerms(Source.F32_ARRAY, 0, Lanes.WIDTH, kind, divergence);
    }
    return sum;
  }

  private double sumTerms(Source source, int from, int to, Kind kind, DivergenceLoop divergence) {
    RatioLoop ratios = RatioLoop.of(source, kind);
    int slot = 0;
    for (int at = from; at < to; at += Tile.BLOCK) {
      int end = Math.min(at + Tile.BLOCK, to);
      ratios.read(x.base, x.start, y.base, y.start, at, end, p, q, v, tile);
      if (kind == Kind.CLOSE_PROBABILITIES_LOGITS) {
        PreciseRatio.LOGITS.replace(v, p, end - at, base, normaliser);
      } else if (kind == Kind.CLOSE_PROBABILITIES_PROBABILITIES) {
        PreciseRatio.PROBABILITIES.replace(v, p, end - at, 0, normaliser);
      }
      for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
        divergence.add(p, q, v, end - at, lane, slot, tile);
      }
      slot += Lanes.WIDTH;
    }
    return tile.fold(tile.a, to - from);
  }
}
