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
  private static final double CANCELLED = 0.5;

  /** The Jensen-Shannon divergence of disjoint distributions, which the rounding of its sum may exceed in the seventh digit. */
  static final double LN2 = StrictMath.log(2);

  /** From here on floats are whole numbers. */
  private static final double WHOLE = 0x1p24;

  private final VectorEngine engine;

  // What the pieces of the current pass are read for.
  private Rows xRows;
  private Rows yRows;
  private long index;
  private float xReference;
  private float yReference;
  private float ratio;
  private float offset;
  private float offsetRest;
  private float offsetLast;
  private DivergenceLoop divergence;
  private final Team.Pass read = this::readPiece;
  private final Team.Pass sumTerms = this::sumPiece;

  private PairPiece[] pieces = {new PairPiece()};
  private int count;

  private double a;
  private double b;
  private double c;
  private double xLogUnit;
  private double yLogUnit;

  Pair(VectorEngine engine) {
    this.engine = engine;
  }

  /** {@code KL(p||q)}. */
  double klDivergence(Rows p, Rows q, long row) {
    if (!read(p, q, row)) {
      return Double.NaN;
    }
    for (int i = 0; i < count; i++) {
      if (pieces[i].mismatches > 0) {
        return Double.POSITIVE_INFINITY;
      }
    }
    double difference = c / a + (xReference - xLogUnit) - (yReference - yLogUnit);
    double normalisers = StrictMath.log(a) - StrictMath.log(b);
    double kl = difference - normalisers;
    return kl > 1 + CANCELLED * Math.abs(c / a) ? kl : sumTerms(DivergenceLoop.KL);
  }

  /** The Jensen-Shannon divergence. */
  double jensenShannon(Rows p, Rows q, long row) {
    return read(p, q, row) ? Math.min(sumTerms(DivergenceLoop.JENSEN_SHANNON), LN2) : Double.NaN;
  }

  private void readPiece(int i, Engine by) {
    Scratch scratch = scratch(by);
    pieces[i].read(scratch.x, scratch.y, i * Piece.SIZE, end(i), scratch.tile);
  }

  /** The scratch memory of an engine, its cursors at the two rows. */
  private Scratch scratch(Engine by) {
    Scratch scratch = ((VectorEngine) by).scratch;
    Row.at(scratch.x, xRows, scratch.y, yRows, index);
    return scratch;
  }

  private int end(int i) {
    return Math.min((i + 1) * Piece.SIZE, xRows.vocabulary);
  }

  /** Reads both rows and adds up their pieces; false if one of them is no distribution. */
  private boolean read(Rows p, Rows q, long row) {
    xRows = p;
    yRows = q;
    index = row;
    count = Piece.count(p.vocabulary);
    if (pieces.length < count) {
      pieces = new PairPiece[count];
      for (int i = 0; i < count; i++) {
        pieces[i] = new PairPiece();
      }
    }
    engine.each(count, read);
    a = 0;
    b = 0;
    c = 0;
    xLogUnit = Double.NEGATIVE_INFINITY;
    yLogUnit = Double.NEGATIVE_INFINITY;
    xReference = Float.NEGATIVE_INFINITY;
    yReference = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      PairPiece piece = pieces[i];
      if (piece.invalid) {
        return false;
      }
      xLogUnit = piece.a > 0 ? Math.max(xLogUnit, piece.xLogUnit) : xLogUnit;
      yLogUnit = piece.b > 0 ? Math.max(yLogUnit, piece.yLogUnit) : yLogUnit;
      xReference = piece.a > 0 ? Math.max(xReference, piece.xReference) : xReference;
      yReference = piece.b > 0 ? Math.max(yReference, piece.yReference) : yReference;
    }
    for (int i = 0; i < count; i++) {
      PairPiece piece = pieces[i];
      double xFactor = piece.xLogUnit == xLogUnit ? 1 : StrictMath.exp(piece.xLogUnit - xLogUnit);
      double yFactor = piece.yLogUnit == yLogUnit ? 1 : StrictMath.exp(piece.yLogUnit - yLogUnit);
      a += piece.a == 0 ? 0 : piece.a * xFactor;
      b += piece.b == 0 ? 0 : piece.b * yFactor;
      double moved = ((double) piece.xReference - xReference) - ((double) piece.yReference - yReference);
      c += piece.a == 0 ? 0 : (piece.c + moved * piece.a) * xFactor;
    }
    return a > 0 && b > 0;
  }

  /** A divergence as a sum of terms that are never negative. */
  private double sumTerms(DivergenceLoop loop) {
    divergence = loop;
    Tile tile = engine.scratch.tile;
    double xUnit = tile.x.refer(xReference);
    double yUnit = tile.y.refer(yReference);
    double xMass = StrictMath.log(a) + (xLogUnit - xUnit);
    double yMass = StrictMath.log(b) + (yLogUnit - yUnit);
    ratio = (float) StrictMath.exp(xMass - yMass);
    setOffset(xReference, yReference, xMass + (xUnit - xReference) - (yMass + (yUnit - yReference)));
    engine.each(count, sumTerms);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += pieces[i].terms;
    }
    return sum / StrictMath.exp(xMass);
  }

  /**
   * The difference of the log-sum-exps as a sum of three floats: {@code x - y} of two references, huge perhaps and then exact, and
   * what is small beside it.
   */
  private void setOffset(double x, double y, double rest) {
    double difference = x - y;
    double back = difference - x;
    double lost = (x - (difference - back)) - (y + back);
    if (Math.abs(difference) < WHOLE && lost == 0) {
      offset = (float) (difference + rest);
      offsetRest = (float) (difference - offset + rest);
      offsetLast = 0;
    } else {
      offset = (float) difference;
      offsetRest = (float) (difference - offset + lost);
      offsetLast = (float) rest;
    }
  }

  private void sumPiece(int i, Engine by) {
    Scratch scratch = scratch(by);
    Tile tile = scratch.tile;
    tile.x.refer(xReference);
    tile.y.refer(yReference);
    tile.ratio = ratio;
    tile.offset = offset;
    tile.offsetRest = offsetRest;
    tile.offsetLast = offsetLast;
    pieces[i].terms = scratch.sumTerms(i * Piece.SIZE, end(i), Kind.LOGITS_LOGITS, divergence);
  }
}
