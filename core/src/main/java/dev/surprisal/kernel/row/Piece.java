package dev.surprisal.kernel.row;

import dev.surprisal.kernel.loop.MaxLoop;
import dev.surprisal.kernel.loop.MomentsLoop;
import dev.surprisal.kernel.loop.MomentsLoop.Level;
import dev.surprisal.kernel.loop.SpreadLoop;
import dev.surprisal.kernel.storage.Cursor;
import dev.surprisal.kernel.storage.Scratch;
import dev.surprisal.kernel.storage.SpanSums;
import dev.surprisal.kernel.scalar.DoubleMath;
import dev.surprisal.kernel.scalar.Exp;
import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;

/**
 * Sums over one piece of a row of logits, from one read. The span (or block) that holds the maximum is kept apart as
 * {@code top} from the others, {@code rest}, so that it, or a block of it, can be replaced by a more exact one.
 *
 * <p>The maximum is not known beforehand. A reference is set a little above what a glance tells of it, and
 * the sums are expressed by a higher one when an entry exceeds it: the online softmax of Milakov and
 * Gimelshein (2018), with a margin.
 */
final class Piece extends SpanSums {
  /** Entries looked at for a first guess of the maximum: a quarter, but within these bounds. */
  private static final int MIN_GLANCE = 64;
  private static final int MAX_GLANCE = 1024;

  /**
   * How far, in nats, the reference is set above the maximum of the glance, and above that of a block that exceeded it.
   * Where an entry exceeds the reference its block has to be done again; but the distances that make up the entropy are
   * taken from the reference, and the nearer that is to the maximum the more digits they have.
   */
  private static final float MARGIN = 3;
  private static final float NEXT_MARGIN = 2;

  /**
   * The share of the sum over a span that must be left without its largest block for the difference to keep its digits.
   */
  private static final double LEAST_LEFT = 1e-5;

  /** Sums about reference and center over everything but the top, and over the top. */
  final MomentSums rest = new MomentSums();
  final MomentSums top = new MomentSums();

  /** How many entries are above the target. */
  long above;

  /** Logarithm of the unit of all sums. */
  double logUnit;

  /** NaN until an entry above -inf has been met. */
  float reference;

  /** What the sums of the variance are about. */
  float center;

  /** Distance of the largest entry below the reference, rounded; infinity if there is no entry above -inf. */
  float nearest;

  /** The entries of the top. */
  int topFrom;
  int topTo;

  /** The entries among which all are that are as near as the nearest. */
  int tiesFrom;
  int tiesTo;

  private Level level;
  private float target;

  /** The maximum of the row if it is known, else NaN. */
  private float known;

  /** Whether the careful loop is taken for the whole piece, and for the span at hand. */
  private boolean careful;
  private boolean carefully;

  /** Of the last attempt: as bits, the distance of its largest entry below the reference. */
  private int near;

  /** The sums of the last attempt, and what their squares were taken about; the same of the top. */
  private final MomentSums last = new MomentSums();
  private float middle;
  private float topMiddle;

  /**
   * Reads the entries {@code from .. to - 1} of the row that the thread's first cursor is at.
   *
   * @param max the maximum of the row if it is known, else NaN
   */
  void read(Scratch scratch, int from, int to, Level much, float countedAbove, float max) {
    level = much;
    known = max;
    target = countedAbove;
    careful = false;
    clear();
    Cursor cursor = scratch.x;
    cursor.walk(from, to, Float.NEGATIVE_INFINITY);
    while (!invalid && cursor.next()) {
      if (!isEmpty() || refer(scratch)) {
        take(scratch, cursor.from, cursor.to);
      }
    }
  }

  private void clear() {
    rest.clear();
    top.clear();
    above = 0;
    nearest = Float.POSITIVE_INFINITY;
    reference = Float.NaN;
    center = Float.NaN;
    invalid = false;
  }

  /** Whether some entry is NaN or positive infinity. */
  boolean isInvalid() {
    return invalid;
  }

  /** Whether no entry above -inf has been met. */
  boolean isEmpty() {
    return Float.isNaN(reference);
  }

  /** The largest entry, rounded. */
  double nearMax() {
    return reference - (double) nearest;
  }

  /** Takes the first reference from a glance at the span; false if the span has no entry above -inf. */
  private boolean refer(Scratch scratch) {
    if (!Float.isNaN(known)) {
      refer(known, scratch);
      return true;
    }
    Cursor cursor = scratch.x;
    int from = cursor.from;
    int to = cursor.to;
    int glance = Math.clamp((to - from) / 4 & -Lanes.WIDTH, MIN_GLANCE, MAX_GLANCE);
    float max = max(scratch, from, Math.min(from + glance, to));
    if (max == Float.NEGATIVE_INFINITY && to - from > glance) {
      max = max(scratch, from, to);
    }
    if (!(max < Float.POSITIVE_INFINITY)) {
      invalid = true;
      return false;
    }
    if (max == Float.NEGATIVE_INFINITY) {
      return false;
    }
    refer(max + MARGIN, scratch);
    return true;
  }

