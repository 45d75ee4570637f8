package dev.surprisal.kernel;

import dev.surprisal.kernel.RatioLoop.Kind;

/**
 * Two rows of logits, x of p and y of q, and their divergences. One read of both gives both normalisers and
 *
 * <pre>
 *   KL(p||q) = sum p (x - y) - log sum e^x + log sum e^y
 * </pre>
 *
 * <p>which cancels where p is close to q. Terms that are never negative do not, but need the normalisers: for close rows they are
 * guessed from the first entries, and what the guess was off is known after the read ({@link CloseLoop}). Where that does not do
 * (masked entries, say), and for the Jensen-Shannon divergence always, a second read follows, of rows still in cache
 * ({@link DivergenceLoop}).
 */
final class Pair {
  /** A divergence below 1 and this share of what it is the difference of is summed again: too many digits have cancelled. */
  private static final double CANCELLED = 0.5;

  /** The Jensen-Shannon divergence of disjoint distributions, which the rounding of its sum may exceed in the seventh digit. */
  static final double LN2 = StrictMath.log(2);

  /** From this multiple of a divergence on, what is rounded off a difference of logits, 2^-24 of it at the most, would show. */
  private static final double SHIFTED = 4;

  /** Rows whose first entries diverge by less are taken for close; and nothing below is exact as a difference. */
  private static final double CLOSE = 2;

  /** The least that {@code sum q / sum p} may be about an assumed offset: of less, digits have cancelled in its difference from 1. */
  private static final double LEAST_MASS = 0.5;

  /** The share of the sum over close rows that may be due to the offset assumed. */
  private static final double ASSUMED = 1.0 / 3;

  /**
   * What the square of the offset may be of a divergence. The rounding of {@code y - x}, 2^-24 of the offset at the most where v is
   * small beside it, times the root mean square of v, {@code sqrt(2 KL)}, stays below 2e-7 of the divergence.
   */
  private static final double ROUNDED = 5.6;

  /** From here on floats are whole numbers. */
  private static final double WHOLE = 0x1p24;

  /** Rows so short that several are read at a time. */
  final ShortPairs shortPairs = new ShortPairs();

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
  private final Team.Pass readClose = this::readClosePiece;
  private final Team.Pass sumTerms = this::sumPiece;

  private PairPiece[] pieces = {new PairPiece()};
  private ClosePiece[] closePieces = {new ClosePiece()};

  /** Whether the read of close rows takes account of what is rounded off the differences of logits. */
  private boolean compensated;

  /** Whether the first piece has been begun. */
  private boolean glanced;

  /** The difference of the log-sum-exps that the first entries suggest; NaN if they have not been read. */
  private float about;
  private int count;

  private double a;
  private double b;
  private double c;
  private double spread;
  private double xLogUnit;
  private double yLogUnit;

  Pair(VectorEngine engine) {
    this.engine = engine;
  }

  /** {@code KL(p||q)}. */
  double klDivergence(Rows p, Rows q, long row) {
    if (p.vocabulary <= ShortRows.LONGEST) {
      return shortPairs.klDivergence(p, q, row);
    }
    begin(p, q, row);
    Scratch scratch = scratch(engine);
    int glance = Math.min(Math.clamp(p.vocabulary / 4 & -Lanes.WIDTH, Tile.BLOCK, Tile.SIZE), p.vocabulary);
    pieces[0].begin(scratch.x, scratch.y, 0, end(0), scratch.tile);
    pieces[0].read(scratch.x, scratch.y, glance, scratch.tile);
    glanced = true;
    if (add(1) && !pieces[0].huge && pieces[0].mismatches == 0) {
      double kl = direct();
      if (kl < CLOSE || glance == p.vocabulary) {
        if (glance == p.vocabulary && isExact(kl)) {
          return kl;
        }
        double close = close(kl);
        if (!Double.isNaN(close)) {
          return close;
        }
      }
      about = (float) logMassRatio();
    }
    engine.each(count, read);
    if (!add(count)) {
      return Double.NaN;
    }
    for (int i = 0; i < count; i++) {
      if (pieces[i].mismatches > 0) {
        return Double.POSITIVE_INFINITY;
      }
    }
    double kl = direct();
    return isExact(kl) ? kl : sumTerms(DivergenceLoop.KL);
  }

  /** The divergence as the difference of what has been summed so far. */
  private double direct() {
    return c / a + (xReference - xLogUnit) - (yReference - yLogUnit) - (Doubles.log(a) - Doubles.log(b));
  }

  /** The difference of the log-sum-exps of what has been summed so far. */
  private double logMassRatio() {
    return Doubles.log(a) + xLogUnit - (Doubles.log(b) + yLogUnit);
  }

  /** Whether no digits that count have cancelled in {@link #direct}, nor been rounded off the differences of logits. */
  private boolean isExact(double kl) {
    return kl > CLOSE && kl > 1 + CANCELLED * spread / a && Math.abs(xReference - yReference) < SHIFTED * kl;
  }

