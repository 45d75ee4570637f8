package dev.surprisal.kernel.row;

import dev.surprisal.kernel.loop.ExactMomentsLoop;
import dev.surprisal.kernel.loop.MomentsLoop;
import dev.surprisal.kernel.loop.MomentsLoop.Level;
import dev.surprisal.kernel.storage.Cursor;
import dev.surprisal.kernel.storage.Pieces;
import dev.surprisal.kernel.storage.Rows;
import dev.surprisal.kernel.storage.Scratch;
import dev.surprisal.kernel.vector.DoubleMath;
import dev.surprisal.kernel.vector.Lanes;
import dev.surprisal.kernel.vector.Sizes;

/**
 * Reads rows of logits, and decides how: short ones sixteen at a time, small ones after their maximum, long ones piece
 * by piece; and what is read once more, while it is in the cache, because the sums have lost digits.
 *
 * <p>Where one entry has more than a third of the mass, sums about a center would lose what is small beside it. Then
 * the base point is the maximum itself, and the block that holds it is read once more without it.
 */
public final class RowReader {
  /** In place of a target: the row has none. */
  public static final int NO_TARGET = -1;

  /** Logarithm of the share of the mass from which on an entry is looked at apart: log(1/3). */
  private static final double DOMINANT = -1.0986;

  /**
   * Half an ulp of a float near 1, and in these units: what a sum in float may be off, relative to the absolute values
   * of its terms; with what is rounded off the terms, of distances and of squares; and what the exponentials may be
   * off, which counts twice.
   */
  private static final double ULP = 0x1p-24;
  private static final double SUM = 7 * ULP;
  private static final double DISTANCES = 9 * ULP;
  private static final double SQUARES = 11 * ULP;
  private static final double EXPONENTIALS = 2 * 2.7e-7;

  /** What entropy and varentropy may be off. */
  private static final double MAX_ENTROPY_ERROR = 1e-6;
  private static final double MAX_VARIANCE_ERROR = 2e-6;

  /** Where the squares in double of a short row exceed its variance by this factor, it is summed again. */
  private static final double MAX_CANCELLATION = 4;

  private final Pieces pieces;
  private final Scratch scratch;
  private final Cursor cursor;
  private final ShortRows shortRows = new ShortRows();
  private final Moments moments = new Moments();

  // What is read.
  private Rows rows;
  private long end;
  private Level level;
  private long row;

  // How the pieces are read again.
  private float center;
  private float excluded;

  private final Pieces.Pass read = this::readPiece;
  private final Pieces.Pass readAbout = this::readPieceAbout;

  private Piece[] parts = {new Piece()};
  private int count;

  /** The piece that has the maximum. */
  private Piece holder;

  /** The sums over all pieces, in their unit, and without so many entries that are equal to the maximum. */
  private final MomentSums sums = new MomentSums();
  private double logUnit;
  private boolean withoutMax;
  private long ties;

  /** The sums about the maximum, without it, over entries that are not taken from the pieces. */
  private final MomentSums block = new MomentSums();

  /** The piece whose top is not taken, or null. */
  private Piece topless;

  private final MomentSums part = new MomentSums();

  /** A reader for the thread whose pieces these are. */
  public RowReader(Pieces pieces) {
    this.pieces = pieces;
    this.scratch = pieces.scratch;
    this.cursor = scratch.x;
  }

  /** The short rows that are held, the one read last among them. */
  ShortRows shortRows() {
    return shortRows;
  }

  /**
   * Prepares to read rows, up to {@code to - 1}, none of which changes from now on: a reader may read
   * more of them than it is asked for.
   */
  public void open(Rows of, long to, Level much) {
    rows = of;
    end = to;
    level = much;
    shortRows.clear();
  }

