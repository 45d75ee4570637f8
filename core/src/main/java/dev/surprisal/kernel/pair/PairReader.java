package dev.surprisal.kernel.pair;

import dev.surprisal.kernel.loop.FloorLoop;
import dev.surprisal.kernel.loop.TangentLoop.Variant;
import dev.surprisal.kernel.loop.LogRatioLoop.Kind;
import dev.surprisal.kernel.row.ShortRows;
import dev.surprisal.kernel.storage.Cursor;
import dev.surprisal.kernel.storage.Pieces;
import dev.surprisal.kernel.storage.Rows;
import dev.surprisal.kernel.storage.Scratch;
import dev.surprisal.kernel.scalar.DoubleMath;
import dev.surprisal.kernel.scalar.Sizes;

/**
 * Reads two rows of logits, x of p and y of q, and decides how their divergence is exact. One read of
 * both gives both normalisers and
 *
 * <pre>
 *   KL(p||q) = sum p (x - y) - log sum e^x + log sum e^y
 * </pre>
 *
 * <p>which cancels unless p is far from q. Terms that are never negative do not, but need the normalisers: their
 * difference is guessed from the first entries, and what the guess was off is known after the read
 * ({@link TangentPiece}). If that was too much twice, and for other divergences always, the masses alone are read,
 * then the terms, of rows still in the cache ({@link Terms}).
 */
public final class PairReader {
  /**
   * The Jensen-Shannon divergence of disjoint distributions: an upper bound, which its rounded sum may exceed by 1e-7.
   */
  public static final double LN2 = StrictMath.log(2);

  /** What a divergence may be off as a difference, relative; and what makes that up: see docs/numerics.md. */
  private static final double ERROR = 2e-6;
  private static final double ULP = 0x1p-24;
  private static final double EXPONENTIALS = 2.6e-7;
  private static final double DIFFERENCES = 12 * ULP;
  private static final double MASSES = 2 * ULP;
  private static final double PLAIN_MASS = 8 * ULP;

  /** {@code 2 / e}: by no more does the mean of {@code |log(p/q)|} exceed the divergence, its mean. */
  private static final double OPPOSITE = 0.736;

  /** Rows whose first entries diverge by less are not taken as a difference: it would not be exact. */
  private static final double CLOSE = 2;

  /** Of those of less, few blocks have entries with probabilities far apart. */
  private static final double VERY_CLOSE = 0.03;

  /**
   * How far off offsets may be: the root of the mean square of what they were off, times the mean of {@code |v|}, which
   * is at most {@code SMALL sqrt(KL) + LARGE KL}, as a share of the divergence. Where all is read by the exact variant
   * of the loop, and elsewhere. And no offset may be off by more than {@code FARTHEST}.
   */
  private static final double ASSUMED_EXACT = 0.89;
  private static final double ASSUMED = 0.55;
  private static final double FARTHEST = 0.5;
  private static final double SMALL = 1.65;
  private static final double LARGE = 2.72;

  /**
   * What the square of the offset may be of a divergence. The rounding of {@code y - x}, 2^-24 of the
   * offset at the most where v is small beside it, times the root mean square of v, {@code sqrt(2 KL)},
   * stays below 1e-7 of the divergence.
   */
  private static final double ROUNDED = 1.4;

  private final Pieces pieces;
  private final Scratch scratch;
  private final Terms terms = new Terms();
  private final RenyiReader renyi;

  /** Made when short rows are met. */
  private ShortPairs shortPairs;

  // What is read.
  private Rows xRows;
  private Rows yRows;
  private long end;
  private long row;

  private final Pieces.Pass read = new Pieces.Pass() {
    @Override
    public void piece(int index, Scratch memory) {
      readPiece(index, memory);
    }
  };
  private final Pieces.Pass readClose = new Pieces.Pass() {
    @Override
    public void piece(int index, Scratch memory) {
      readClosePiece(index, memory);
    }
  };
  private final Pieces.Pass sumTerms = new Pieces.Pass() {
    @Override
    public void piece(int index, Scratch memory) {
      sumPiece(index, memory);
    }
  };

  private DifferencePiece[] parts = {new DifferencePiece()};
  private TangentPiece[] closeParts = {new TangentPiece()};
  private TermSums[] sums = {new TermSums()};
  private final TermSums total = new TermSums();
  private int count;

  /** Whether the first piece has been begun. */
  private boolean glanced;

  /** The difference of the log-sum-exps that the first entries suggest; NaN if they have not been read. */
  private float about;

