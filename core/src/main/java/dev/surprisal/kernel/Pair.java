package dev.surprisal.kernel;

import dev.surprisal.kernel.DivergenceLoop.Kind;

/**
 * Two rows of logits, x of p and y of q, and their divergences. One read of both gives both normalisers and
 *
 * <pre>
 *   KL(p||q) = sum p (x - y) - log sum e^x + log sum e^y
 * </pre>
 *
 * <p>which cancels where p is close to q. There (and for the Jensen-Shannon divergence always) a second read, of rows still in
 * cache, sums terms that are never negative: {@link DivergenceLoop}.
 */
final class Pair {
  /**
   * A divergence below this, relative to the magnitude of what it is the difference of, is summed again: 3 of its 7 digits may
   * have cancelled otherwise.
   */
  private static final double CANCELLED = 0.5;

  private final Row x = new Row();
  private final Row y = new Row();
  private final Tile tile = new Tile();
  private PairPiece[] pieces = {new PairPiece()};
  private int count;

  private double a;
  private double b;
  private double c;
  private double xLogUnit;
  private double yLogUnit;
  private double offset;

  /** {@code KL(p||q)}. */
  double klDivergence(Rows xRows, Rows yRows, long row) {
    if (!read(xRows, yRows, row)) {
      return Double.NaN;
    }
    for (int i = 0; i < count; i++) {
      if (pieces[i].mismatches > 0) {
        return Double.POSITIVE_INFINITY;
      }
    }
    double difference = c / a + offset - (xLogUnit - yLogUnit);
    double normalisers = StrictMath.log(a) - StrictMath.log(b);
    double divergence = difference - normalisers;
    return divergence > CANCELLED * (1 + Math.abs(c / a)) ? divergence : sumTerms(false);
  }

  /** The Jensen-Shannon divergence. */
  double jensenShannon(Rows xRows, Rows yRows, long row) {
    return read(xRows, yRows, row) ? sumTerms(true) : Double.NaN;
  }

  /** Reads both rows and adds up their pieces; false if one of them is no distribution. */
  private boolean read(Rows xRows, Rows yRows, long row) {
    Row.at(x, xRows, y, yRows, row);
    int vocabulary = xRows.vocabulary;
    count = (vocabulary + Piece.SIZE - 1) / Piece.SIZE;
    if (pieces.length < count) {
      pieces = new PairPiece[count];
      for (int i = 0; i < count; i++) {
        pieces[i] = new PairPiece();
      }
    }
    a = 0;
    b = 0;
    c = 0;
    xLogUnit = Double.NEGATIVE_INFINITY;
    yLogUnit = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      int from = i * Piece.SIZE;
      PairPiece piece = pieces[i];
      piece.read(x, y, from, Math.min(from + Piece.SIZE, vocabulary), tile);
      if (piece.invalid) {
        return false;
      }
      xLogUnit = piece.a > 0 ? Math.max(xLogUnit, piece.xLogUnit) : xLogUnit;
      yLogUnit = piece.b > 0 ? Math.max(yLogUnit, piece.yLogUnit) : yLogUnit;
    }
    offset = pieces[0].offset;
    for (int i = 0; i < count; i++) {
      PairPiece piece = pieces[i];
      double xFactor = piece.xLogUnit == xLogUnit ? 1 : StrictMath.exp(piece.xLogUnit - xLogUnit);
      double yFactor = piece.yLogUnit == yLogUnit ? 1 : StrictMath.exp(piece.yLogUnit - yLogUnit);
      a += piece.a == 0 ? 0 : piece.a * xFactor;
      b += piece.b == 0 ? 0 : piece.b * yFactor;
      c += piece.a == 0 ? 0 : (piece.c + (piece.offset - offset) * piece.a) * xFactor;
    }
    return a > 0 && b > 0;
  }

  /** A divergence as a sum of terms that are never negative. */
  private double sumTerms(boolean jensenShannon) {
    float xReference = Float.NEGATIVE_INFINITY;
    float yReference = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      xReference = pieces[i].a > 0 ? Math.max(xReference, pieces[i].xReference) : xReference;
      yReference = pieces[i].b > 0 ? Math.max(yReference, pieces[i].yReference) : yReference;
    }
    double xMass = StrictMath.log(a) + (xLogUnit - tile.refer(xReference));
    double yMass = StrictMath.log(b) + (yLogUnit - tile.referSecond(yReference));
    tile.ratio = (float) StrictMath.exp(xMass - yMass);
    tile.offset = (float) (StrictMath.log(a) - StrictMath.log(b) + (xLogUnit - yLogUnit));
    double sum = 0;
    int vocabulary = x.vocabulary();
    int whole = vocabulary & -Lanes.WIDTH;
    DivergenceLoop loop = DivergenceLoop.of(x.source, Kind.LOGITS_LOGITS, jensenShannon);
    for (int at = 0; at < whole; at += Tile.SIZE) {
      int end = Math.min(at + Tile.SIZE, whole);
      x.tile(at, end);
      y.tile(at, end);
      loop.add(x, y, at, end, tile);
      sum += tile.fold(tile.a, end - at);
    }
    if (whole < vocabulary) {
      x.tail(whole, Float.NEGATIVE_INFINITY);
      y.tail(whole, Float.NEGATIVE_INFINITY);
      DivergenceLoop.of(Source.F32_ARRAY, Kind.LOGITS_LOGITS, jensenShannon).add(x, y, 0, Lanes.WIDTH, tile);
      sum += tile.fold(tile.a, Lanes.WIDTH);
    }
    return sum / StrictMath.exp(xMass);
  }
}