  /**
   * The divergence of close rows, {@code estimate} from those entries that have been read: about an offset assumed from them, so
   * that one read will do, or else once more about the offset found. NaN where neither is exact.
   *
   * <pre>
   *   KL = c / a - (s - 1 - log s)        s = sum q / sum p = 1 + (b + c) / a        in the sums of {@link CloseLoop}
   * </pre>
   */
  private double close(double estimate) {
    offset = (float) logMassRatio();
    compensated = isRounded(Math.max(estimate, 0));
    for (int i = 0; i < 2; i++) {
      engine.each(count, readClose);
      double closeA = 0;
      double closeB = 0;
      double closeC = 0;
      boolean masked = false;
      for (int piece = 0; piece < count; piece++) {
        ClosePiece close = closePieces[piece];
        closeA += close.valid ? close.a : Double.NaN;
        closeB += close.b;
        closeC += close.c;
        masked |= close.masked;
      }
      double mean = closeC / closeA;
      double excess = mean + closeB / closeA;
      if (!(closeA < Double.POSITIVE_INFINITY && mean < Double.POSITIVE_INFINITY && excess > -1)) {
        return Double.NaN;
      }
      double logMasses = Doubles.log1p(excess);
      double assumed = excess - logMasses;
      double kl = mean - assumed;
      boolean rounded = !compensated && isRounded(kl);
      if (masked && !(kl > MaskLoop.LEAST)) {
        return Double.NaN;
      }
      if (1 + excess > LEAST_MASS && assumed <= ASSUMED * mean && !rounded) {
        return kl;
      }
      compensated |= rounded;
      offset -= (float) logMasses;
    }
    return Double.NaN;
  }

  /** Whether a difference of logits that was rounded before the offset was taken off it could show in the divergence. */
  private boolean isRounded(double kl) {
    return (double) offset * offset > ROUNDED * kl;
  }

  private void readClosePiece(int i, Engine by) {
    Scratch scratch = scratch(by);
    scratch.tile.x.refer(xReference);
    scratch.tile.offset = offset;
    closePieces[i].read(scratch, i * Piece.SIZE, end(i), compensated);
  }

  /** The Jensen-Shannon divergence. */
  double jensenShannon(Rows p, Rows q, long row) {
    if (p.vocabulary <= ShortRows.LONGEST) {
      return shortPairs.jensenShannon(p, q, row, engine.scratch.tile);
    }
    begin(p, q, row);
    engine.each(count, read);
    return add(count) ? Math.min(sumTerms(DivergenceLoop.JENSEN_SHANNON), LN2) : Double.NaN;
  }

  private void readPiece(int i, Engine by) {
    Scratch scratch = scratch(by);
    if (i > 0 || !glanced) {
      pieces[i].begin(scratch.x, scratch.y, i * Piece.SIZE, end(i), scratch.tile);
    }
    if (!Float.isNaN(about)) {
      pieces[i].offset = about;
    }
    pieces[i].read(scratch.x, scratch.y, end(i), scratch.tile);
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

  private void begin(Rows p, Rows q, long row) {
    xRows = p;
    yRows = q;
    index = row;
    glanced = false;
    about = Float.NaN;
    count = Piece.count(p.vocabulary);
    if (pieces.length < count) {
      pieces = new PairPiece[count];
      closePieces = new ClosePiece[count];
      for (int i = 0; i < count; i++) {
        pieces[i] = new PairPiece();
        closePieces[i] = new ClosePiece();
      }
    }
  }

  /** Adds up the first pieces as far as they have been read; false if one of the rows is no distribution. */
  private boolean add(int some) {
    a = 0;
    b = 0;
    c = 0;
    spread = 0;
    xLogUnit = Double.NEGATIVE_INFINITY;
    yLogUnit = Double.NEGATIVE_INFINITY;
    xReference = Float.NEGATIVE_INFINITY;
    yReference = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < some; i++) {
      PairPiece piece = pieces[i];
      if (piece.invalid) {
        return false;
      }
      xLogUnit = piece.a > 0 ? Math.max(xLogUnit, piece.xLogUnit) : xLogUnit;
      yLogUnit = piece.b > 0 ? Math.max(yLogUnit, piece.yLogUnit) : yLogUnit;
      xReference = piece.a > 0 ? Math.max(xReference, piece.xReference) : xReference;
      yReference = piece.b > 0 ? Math.max(yReference, piece.yReference) : yReference;
    }
    for (int i = 0; i < some; i++) {
      PairPiece piece = pieces[i];
      double xFactor = piece.xLogUnit == xLogUnit ? 1 : Doubles.exp(piece.xLogUnit - xLogUnit);
      double yFactor = piece.yLogUnit == yLogUnit ? 1 : Doubles.exp(piece.yLogUnit - yLogUnit);
      a += piece.a == 0 ? 0 : piece.a * xFactor;
      b += piece.b == 0 ? 0 : piece.b * yFactor;
      double moved = ((double) piece.xReference - xReference) - ((double) piece.yReference - yReference);
      c += piece.a == 0 ? 0 : (piece.c + moved * piece.a) * xFactor;
      spread += piece.a == 0 ? 0 : piece.spread * xFactor;
    }
    return a > 0 && b > 0;
  }

  /** A divergence as a sum of terms that are never negative. */
  private double sumTerms(DivergenceLoop loop) {
    divergence = loop;
    Tile tile = engine.scratch.tile;
    double xUnit = tile.x.refer(xReference);
    double yUnit = tile.y.refer(yReference);
    double xMass = Doubles.log(a) + (xLogUnit - xUnit);
    double yMass = Doubles.log(b) + (yLogUnit - yUnit);
    ratio = (float) Doubles.exp(xMass - yMass);
    setOffset(xReference, yReference, xMass + (xUnit - xReference) - (yMass + (yUnit - yReference)));
    engine.each(count, sumTerms);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += pieces[i].terms;
    }
    return sum / Doubles.exp(xMass);
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