  /**
   * Reads a row. The maximum, its index and the entries above the target are found for the level SCORE only.
   *
   * @param index the row
   * @param target an entry, or {@link #NO_TARGET}
   * @return valid until the next row is read
   */
  public Moments read(long index, int target) {
    row = index;
    if (ShortRows.areShort(rows.vocabulary())) {
      readShort(target);
      return moments;
    }
    cursor.open(rows, row);
    moments.target = target == NO_TARGET ? Float.NaN : cursor.value(target);
    if (rows.vocabulary() <= Sizes.SMALL) {
      readSmall();
      return moments;
    }
    count = Sizes.pieces(rows.vocabulary());
    if (parts.length < count) {
      grow();
    }
    pieces.each(count, read);
    finish();
    return moments;
  }

  private void readPiece(int i, Scratch mine) {
    mine.x.open(rows, row);
    parts[i].read(mine, i * Sizes.PIECE, pieceEnd(i), level, moments.target);
  }

  private void readPieceAbout(int i, Scratch mine) {
    mine.x.open(rows, row);
    parts[i].readAbout(mine, i * Sizes.PIECE, pieceEnd(i), center, excluded);
  }

  private int pieceEnd(int i) {
    return Math.min((i + 1) * Sizes.PIECE, rows.vocabulary());
  }

  private void grow() {
    Piece[] more = new Piece[count];
    System.arraycopy(parts, 0, more, 0, parts.length);
    for (int i = parts.length; i < count; i++) {
      more[i] = new Piece();
    }
    parts = more;
  }

  /** A row of very few entries, which is read together with others. */
  private void readShort(int target) {
    if (!shortRows.holds(row)) {
      shortRows.read(rows, row, end, scratch);
    }
    int lane = shortRows.lane(row);
    moments.target = target == NO_TARGET ? Float.NaN : shortRows.value(target, lane);
    moments.max = shortRows.columns.max[lane];
    if (!checkDistribution(moments.max)) {
      return;
    }
    double mass = shortRows.columns.mass[lane];
    double total = shortRows.columns.ties[lane] + mass;
    double distance = shortRows.columns.distance[lane] / total;
    double square = shortRows.columns.square[lane] / total;
    moments.set(moments.max, DoubleMath.log1p(mass + (shortRows.columns.ties[lane] - 1)), distance);
    moments.variance = square - distance * distance;
    if (level == Level.SCORE) {
      moments.above = shortRows.above(moments.target, lane);
      moments.argmax = shortRows.indexOf(moments.max, lane);
      if (square > MAX_CANCELLATION * moments.variance) {
        cursor.open(rows, row);
        sumAboutMean();
      }
    }
  }

  /** Whether a row with this maximum is a distribution; settles everything if it is none. */
  private boolean checkDistribution(float largest) {
    if (largest == Float.NEGATIVE_INFINITY || !(largest < Float.POSITIVE_INFINITY)) {
      moments.setNoDistribution(largest == Float.NEGATIVE_INFINITY ? largest : Float.NaN);
      return false;
    }
    return true;
  }

  /** A row of few entries: its maximum first, then the others relative to it. */
  private void readSmall() {
    int vocabulary = rows.vocabulary();
    float largest = cursor.max(0, vocabulary, scratch.max);
    if (!checkDistribution(largest)) {
      return;
    }
    moments.max = largest;
    moments.above = 0;
    beginWithoutMax();
    count = 0;
    cursor.walk(0, vocabulary, Float.NEGATIVE_INFINITY);
    while (cursor.next()) {
      addBlockWithoutMax(moments.target);
      moments.above += level == Level.SCORE ? scratch.moments.above.sum(cursor.to - cursor.from) : 0;
    }
    moments.argmax = level == Level.SCORE ? cursor.indexOf(moments.max, 0, vocabulary) : -1;
    setMoments(moments.max, moments.max);
    refine();
  }

  private void beginWithoutMax() {
    withoutMax = true;
    topless = null;
    logUnit = moments.max;
    ties = 0;
    block.clear();
  }