  /** Whether the rows are read for their masses alone. */
  private boolean massesAlone;

  // How rows are read about an offset.
  private float offset;
  private Variant variant;
  private boolean assumed;

  // The sums over all pieces: see DifferencePiece.
  private double xMass;
  private double yMass;
  private double difference;
  private double astray;
  private double xLogUnit;
  private double yLogUnit;
  private float xReference;
  private float yReference;

  /** A reader for the thread whose pieces these are. */
  public PairReader(Pieces pieces) {
    this.pieces = pieces;
    this.scratch = pieces.scratch;
    this.renyi = new RenyiReader(pieces);
  }

  /**
   * Prepares to read rows, up to {@code to - 1}, none of which changes from now on: a reader may read
   * more of them than it is asked for.
   */
  public void open(Rows p, Rows q, long to) {
    xRows = p;
    yRows = q;
    end = to;
    if (shortPairs != null) {
      shortPairs.clear();
    }
  }

  private ShortPairs shortPairs() {
    if (shortPairs == null) {
      shortPairs = new ShortPairs();
    }
    return shortPairs;
  }

  /** {@code KL(p||q)} of a row. */
  public double klDivergence(long index) {
    int vocabulary = xRows.vocabulary();
    if (ShortRows.areShort(vocabulary)) {
      return shortPairs().klDivergence(xRows, yRows, index, end, scratch);
    }
    begin(index);
    open(scratch);
    int glance = Math.clamp(Cursor.whole(vocabulary / 4), Sizes.BLOCK, Sizes.SPAN);
    glance = Math.min(glance, vocabulary);
    massesAlone = false;
    parts[0].begin(scratch, 0, pieceEnd(0), false);
    parts[0].read(scratch, glance);
    glanced = true;
    boolean far = true;
    if (add(1)) {
      double estimate = asDifference();
      far = !(estimate < CLOSE);
      about = (float) logMassRatio();
      if (!far && !parts[0].huge && parts[0].mismatches == 0) {
        double close = aboutOffset(estimate);
        if (!Double.isNaN(close)) {
          return close;
        }
      }
    }
    massesAlone = !far;
    pieces.each(count, read);
    if (!add(count)) {
      return Double.NaN;
    }
    for (int i = 0; i < count; i++) {
      if (parts[i].mismatches > 0) {
        return Double.POSITIVE_INFINITY;
      }
    }
    double kl = asDifference();
    if (far && isExact(kl)) {
      return kl;
    }
    double sum = sumTerms(Divergence.KL);
    // Of logits further apart than the largest float no term is finite, and the difference has one sign.
    return sum < Double.POSITIVE_INFINITY || !far ? sum : kl;
  }

  /** The Jensen-Shannon divergence of a row. */
  public double jensenShannon(long index) {
    return Math.min(ofTerms(Divergence.JENSEN_SHANNON, index), LN2);
  }

  /** The total variation distance of a row. */
  public double totalVariation(long index) {
    return Math.clamp(ofTerms(Divergence.TOTAL_VARIATION, index), 0, 1);
  }

  /** The Rényi divergence of an order other than 1 of a row. */
  public double renyiDivergence(double order, long index) {
    return renyi.ofLogits(xRows, yRows, index, order);
  }

  /** A divergence of a row that is never taken as a difference: the normalisers first, then the terms. */
  private double ofTerms(Divergence divergence, long index) {
    if (ShortRows.areShort(xRows.vocabulary())) {
      return shortPairs().divergence(divergence, xRows, yRows, index, end, scratch);
    }
    begin(index);
    return readTerms(divergence);
  }

  /** A divergence of the row at hand as a sum of terms: a read for the masses alone, compensated, and one for these. */
  private double readTerms(Divergence divergence) {
    massesAlone = true;
    pieces.each(count, read);
    return add(count) ? sumTerms(divergence) : Double.NaN;
  }

  private void begin(long index) {
    row = index;
    glanced = false;
    about = Float.NaN;
    count = Sizes.pieces(xRows.vocabulary());
    if (parts.length < count) {
      parts = new DifferencePiece[count];
      closeParts = new TangentPiece[count];
      sums = new TermSums[count];
      for (int i = 0; i < count; i++) {
        parts[i] = new DifferencePiece();
        closeParts[i] = new TangentPiece();
        sums[i] = new TermSums();
      }
    }
  }

  private void open(Scratch mine) {
    mine.pair.open(xRows, yRows, row);
  }

