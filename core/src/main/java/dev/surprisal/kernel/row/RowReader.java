package dev.surprisal.kernel.row;

import dev.surprisal.kernel.loop.MomentsLoop;
import dev.surprisal.kernel.loop.MomentsLoop.Level;
import dev.surprisal.kernel.loop.SpreadLoop;
import dev.surprisal.kernel.storage.Cursor;
import dev.surprisal.kernel.storage.Pieces;
import dev.surprisal.kernel.storage.Rows;
import dev.surprisal.kernel.storage.Scratch;
import dev.surprisal.kernel.scalar.DoubleMath;
import dev.surprisal.kernel.scalar.Exp;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;

/**
 * Reads rows of logits, and decides how: short ones sixteen at a time, small ones after their maximum, long ones piece
 * by piece.
 *
 * <p>Where one entry has more than a third of the mass, sums about a center would lose what is small beside it. Then
 * the base point is the maximum itself, and the block that holds it is read once more without it.
 */
public final class RowReader {
  /** In place of a target: the row has none. */
  public static final int NO_TARGET = -1;

  /** Logarithm of the share of the mass from which on an entry is looked at apart: log(1/3). */
  private static final double DOMINANT = -1.0986;

  /** What entropy may be off, relative; and what makes that up, in the terms of docs/numerics.md. */
  private static final double ENTROPY_ERROR = 2e-6;
  private static final double ULP = 0x1p-24;
  private static final double SUM = 10 * ULP;
  private static final double TERM = 2 * ULP;
  private static final double EXPONENTIALS = 5.4e-7;

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

  /** The maximum of the row if it is read once more, else NaN. */
  private float known;

  private final Pieces.Pass read = new Pieces.Pass() {
    @Override
    public void piece(int index, Scratch memory) {
      readPiece(index, memory);
    }
  };

  private Piece[] parts = {new Piece()};
  private int count;

  /** The piece that has the maximum. */
  private Piece holder;

  /** The sums over all pieces. */
  private final MomentSums sums = new MomentSums();
  private final MomentSums part = new MomentSums();