  /** Adds the sums about the maximum over the span that the cursor is at, without the maximum, in its unit. */
  private void addBlockWithoutMax(float target) {
    MomentsLoop.Blocks blocks = scratch.moments;
    int entries = cursor.to - cursor.from;
    double unit = scratch.xScale.refer(moments.max);
    MomentsLoop.of(cursor.source, Level.CAREFUL).add(
        cursor.base, cursor.start, cursor.from, cursor.to, scratch.xScale, moments.max, target, moments.max, blocks);
    part.mass = blocks.mass.fold(entries);
    part.distance = blocks.distance.fold(entries);
    part.square = blocks.square.fold(entries);
    part.bound(0);
    part.scale(DoubleMath.exp(unit - moments.max));
    block.add(part);
    ties += blocks.ties.sum(entries);
  }

  private void finish() {
    Piece first = null;
    moments.above = 0;
    double nearMax = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      Piece piece = parts[i];
      if (piece.isInvalid()) {
        moments.setNoDistribution(Float.NaN);
        return;
      }
      moments.above += piece.above;
      if (!piece.isEmpty() && piece.nearMax() > nearMax) {
        nearMax = piece.nearMax();
        first = piece;
      }
    }
    if (first == null) {
      moments.setNoDistribution(Float.NEGATIVE_INFINITY);
      return;
    }
    withoutMax = false;
    topless = null;
    ties = 0;
    block.clear();
    logUnit = first.logUnit;
    setMoments(first.center, (float) nearMax);
    boolean dominant = nearMax - moments.logSumExp() > DOMINANT;
    boolean found = dominant || level == Level.SCORE;
    if (found) {
      findMax(nearMax, Math.ulp(first.nearest));
    }
    if (dominant) {
      sumWithoutMax();
    }
    if (level != Level.SUM && !isEntropyExact()) {
      if (!found) {
        findMax(nearMax, Math.ulp(first.nearest));
      }
      sumAllAboutMax();
    }
    refine();
  }

  /** Sums in double what sums in float may not know well enough. */
  private void refine() {
    if (level != Level.SUM && !isEntropyExact()) {
      sumExactly(true);
    } else if (level == Level.SCORE && !setVariance()) {
      sumAboutMean();
    }
  }

  /** Adds up everything about a center. */
  private void addUp(double about) {
    sums.clear();
    part.set(block);
    if (withoutMax) {
      part.recenter(about - moments.max);
    }
    sums.add(part);
    for (int i = 0; i < count; i++) {
      Piece piece = parts[i];
      if (piece.isEmpty()) {
        continue;
      }
      part.set(piece.rest);
      if (piece != topless) {
        part.add(piece.top);
      }
      part.scale(piece.logUnit == logUnit ? 1 : DoubleMath.exp(piece.logUnit - logUnit));
      part.recenter(about - piece.center);
      sums.add(part);
    }
  }

  /** Sets all but the variance about a base point, from sums about a center: the maximum if they leave that out. */
  private void setMoments(float about, float point) {
    addUp(about);
    moments.set(point, logSum(point), meanDistance() + ((double) point - about));
  }

  /** {@code log S} about the point that everything has been added up about. */
  private double logSum(float point) {
    return withoutMax
        ? DoubleMath.log1p(sums.mass + (ties - 1))
        : DoubleMath.log(sums.mass) + (logUnit - point);
  }

  private double meanDistance() {
    return sums.distance / (sums.mass + ties);
  }

  /** Whether the entropy is as exact as it must be, by the bound that docs/numerics.md proves. */
  private boolean isEntropyExact() {
    double total = sums.mass + ties;
    return SUM * sums.mass * Math.abs(1 - meanDistance()) + DISTANCES * sums.distances
        + EXPONENTIALS * moments.meanDistance * total <= MAX_ENTROPY_ERROR * moments.entropy() * total;
  }

  /** Sets the variance from sums about the mean; returns whether it is as exact as it must be. */
  private boolean setVariance() {
    double mean = moments.base - moments.meanDistance;
    addUp(mean);
    double total = sums.mass + ties;
    double above = moments.max - mean;
    double distance = (sums.distance - ties * above) / total;
    moments.variance = Math.max(0, (sums.square + ties * above * above) / total - distance * distance);
    return (SUM + EXPONENTIALS) * moments.variance * total + SQUARES * sums.squares
        <= MAX_VARIANCE_ERROR * moments.variance * total;
  }

  /** The exact maximum and its lowest index, from the spans whose largest entry was nearest to the reference. */
  private void findMax(double nearMax, float rounding) {
    moments.max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      Piece piece = parts[i];
      // Distances were rounded: a piece a little farther may hold an entry as large, or larger.
      double tolerance = Math.max(rounding, Math.ulp(piece.nearest));
      if (piece.isEmpty() || piece.nearMax() < nearMax - tolerance) {
        continue;
      }
      int to = Math.min(piece.tiesTo, rows.vocabulary());
      for (int from = piece.tiesFrom; from < to; from += Sizes.SPAN) {
        int spanEnd = Math.min(from + Sizes.SPAN, to);
        float found = cursor.max(from, spanEnd, scratch.max);
        if (found > moments.max) {
          moments.max = found;
          moments.argmax = cursor.indexOf(found, from, spanEnd);
          holder = piece;
        }
      }
    }
  }

  /** The sums relative to the maximum, the maximum itself left out of its block. */
  private void sumWithoutMax() {
    int vocabulary = rows.vocabulary();
    // The loop has left the sums of a row of one span in the scratch memory of this thread.
    boolean holds = vocabulary <= Sizes.SPAN && Cursor.whole(vocabulary) == vocabulary;
    holder.narrowTop(scratch, moments.argmax, holds);
    cursor.walk(holder.topFrom, Math.min(holder.topTo, vocabulary), Float.NEGATIVE_INFINITY);
    cursor.next();
    // Without an entry equal to the maximum in there, another span has it: then it is counted among the others.
    beginWithoutMax();
    topless = holder;
    addBlockWithoutMax(Float.NaN);
    setMoments(moments.max, moments.max);
  }

  private void sumAllAboutMax() {
    readAbout(moments.max, moments.max);
    beginWithoutMax();
    for (int i = 0; i < count; i++) {
      ties += parts[i].ties;
    }
    addUp(moments.max);
    moments.setEntropy(logSum(moments.max), meanDistance());
  }

  /** The variance once more, about the mean. */
  private void sumAboutMean() {
    float mean = (float) (moments.base - moments.meanDistance);
    count = Sizes.pieces(rows.vocabulary());
    readAbout(mean, Float.NaN);
    withoutMax = false;
    topless = null;
    ties = 0;
    block.clear();
    logUnit = mean;
    if (!setVariance()) {
      sumExactly(false);
    }
  }

  private void readAbout(float about, float without) {
    center = about;
    excluded = without;
    pieces.each(count, readAbout);
  }

  /** The variance once more, in double, and the entropy if that is wanted. */
  private void sumExactly(boolean entropy) {
    ExactMomentsLoop.Sums exact = scratch.exactMoments;
    exact.clear();
    float mean = (float) (moments.base - moments.meanDistance);
    cursor.openFloats(rows, row);
    cursor.walk(0, rows.vocabulary(), Float.NEGATIVE_INFINITY);
    while (cursor.next()) {
      int start = (int) cursor.start;
      ExactMomentsLoop.INSTANCE.add(
          (float[]) cursor.base, start + cursor.from, start + cursor.to, moments.max, mean, exact);
    }
    double rest = Lanes.fold(exact.mass) + (Lanes.fold(exact.ties) - 1);
    double distance = Lanes.fold(exact.distance) / (1 + rest);
    double off = distance - ((double) moments.max - mean);
    if (entropy) {
      moments.setEntropy(DoubleMath.log1p(rest), distance);
    }
    moments.variance = Math.max(0, Lanes.fold(exact.square) / (1 + rest) - off * off);
  }
}
