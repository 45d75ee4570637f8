package dev.surprisal.kernel;

import dev.surprisal.kernel.RatioLoop.Kind;

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
  /** A divergence below 1 and this share of what it is the difference of is summed again, for too many digits have cancelled. */
  private static final double CANCELLED = 0.3;

  private final Row x = new Row();
  private final Row y = new Row();
  private final Tile tile = new Tile();
  private final Terms terms = new Terms();
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
    return divergence > 1 + CANCELLED * Math.abs(c / a) ? divergence : sumTerms(DivergenceLoop.KL);
  }

  /** The Jensen-Shannon divergence. */
  double jensenShannon(Rows xRows, Rows yRows, long row) {
    return read(xRows, yRows, row) ? sumTerms(DivergenceLoop.JENSEN_SHANNON) : Double.NaN;
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
  private double sumTerms(DivergenceLoop divergence) {
    float xReference = Float.NEGATIVE_INFINITY;
    float yReference = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      xReference = pieces[i].a > 0 ? Math.max(xReference, pieces[i].xReference) : xReference;
      yReference = pieces[i].b > 0 ? Math.max(yReference, pieces[i].yReference) : yReference;
    }
    double xMass = StrictMath.log(a) + (xLogUnit - tile.refer(xReference));
    double yMass = StrictMath.log(b) + (yLogUnit - tile.referSecond(yReference));
    tile.ratio = (float) StrictMath.exp(xMass - yMass);
    double between = StrictMath.log(a) - StrictMath.log(b) + (xLogUnit - yLogUnit);
    tile.offset = (float) between;
    tile.offsetRest = (float) (between - tile.offset);
    double sum = terms.sum(x, y, Kind.LOGITS_LOGITS, divergence, tile);
    return sum / StrictMath.exp(xMass);
  }
}