  private void refer(float to, Scratch scratch) {
    reference = to;
    logUnit = scratch.xScale.refer(reference);
    careful |= scratch.xScale.shift != 0;
  }

  private static float max(Scratch scratch, int from, int to) {
    Cursor cursor = scratch.x;
    return MaxLoop.of(cursor.source).max(cursor.base, cursor.start, from, to, scratch.max);
  }

  @Override
  protected void begin(Scratch scratch) {
    carefully = careful || scratch.x.isTail();
  }

  @Override
  protected int attempt(Scratch scratch, int from, int to) {
    int entries = to - from;
    MomentsLoop.Blocks blocks = scratch.moments;
    run(scratch, carefully ? Level.CAREFUL : level, from, to);
    near = blocks.nearest.min(entries);
    if (near >= 0 && (carefully || blocks.farthest.max(entries) <= Exp.FAR)) {
      return 0;
    }
    return blocks.nearest.blocksBelowZero(entries)
        | (carefully ? 0 : blocks.farthest.blocksAbove(Exp.FAR, entries));
  }

  private void run(Scratch scratch, Level much, int from, int to) {
    Cursor cursor = scratch.x;
    MomentsLoop.of(cursor.source, much)
        .add(cursor.base, cursor.start, from, to, scratch.xScale, target, Float.NaN, scratch.moments);
  }

  @Override
  protected void accept(Scratch scratch, int from, int to) {
    fold(scratch, to - from);
    spread(scratch, from, to, 0);
    count(scratch, to - from);
    add(Float.intBitsToFloat(near), from, to);
  }

  @Override
  protected void acceptBut(Scratch scratch, int from, int to, int amiss) {
    int entries = to - from;
    MomentsLoop.Blocks blocks = scratch.moments;
    blocks.forget(amiss);
    near = blocks.nearest.min(entries);
    if (near == Integer.MAX_VALUE) {
      return;
    }
    count(scratch, entries);
    int nearestBlock = blocks.nearest.blockOf(near);
    fold(scratch, nearestBlock, last);
    spread(scratch, from, to, ~(1 << nearestBlock));
    float distance = Float.intBitsToFloat(near);
    int blockFrom = from + nearestBlock * Sizes.BLOCK;
    add(distance, blockFrom, Math.min(blockFrom + Sizes.BLOCK, to));
    if (distance == nearest) {
      tiesTo = to; // another block may have an entry as near
    }
    fold(scratch, entries);
    spread(scratch, from, to, amiss | 1 << nearestBlock);
    rest.add(last);
  }

  @Override
  protected boolean mend(Scratch scratch, int from, int to) {
    if (near >= 0) {
      carefully = true;
      // A block alone may be an exception; a whole span like this tells what the row is like.
      careful |= to - from > Sizes.BLOCK;
      return true;
    }
    float max = max(scratch, from, to);
    if (!(max < Float.POSITIVE_INFINITY)) {
      invalid = true;
      return false;
    }
    rebase(max, scratch);
    carefully |= careful;
    return true;
  }

  /** Takes a new reference above the old one, and expresses what is summed so far by it. */
  private void rebase(float max, Scratch scratch) {
    double oldUnit = logUnit;
    double old = reference;
    refer(max + NEXT_MARGIN, scratch);
    double factor = DoubleMath.exp(oldUnit - logUnit);
    rest.scale(factor);
    top.scale(factor);
    rest.recenter(reference - old);
    top.recenter(reference - old);
    nearest = Float.POSITIVE_INFINITY;
  }

  /** The sums that the last attempt has left of a span. */
  private void fold(Scratch scratch, int entries) {
    MomentsLoop.Blocks blocks = scratch.moments;
    last.mass = blocks.mass.fold(entries);
    last.distance = level == Level.SUM ? 0 : blocks.distance.fold(entries);
    invalid |= Double.isNaN(last.mass + last.distance);
  }

  /** The sums that the last attempt has left of one block, which are 0 there afterwards. */
  private void fold(Scratch scratch, int block, MomentSums into) {
    MomentsLoop.Blocks blocks = scratch.moments;
    into.mass = blocks.mass.take(block);
    into.distance = level == Level.SUM ? 0 : blocks.distance.take(block);
  }