  /** How many entries were left out of the sums for being equal to the maximum. */
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
    known = Float.NaN;
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
    parts[i].read(mine, i * Sizes.PIECE, pieceEnd(i), level, moments.target, known);
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
    sums.offset = sums.distance;
    sums.square = shortRows.columns.square[lane];
    ties = shortRows.columns.ties[lane];
    double total = shortRows.mass(lane);
    moments.set(
        moments.max, DoubleMath.log1p(sums.mass + (ties - 1)), sums.distance / total, sums.variance(total));
    if (level == Level.SCORE) {
      moments.above = shortRows.above(moments.target, lane);
      moments.argmax = shortRows.indexOf(moments.max, lane);
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
      addSpanWithoutMax(moments.target);
      moments.above += level == Level.SCORE ? scratch.moments.above.sum(cursor.to - cursor.from) : 0;
    }
    setAboutMax();
    moments.argmax = level == Level.SCORE ? cursor.indexOf(moments.max, 0, vocabulary) : -1;
  }

  /** Adds the sums about the maximum over the span that the cursor is at, without the maximum, in its unit. */
  private void addSpanWithoutMax(float target) {
    MomentsLoop.Blocks blocks = scratch.moments;
    int from = cursor.from;
    int entries = cursor.to - from;
    double logUnit = scratch.xScale.refer(moments.max);
    MomentsLoop.of(cursor.source, Level.CAREFUL).add(
        cursor.base, cursor.start, from, cursor.to, scratch.xScale, target, moments.max, blocks);
    part.clear();
    part.mass = blocks.mass.fold(entries);
    part.distance = blocks.distance.fold(entries);
    if (level == Level.SCORE && part.mass > 0) {
      float middle = (float) (moments.max - part.distance / part.mass);
      scratch.spread.clear();
      SpreadLoop.of(Source.F32_ARRAY).add(
          blocks.kept, -from, from, cursor.to, blocks.exponentials, from, middle, scratch.spread);
      part.offset = scratch.spread.offset();
      part.square = scratch.spread.square();
      part.recenterSpread((double) moments.max - middle);
    }
    part.scale(DoubleMath.exp(logUnit - moments.max));
    sums.add(part);
    ties += blocks.ties.sum(entries);
  }

  /** Makes of the pieces what is known of the row. */
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
    sums.clear();
    ties = 0;
    addPieces(first.reference, first.center, first.logUnit, null);
    moments.set(
        first.reference, DoubleMath.log(sums.mass) + (first.logUnit - first.reference), sums.distance / sums.mass,
        sums.variance(sums.mass));
    moments.moveBase((float) nearMax);
    boolean dominant = nearMax - moments.logSumExp() > DOMINANT;
    if (dominant || level == Level.SCORE) {
      findMax(nearMax, Math.ulp(first.nearest));
    }
    if (dominant) {
      int at = maxInTop();
      if (at < 0) {
        // Another span has an entry as large but for rounding. From the maximum itself distances are not rounded.
        known = moments.max;
        pieces.each(count, read);
        finish();
        return;
      }
      sumWithoutMax(at);
    }
    if (level != Level.SUM && Float.isNaN(known) && !isEntropyExact(nearMax)) {
      findMax(nearMax, Math.ulp(first.nearest));
      readAgain();
    }
  }

  /**
   * Whether the entropy is as exact as is promised, though its distances were taken from a reference above the maximum;
   * about the maximum it always is. The bound is derived in docs/numerics.md.
   */
  private boolean isEntropyExact(double nearMax) {
    double lift = 0;
    for (int i = 0; i < count; i++) {
      lift = parts[i].isEmpty() ? lift : Math.max(lift, parts[i].reference - nearMax);
    }
    double total = sums.mass + ties;
    double distance = moments.meanDistance;
    double weight = ties > 0 ? Math.abs(1 - distance) + lift : Math.abs(1 - distance - lift);
    return SUM * weight * sums.mass + (SUM + TERM) * (distance * total + lift * sums.mass)
        + EXPONENTIALS * distance * total <= ENTROPY_ERROR * moments.entropy() * total;
  }

  /** Reads the row once more, about its maximum; {@code log S} stays, so that its bits are those of other levels. */
  private void readAgain() {
    double base = moments.base;
    double logSum = moments.logSum;
    known = moments.max;
    pieces.each(count, read);
    finish();
    moments.moveBase((float) base);
    moments.keepLogSum(logSum);
  }

  /** Adds the pieces about two centers, in a unit; of one of them only what is not in its top. */
  private void addPieces(double center, double middle, double logUnit, Piece withoutTop) {
    for (int i = 0; i < count; i++) {
      Piece piece = parts[i];
      if (piece.isEmpty()) {
        continue;
      }
      part.set(piece.rest);
      if (piece != withoutTop) {
        part.add(piece.top);
      }
      part.scale(piece.logUnit == logUnit ? 1 : DoubleMath.exp(piece.logUnit - logUnit));
      part.recenter(center - piece.reference);
      if (!Float.isNaN(piece.center)) {
        part.recenterSpread(middle - piece.center);
      }
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

  /** An entry of the top that is equal to the maximum; -1 if there is none. */
  private int maxInTop() {
    return holder.isInTop(moments.argmax)
        ? moments.argmax
        : cursor.indexOf(moments.max, holder.topFrom, Math.min(holder.topTo, rows.vocabulary()));
  }

  /** The sums relative to the maximum, entries equal to it left out of the block that has this one. */
  private void sumWithoutMax(int at) {
    int vocabulary = rows.vocabulary();
    // The loop has left the sums of a row of one span in the scratch memory of this thread.
    boolean holds = vocabulary <= Sizes.SPAN && Cursor.whole(vocabulary) == vocabulary;
    holder.narrowTop(scratch, at, holds);
    cursor.walk(holder.topFrom, Math.min(holder.topTo, vocabulary), Float.NEGATIVE_INFINITY);
    cursor.next();
    sums.clear();
    ties = 0;
    addSpanWithoutMax(Float.NaN);
    addPieces(moments.max, moments.max, moments.max, holder);
    setAboutMax();
  }

  /** From sums about the maximum, in units of its exponential, that leave it and entries of that size out. */
  private void setAboutMax() {
    double total = sums.mass + ties;
    // The exponentials have drifted upward with their distance, at least that of their sum.
    double rest = sums.mass == 0 ? 0 : sums.mass * (1 + Exp.DRIFT * Math.min(0, DoubleMath.log(sums.mass)));
    moments.set(
        moments.max, DoubleMath.log1p(rest + (ties - 1)), sums.distance / total, sums.variance(total));
  }
}