  private int pieceEnd(int i) {
    return Math.min((i + 1) * Sizes.PIECE, xRows.vocabulary());
  }

  private void readPiece(int i, Scratch mine) {
    open(mine);
    if (i > 0 || !glanced) {
      parts[i].begin(mine, i * Sizes.PIECE, pieceEnd(i), massesAlone);
    }
    if (massesAlone) {
      parts[i].readMassesOnly();
    } else if (!Float.isNaN(about)) {
      parts[i].assumeFar(about);
    }
    parts[i].read(mine, pieceEnd(i));
  }

  /** Adds up the first pieces as far as they have been read; false if one of the rows is no distribution. */
  private boolean add(int some) {
    xMass = 0;
    yMass = 0;
    difference = 0;
    astray = 0;
    xLogUnit = Double.NEGATIVE_INFINITY;
    yLogUnit = Double.NEGATIVE_INFINITY;
    xReference = Float.NEGATIVE_INFINITY;
    yReference = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < some; i++) {
      DifferencePiece piece = parts[i];
      if (piece.isInvalid()) {
        return false;
      }
      xLogUnit = piece.xMass > 0 ? Math.max(xLogUnit, piece.xLogUnit) : xLogUnit;
      yLogUnit = piece.yMass > 0 ? Math.max(yLogUnit, piece.yLogUnit) : yLogUnit;
      xReference = piece.xMass > 0 ? Math.max(xReference, piece.xReference) : xReference;
      yReference = piece.yMass > 0 ? Math.max(yReference, piece.yReference) : yReference;
    }
    for (int i = 0; i < some; i++) {
      DifferencePiece piece = parts[i];
      double xFactor = piece.xLogUnit == xLogUnit ? 1 : DoubleMath.exp(piece.xLogUnit - xLogUnit);
      double yFactor = piece.yLogUnit == yLogUnit ? 1 : DoubleMath.exp(piece.yLogUnit - yLogUnit);
      xMass += piece.xMass == 0 ? 0 : piece.xMass * xFactor;
      yMass += piece.yMass == 0 ? 0 : piece.yMass * yFactor;
      double moved = ((double) piece.xReference - xReference) - ((double) piece.yReference - yReference);
      difference += piece.xMass == 0 ? 0 : (piece.difference + moved * piece.xMass) * xFactor;
      double apart = Math.abs((double) piece.offset - parts[0].offset);
      astray += piece.xMass == 0 ? 0 : (piece.astray + piece.xMass * apart) * xFactor;
    }
    return xMass > 0 && yMass > 0;
  }

  /** The divergence as the difference of what has been summed so far. */
  private double asDifference() {
    return difference / xMass + (xReference - xLogUnit) - (yReference - yLogUnit)
        - (DoubleMath.log(xMass) - DoubleMath.log(yMass));
  }

  /** The difference of the log-sum-exps of what has been summed so far. */
  private double logMassRatio() {
    return DoubleMath.log(xMass) + xLogUnit - (DoubleMath.log(yMass) + yLogUnit);
  }

  /**
   * Whether {@link #asDifference} is as exact as is promised, though it is a difference, by a bound of all that was
   * rounded.
   */
  private boolean isExact(double kl) {
    boolean rough = false;
    double shift = Math.abs((double) xReference - yReference);
    for (int i = 0; i < count; i++) {
      rough |= parts[i].rough;
      shift = Math.max(shift, Math.abs(parts[i].offset));
    }
    double off = Math.abs(logMassRatio() - parts[0].offset) + astray / xMass;
    double sizes = kl + OPPOSITE + off;
    double sums = kl + off + 2;
    // The careful loop takes both logits from their references first.
    double distances = rough ? 2 * (DifferencePiece.MARGIN + DoubleMath.log(xRows.vocabulary())) : 0;
    return (DIFFERENCES + EXPONENTIALS) * sizes + (MASSES + EXPONENTIALS) * sums + PLAIN_MASS
        + ULP * (shift + distances) <= ERROR * kl;
  }

  /**
   * The divergence of rows that are not far apart, {@code estimate} from those entries that have been read: about an
   * offset assumed from them, so that one read will do, or else once more about the offset found. NaN where neither is
   * exact.
   *
   * <pre>
   *   KL = tangent / mass - (s - 1 - log s)        s = sum q / sum p = 1 + (slope + tangent) / mass
   * </pre>
   */
  private double aboutOffset(double estimate) {
    offset = (float) logMassRatio();
    variant = estimate >= VERY_CLOSE ? Variant.EXACT
        : isRounded(Math.max(estimate, 0)) ? Variant.COMPENSATED : Variant.PLAIN;
    for (int i = 0; i < 2; i++) {
      assumed = i == 0;
      pieces.each(count, readClose);
      double mass = 0;
      double slope = 0;
      double tangent = 0;
      double moved = 0;
      double movedSquare = 0;
      double least = 0;
      double most = 0;
      boolean floored = false;
      for (int part = 0; part < count; part++) {
        TangentPiece close = closeParts[part];
        close.move(closeParts[0].offset);
        mass += close.isValid() ? close.mass : Double.NaN;
        slope += close.slope;
        tangent += close.tangent;
        moved += close.moved;
        movedSquare += close.movedSquare;
        least = Math.min(least, close.least);
        most = Math.max(most, close.most);
        floored |= close.floored;
      }
      double mean = tangent / mass;
      double excess = mean + slope / mass;
      if (!(mass < Double.POSITIVE_INFINITY && mean < Double.POSITIVE_INFINITY && excess > -1)) {
        return Double.NaN;
      }
      double logMasses = DoubleMath.log1p(excess);
      double assumed = excess - logMasses;
      double kl = mean - assumed;
      boolean rounded = variant == Variant.PLAIN && isRounded(kl);
      if (floored && !(kl > FloorLoop.LEAST)) {
        return Double.NaN;
      }
      double found = closeParts[0].offset - logMasses - offset;
      double off = movedSquare / mass - found * (2 * moved / mass - found);
      boolean isFar = Math.max(most - found, found - least) > FARTHEST;
      if (1 + excess > TangentPiece.LEAST && isAssumable(off, kl) && !isFar && !rounded) {
        return kl;
      }
      variant = rounded ? Variant.COMPENSATED : variant;
      offset = (float) (closeParts[0].offset - logMasses);
    }
    return Double.NaN;
  }

  /** Whether offsets were near enough for a divergence that has been found about them. */
  private boolean isAssumable(double off, double kl) {
    double root = Math.sqrt(Math.max(kl, 0));
    return Math.sqrt(Math.max(off, 0)) * (SMALL + LARGE * root)
        <= (variant == Variant.EXACT ? ASSUMED_EXACT : ASSUMED) * root;
  }

  /**
   * Whether a difference of logits that was rounded before the offset was taken off it could show in the divergence.
   */
  private boolean isRounded(double kl) {
    return (double) offset * offset > ROUNDED * kl;
  }

  private void readClosePiece(int i, Scratch mine) {
    open(mine);
    closeParts[i].read(mine, i * Sizes.PIECE, pieceEnd(i), xReference, offset, variant, assumed);
  }

  /** A divergence as a sum of terms, in the unit of p, from a second read. */
  private double sumTerms(Divergence divergence) {
    double xUnit = terms.by.x.refer(xReference);
    double yUnit = terms.by.y.refer(yReference);
    double xLogMass = DoubleMath.log(xMass) + (xLogUnit - xUnit);
    double yLogMass = DoubleMath.log(yMass) + (yLogUnit - yUnit);
    terms.by.ratio = (float) DoubleMath.exp(xLogMass - yLogMass);
    double apart = xLogMass + (xUnit - terms.by.x.shift) - (yLogMass + (yUnit - terms.by.y.shift));
    setOffset(apart);
    terms.set(Kind.LOGITS_LOGITS, divergence);
    addTerms();
    double misscaled = divergence.misscaled(total);
    if (misscaled != 0) {
      double more = DoubleMath.log1p(misscaled);
      terms.by.ratio = (float) DoubleMath.exp(xLogMass - yLogMass - more);
      setOffset(apart - more);
      addTerms();
    }
    return divergence.finish(total, 0) / DoubleMath.exp(xLogMass);
  }

  private void addTerms() {
    pieces.each(count, sumTerms);
    total.clear();
    for (int i = 0; i < count; i++) {
      total.add(sums[i]);
    }
  }

  private void sumPiece(int i, Scratch mine) {
    open(mine);
    terms.sum(mine, i * Sizes.PIECE, pieceEnd(i), sums[i]);
  }

  /** The difference of the log-sum-exps, less that of the shifts, as a sum of two floats. */
  private void setOffset(double apart) {
    terms.by.offset = (float) apart;
    terms.by.offsetRest = (float) (apart - terms.by.offset);
  }
}
