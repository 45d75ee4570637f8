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

  /** The Jensen-Shannon divergence of disjoint distributions, which the rounding of its sum may exceed in the seventh digit. */
  static final double LN2 = StrictMath.log(2);

  private final VectorEngine engine;

  // What the pieces of the current pass are read for.
  private Rows xRows;
  private Rows yRows;
  private long index;
  private float xReference;
  private float yReference;
  private float ratio;
  private double between;
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
  private double offset;

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
    double difference = c / a + offset - (xLogUnit - yLogUnit);
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
    for (int i = 0; i < count; i++) {
      PairPiece piece = pieces[i];
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
  private double sumTerms(DivergenceLoop loop) {
    divergence = loop;
    xReference = Float.NEGATIVE_INFINITY;
    yReference = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      xReference = pieces[i].a > 0 ? Math.max(xReference, pieces[i].xReference) : xReference;
      yReference = pieces[i].b > 0 ? Math.max(yReference, pieces[i].yReference) : yReference;
    }
    Tile tile = engine.scratch.tile;
    double xMass = StrictMath.log(a) + (xLogUnit - tile.refer(xReference));
    double yMass = StrictMath.log(b) + (yLogUnit - tile.referSecond(yReference));
    ratio = (float) StrictMath.exp(xMass - yMass);
    between = StrictMath.log(a) - StrictMath.log(b) + (xLogUnit - yLogUnit);
    engine.each(count, sumTerms);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += pieces[i].terms;
    }
    return sum / StrictMath.exp(xMass);
  }

  private void sumPiece(int i, Engine by) {
    Scratch scratch = scratch(by);
    Tile tile = scratch.tile;
    tile.refer(xReference);
    tile.referSecond(yReference);
    tile.ratio = ratio;
    tile.offset = (float) between;
    tile.offsetRest = (float) (between - tile.offset);
    pieces[i].terms = scratch.sumTerms(i * Piece.SIZE, end(i), Kind.LOGITS_LOGITS, divergence);
  }
}
