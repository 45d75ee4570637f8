package dev.surprisal.kernel;

import dev.surprisal.kernel.RatioLoop.Kind;

/** Sums the terms of a divergence over two rows, stretch by stretch: {@link RatioLoop}, then {@link DivergenceLoop}. */
final class Terms {
  private final float[] p = new float[RatioLoop.STRETCH];
  private final float[] q = new float[RatioLoop.STRETCH];
  private final float[] v = new float[RatioLoop.STRETCH];

  /** The sum over the two rows; references, ratio and offset are set in the tile. */
  double sum(Row x, Row y, Kind kind, DivergenceLoop divergence, Tile tile) {
    double sum = 0;
    int vocabulary = x.vocabulary();
    int whole = vocabulary & -Lanes.WIDTH;
    for (int at = 0; at < whole; at += Tile.SIZE) {
      int end = Math.min(at + Tile.SIZE, whole);
      x.tile(at, end);
      y.tile(at, end);
      sum += sum(x, y, x.source, at, end, kind, divergence, tile);
    }
    if (whole < vocabulary) {
      x.tail(whole, kind == Kind.LOGITS_LOGITS ? Float.NEGATIVE_INFINITY : 0);
      y.tail(whole, kind == Kind.PROBABILITIES_PROBABILITIES ? 0 : Float.NEGATIVE_INFINITY);
      sum += sum(x, y, Source.F32_ARRAY, 0, Lanes.WIDTH, kind, divergence, tile);
    }
    return sum;
  }

  private double sum(
      Row x, Row y, Source source, int from, int to, Kind kind, DivergenceLoop divergence, Tile tile) {
    RatioLoop ratios = RatioLoop.of(source, kind);
    int slot = 0;
    for (int at = from; at < to; at += RatioLoop.STRETCH) {
      int end = Math.min(at + RatioLoop.STRETCH, to);
      ratios.read(x.base, x.start, y.base, y.start, at, end, p, q, v, tile);
      for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
        divergence.add(p, q, v, end - at, lane, slot, tile);
      }
      slot += Lanes.WIDTH;
    }
    return tile.fold(tile.a, to - from);
  }
}
