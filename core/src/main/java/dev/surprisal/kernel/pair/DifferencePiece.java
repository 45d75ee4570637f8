package dev.surprisal.kernel.pair;

import dev.surprisal.kernel.loop.DifferenceLoop;
import dev.surprisal.kernel.loop.DifferenceLoop.Variant;
import dev.surprisal.kernel.loop.MaxLoop;
import dev.surprisal.kernel.storage.Cursor;
import dev.surprisal.kernel.storage.PairCursor;
import dev.surprisal.kernel.storage.Scratch;
import dev.surprisal.kernel.storage.SpanSums;
import dev.surprisal.kernel.scalar.DoubleMath;
import dev.surprisal.kernel.scalar.Exp;
import dev.surprisal.kernel.scalar.Sizes;

/**
 * Sums over one piece of two rows of logits, from one read of both, for KL as a difference: see {@link DifferenceLoop}.
 * Each row has a reference a little above its maximum as far as it is known. Or the masses alone, for {@link Terms}.
 */
final class DifferencePiece extends SpanSums {
  /** How far, in nats, a reference is set above the maximum known, so that an entry hardly ever exceeds it. */
  static final float MARGIN = 6;

  /** Entries looked at for a first guess of the maximum. */
  private static final int GLANCE = 256;

  /** {@code sum e^x} and {@code sum e^y}, and the logarithms of their units. */
  double xMass;
  double yMass;
  double xLogUnit;
  double yLogUnit;

  /** {@code sum e^x ((x - xReference) - (y - yReference))}, in the unit of {@code xMass}. */
  double difference;

  /** {@code sum e^x |o - offset|} with the offset o that each span was summed about and the one assumed last. */
  double astray;

  /** Whether the careful loop was taken. */
  boolean rough;

  float xReference;
  float yReference;

  /** How many entries have {@code y = -inf} where {@code x} is not. */
  long mismatches;

  /** Whether logits are so large that they are reduced by a reference before the exponential is taken. */
  boolean huge;

  /**
   * What is taken off {@code x - y} in the fast loop: the nearer to the differences it is, the
   * more digits their float sums have.
   */
  float offset;

  /** Whether the masses alone are read, and whether the rows are far apart. */
  private boolean masses;
  private boolean far;

  /** The first entry not yet read. */
  private int next;

  /** Whether the careful loop is taken for the whole piece, and for the span at hand. */
  private boolean careful;
  private boolean carefully;

  /**
   * Begins a piece of the entries {@code from .. to - 1} of the rows that the thread's cursors are at.
   *
   * @param massesAlone whether nothing but the masses is wanted
   */
  void begin(Scratch scratch, int from, int to, boolean massesAlone) {
    masses = massesAlone;
    far = false;
    xMass = 0;
    yMass = 0;
    difference = 0;
    astray = 0;
    rough = false;
    mismatches = 0;
    invalid = false;
    huge = false;
    careful = false;
    next = from;
    float xMax = firstMax(scratch.x, from, to, scratch.max);
    float yMax = firstMax(scratch.y, from, to, scratch.max);
    if (!(xMax < Float.POSITIVE_INFINITY && yMax < Float.POSITIVE_INFINITY)) {
      invalid = true;
      return;
    }
    offset = xMax - yMax;
    referX(xMax, scratch);
    referY(yMax, scratch);
  }

  /** Reads on, rows that are far apart, about this offset. */
  void assumeFar(float logMassRatio) {
    far = true;
    astray += xMass * Math.abs((double) offset - logMassRatio);
    offset = logMassRatio;
  }

  /** Reads on, the masses alone. */
  void readMassesOnly() {
    masses = true;
  }

  /** Reads on, up to the entry {@code to}: a multiple of 16 or the end of both rows. */
  void read(Scratch scratch, int to) {
    scratch.xScale.refer(xReference);
    scratch.yScale.refer(yReference);
    PairCursor cursor = scratch.pair;
    cursor.walk(next, to, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY);
    while (!invalid && cursor.next()) {
      take(scratch, cursor.from(), cursor.to());
    }
    next = to;
  }

  /** Whether some entry is NaN or positive infinity. */
  boolean isInvalid() {
    return invalid;
  }

  /** The maximum of the first entries of the piece that are not all -inf; 0, as good as any, if they all are. */
  private static float firstMax(Cursor row, int from, int to, MaxLoop.Watch watch) {
    int whole = Cursor.whole(to);
    int step = GLANCE;
    for (int at = from; at < whole; at += step, step = Sizes.SPAN) {
      float max = row.max(at, Math.min(at + step, whole), watch);
      if (max != Float.NEGATIVE_INFINITY) {
        return max;
      }
    }
    float max = row.max(whole, to, watch);
    return max == Float.NEGATIVE_INFINITY ? 0 : max;
  }