  /**
   * The squares of the last attempt, but for some blocks, a bit each, about the mean of what {@code last} has of the
   * span, and then about the center.
   */
  private void spread(Scratch scratch, int from, int to, int without) {
    last.offset = 0;
    last.square = 0;
    if (level != Level.SCORE || !(last.mass > 0)) {
      return;
    }
    middle = (float) (reference - last.distance / last.mass);
    spreadAbout(scratch, from, to, without);
  }

  private void spreadAbout(Scratch scratch, int from, int to, int without) {
    Cursor cursor = scratch.x;
    MomentsLoop.Blocks blocks = scratch.moments;
    SpreadLoop loop = SpreadLoop.of(carefully ? Source.F32_ARRAY : cursor.source);
    Object base = carefully ? blocks.kept : cursor.base;
    long start = carefully ? -from : cursor.start;
    scratch.spread.clear();
    int begun = from;
    for (int at = from; at < to; at += Sizes.BLOCK) {
      if ((without >>> (at - from) / Sizes.BLOCK & 1) != 0) {
        if (begun < at) {
          loop.add(base, start, begun, at, blocks.exponentials, from, middle, scratch.spread);
        }
        begun = at + Sizes.BLOCK;
      }
    }
    if (begun < to) {
      loop.add(base, start, begun, to, blocks.exponentials, from, middle, scratch.spread);
    }
    last.offset = scratch.spread.offset();
    last.square = scratch.spread.square();
    if (Float.isNaN(center) || last.mass > rest.mass + top.mass) {
      moveCenter(middle);
    }
    last.recenterSpread((double) center - middle);
  }

  /** Takes the mean of what has most of the mass for a center: far from the mean of the row, digits would be lost. */
  private void moveCenter(float to) {
    if (!Float.isNaN(center)) {
      rest.recenterSpread((double) to - center);
      top.recenterSpread((double) to - center);
    }
    center = to;
  }

  private void count(Scratch scratch, int entries) {
    above += level == Level.SCORE ? scratch.moments.above.sum(entries) : 0;
  }

  /** Adds the last sums, over entries of which the largest has this distance. */
  private void add(float distance, int from, int to) {
    if (distance < nearest) {
      rest.add(top);
      setTop(from, to);
      nearest = distance;
      tiesFrom = from;
      tiesTo = to;
    } else {
      rest.add(last);
    }
    if (distance == nearest) {
      tiesFrom = Math.min(tiesFrom, from);
      tiesTo = Math.max(tiesTo, to);
    }
  }

  private void setTop(int from, int to) {
    top.set(last);
    topMiddle = middle;
    topFrom = from;
    topTo = to;
  }

  /** Whether the top has this entry. */
  boolean isInTop(int at) {
    return at >= topFrom && at < topTo;
  }

  /**
   * Makes the block that has the entry {@code at}, if it is in the top span, all of the top, and the other blocks part
   * of the rest. Their sums are in the scratch memory still if it {@code holds} them; else the block is summed again,
   * and taken off the span if that leaves digits enough.
   */
  void narrowTop(Scratch scratch, int at, boolean holds) {
    int entries = topTo - topFrom;
    if (entries <= Sizes.BLOCK || at < topFrom || at >= topTo) {
      return;
    }
    int block = (at - topFrom) / Sizes.BLOCK;
    int from = topFrom + block * Sizes.BLOCK;
    int to = Math.min(from + Sizes.BLOCK, topTo);
    if (!holds && !careful) {
      sumAgain(scratch, from, to);
      fold(scratch, to - from);
      if (level == Level.SCORE) {
        middle = topMiddle; // the same floats as in the sums over the span
        spreadAbout(scratch, from, to, 0);
      }
      if (top.mass - last.mass > LEAST_LEFT * top.mass) {
        rest.addDifference(top, last);
        setTop(from, to);
        return;
      }
    }
    if (!holds) {
      sumAgain(scratch, topFrom, topTo);
    }
    fold(scratch, block, last);
    spread(scratch, topFrom, topTo, ~(1 << block));
    int spanFrom = topFrom;
    int spanTo = topTo;
    setTop(from, to);
    fold(scratch, entries);
    spread(scratch, spanFrom, spanTo, 1 << block);
    rest.add(last);
  }

  /** The sums over some entries of the top once more, in the scratch memory. */
  private void sumAgain(Scratch scratch, int from, int to) {
    scratch.x.walk(from, to, Float.NEGATIVE_INFINITY);
    scratch.x.next();
    scratch.xScale.refer(reference);
    target = Float.NaN;
    carefully = careful;
    run(scratch, careful ? Level.CAREFUL : level, from, to);
  }
}
