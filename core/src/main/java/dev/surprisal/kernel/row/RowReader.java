package dev.surprisal.kernel.row;

import dev.surprisal.kernel.loop.MomentsLoop;
import dev.surprisal.kernel.loop.MomentsLoop.Level;
import dev.surprisal.kernel.storage.Cursor;
import dev.surprisal.kernel.storage.Pieces;
import dev.surprisal.kernel.storage.Rows;
import dev.surprisal.kernel.storage.Scratch;
import dev.surprisal.kernel.vector.DoubleMath;
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
   * Where the terms of the variance exceed it by this factor, it is summed again about the mean (or the maximum): the
   * difference has lost two bits then.
   */
  private static final double MAX_CANCELLATION = 4;

  /**
   * Where the absolute values of the distances exceed the entropy by this factor, they are summed
   * again about the maximum.
   */
  private static final double MAX_SPREAD = 2;

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

  /** The sums over all pieces, and the absolute values that made up the distances and squares. */
  private final MomentSums sums = new MomentSums();
  private final MomentSums part = new MomentSums();
  private double absDistance;
  private double absSquare;
  private long ties;

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
    sums.mass = shortRows.columns.mass[lane];
    sums.distance = shortRows.columns.distance[lane];
    sums.square = shortRows.columns.square[lane];
    absSquare = sums.square;
    ties = shortRows.columns.ties[lane];
    setAboutMax();
    if (level == Level.SCORE) {
      moments.above = shortRows.above(moments.target, lane);
      moments.argmax = shortRows.indexOf(moments.max, lane);
      if (varianceCancelled()) {
        cursor.open(rows, row);
        count = 1;
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
    sums.clear();
    ties = 0;
    cursor.walk(0, vocabulary, Float.NEGATIVE_INFINITY);
    while (cursor.next()) {
      sumSpanWithoutMax(moments.target);
      part.distance = level == Level.SUM ? 0 : part.distance;
      part.square = level == Level.SCORE ? part.square : 0;
      sums.add(part);
      moments.above += level == Level.SCORE ? scratch.moments.above.sum(cursor.to - cursor.from) : 0;
    }
    absSquare = sums.square;
    setAboutMax();
    if (level == Level.SCORE && varianceCancelled()) {
      count = 1;
      sumAboutMean();
    }
    moments.argmax = level == Level.SCORE ? cursor.indexOf(moments.max, 0, vocabulary) : -1;
  }

  /** The sums about the maximum over the span that the cursor is at, without the maximum, in its unit. */
  private void sumSpanWithoutMax(float target) {
    MomentsLoop.Blocks blocks = scratch.moments;
    int entries = cursor.to - cursor.from;
    double logUnit = scratch.xScale.refer(moments.max);
    MomentsLoop.of(cursor.source, Level.CAREFUL).add(
        cursor.base, cursor.start, cursor.from, cursor.to, scratch.xScale, moments.max, target, moments.max, blocks);
    part.mass = blocks.mass.fold(entries);
    part.distance = blocks.distance.fold(entries);
    part.square = blocks.square.fold(entries);
    part.scale(DoubleMath.exp(logUnit - moments.max));
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
    clearSums();
    addPieces(first.center, first.logUnit, null);
    moments.set(first.center, first.logUnit, sums);
    moments.moveBase((float) nearMax);
    boolean dominant = nearMax - moments.logSumExp() > DOMINANT;
    if (dominant || level == Level.SCORE) {
      findMax(nearMax, Math.ulp(first.nearest));
    }
    if (dominant) {
      sumWithoutMax();
      return;
    }
    double total = sums.mass;
    if (level != Level.SUM && isSpread(total)) {
      if (level == Level.ENTROPY) {
        findMax(nearMax, Math.ulp(first.nearest));
      }
      sumAllAboutMax();
      total = 1 + sums.mass;
    }
    if (level == Level.SCORE && varianceCancelled(total)) {
      sumAboutMean();
    }
  }

  private void clearSums() {
    sums.clear();
    absDistance = 0;
    absSquare = 0;
  }

  /** Adds up the pieces about a center, in a unit; of one of them only what is not in its top. */
  private void addPieces(double about, double logUnit, Piece withoutTop) {
    for (int i = 0; i < count; i++) {
      Piece piece = parts[i];
      if (piece.isEmpty()) {
        continue;
      }
      boolean all = piece != withoutTop;
      double scale = piece.logUnit == logUnit ? 1 : DoubleMath.exp(piece.logUnit - logUnit);
      double shift = about - piece.center;
      part.set(piece.rest);
      if (all) {
        part.add(piece.top);
      }
      part.scale(scale);
      absDistance += (piece.absDistance - (all ? 0 : Math.abs(piece.top.distance))) * scale;
      absSquare += (piece.absSquare - (all ? 0 : piece.top.square)) * scale
          + MomentSums.recenteringTerms(shift, part.distance, part.mass);
      part.recenter(shift);
      sums.add(part);
    }
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
    clearSums();
    ties = 0;
    sumSpanWithoutMax(Float.NaN);
    sums.set(part);
    absDistance = part.distance;
    absSquare = part.square;
    addPieces(moments.max, moments.max, holder);
    // Without an entry equal to the maximum in there, another span has it: then it is counted among the rest.
    setAboutMax();
    boolean spread = level != Level.SUM && isSpread(1 + sums.mass);
    if (spread || level == Level.SCORE && varianceCancelled(1 + sums.mass)) {
      sumAllAboutMax();
    }
  }

  private void sumAllAboutMax() {
    readAbout(moments.max, moments.max);
    addPieces(moments.max, moments.max, null);
    setAboutMax();
  }

  /** The variance once more, about the mean. */
  private void sumAboutMean() {
    float mean = (float) (moments.base - moments.meanDistance);
    readAbout(mean, Float.NaN);
    addPieces(mean, mean, null);
    double distance = sums.distance / sums.mass;
    moments.variance = Math.max(0, sums.square / sums.mass - distance * distance);
  }

  private void readAbout(float about, float without) {
    center = about;
    excluded = without;
    pieces.each(count, readAbout);
    ties = 0;
    for (int i = 0; i < count; i++) {
      ties += parts[i].ties;
    }
    clearSums();
  }

  private void setAboutMax() {
    moments.setAboutMax(moments.max, restMass(), sums);
  }

  /** The mass of the entries other than the first maximum, in its unit. */
  private double restMass() {
    return sums.mass + (ties - 1);
  }

  private boolean isSpread(double total) {
    return absDistance > MAX_SPREAD * moments.entropy() * total;
  }

  /** As {@link #varianceCancelled(double)}, of sums about the maximum over all entries. */
  private boolean varianceCancelled() {
    return varianceCancelled(1 + restMass());
  }

  private boolean varianceCancelled(double total) {
    return absSquare > MAX_CANCELLATION * moments.variance * total;
  }
}