  @Override
  protected void begin(Scratch scratch) {
    carefully = careful || scratch.pair.isTail();
  }

  @Override
  protected int attempt(Scratch scratch, int from, int to) {
    int entries = to - from;
    PairCursor cursor = scratch.pair;
    DifferenceLoop.Blocks blocks = scratch.difference;
    Variant variant = masses ? (carefully ? Variant.CAREFUL_MASSES : Variant.FAST_MASSES)
        : carefully ? Variant.CAREFUL
        : far ? Variant.FAST_FAR : Variant.FAST;
    DifferenceLoop.of(cursor.source(), variant).add(
        cursor.x.base, cursor.x.start, cursor.y.base, cursor.y.start, from, to,
        scratch.xScale, scratch.yScale, offset, blocks);
    boolean above = blocks.xNearest.min(entries) < 0 || blocks.yNearest.min(entries) < 0;
    boolean far = !carefully && blocks.farthest.max(entries) > Exp.FAR;
    if (!above && !far) {
      return 0;
    }
    return blocks.xNearest.blocksBelowZero(entries)
        | blocks.yNearest.blocksBelowZero(entries)
        | (far ? blocks.farthest.blocksAbove(Exp.FAR, entries) : 0);
  }

  @Override
  protected void accept(Scratch scratch, int from, int to) {
    int entries = to - from;
    DifferenceLoop.Blocks blocks = scratch.difference;
    double mass = blocks.xMass.fold(entries);
    xMass += mass;
    yMass += blocks.yMass.fold(entries);
    invalid |= Double.isNaN(xMass + yMass);
    mismatches += carefully ? blocks.mismatches.sum(entries) : 0;
    if (masses) {
      return;
    }
    double sum = blocks.difference.fold(entries);
    double off = offset - ((double) xReference - yReference);
    difference += carefully ? sum / DifferenceLoop.CAREFUL_UNIT : sum + mass * off;
    astray += carefully ? mass * Math.abs(off) : 0;
    rough |= carefully;
  }

  @Override
  protected void acceptBut(Scratch scratch, int from, int to, int amiss) {
    scratch.difference.forget(amiss);
    accept(scratch, from, to);
  }

  @Override
  protected boolean mend(Scratch scratch, int from, int to) {
    int entries = to - from;
    DifferenceLoop.Blocks blocks = scratch.difference;
    if (blocks.xNearest.min(entries) < 0) {
      double oldUnit = xLogUnit;
      double old = xReference;
      if (!referX(max(scratch.x, from, to, scratch.max), scratch)) {
        return false;
      }
      double factor = DoubleMath.exp(oldUnit - xLogUnit);
      difference = (difference - xMass * (xReference - old)) * factor;
      xMass *= factor;
      astray *= factor;
    } else if (blocks.yNearest.min(entries) < 0) {
      double oldUnit = yLogUnit;
      double old = yReference;
      if (!referY(max(scratch.y, from, to, scratch.max), scratch)) {
        return false;
      }
      difference += xMass * (yReference - old);
      yMass *= DoubleMath.exp(oldUnit - yLogUnit);
    } else {
      carefully = true;
      // A block alone may be an exception; a whole span like this tells what the rows are like.
      careful |= entries > Sizes.BLOCK;
    }
    carefully |= careful;
    return true;
  }

  private static float max(Cursor row, int from, int to, MaxLoop.Watch watch) {
    return MaxLoop.of(row.source).max(row.base, row.start, from, to, watch);
  }

  /** Sets the reference of the first row; false, and the piece invalid, if the maximum is NaN or infinity. */
  private boolean referX(float max, Scratch scratch) {
    invalid = !(max < Float.POSITIVE_INFINITY);
    xReference = max + MARGIN;
    xLogUnit = scratch.xScale.refer(xReference);
    huge |= scratch.xScale.shift != 0;
    careful |= huge;
    return !invalid;
  }

  private boolean referY(float max, Scratch scratch) {
    invalid = !(max < Float.POSITIVE_INFINITY);
    yReference = max + MARGIN;
    yLogUnit = scratch.yScale.refer(yReference);
    huge |= scratch.yScale.shift != 0;
    careful |= huge;
    return !invalid;
  }
}
