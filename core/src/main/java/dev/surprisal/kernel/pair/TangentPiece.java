package dev.surprisal.kernel.pair;

import dev.surprisal.kernel.loop.FloorLoop;
import dev.surprisal.kernel.loop.TangentLoop;
import dev.surprisal.kernel.loop.TangentLoop.Variant;
import dev.surprisal.kernel.storage.PairCursor;
import dev.surprisal.kernel.storage.Scratch;
import dev.surprisal.kernel.storage.SpanSums;
import dev.surprisal.kernel.scalar.DoubleMath;
import dev.surprisal.kernel.scalar.Exp;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;

/** Sums over one piece of two rows of logits that are close, from one read of both: see {@link TangentLoop}. */
final class TangentPiece extends SpanSums {
  /** The sums of {@link TangentLoop}. */
  double mass;
  double slope;
  double tangent;

  /** {@code sum e^x o} and {@code sum e^x o^2} with the offset o that each entry was read about, less the first one. */
  double moved;
  double movedSquare;

  /** The least and the largest offset less the first one. */
  double least;
  double most;

  /** Whether some block had entries that {@link FloorLoop} was needed for. */
  boolean floored;

  /** The least that {@code sum q / sum p} may be: below, digits have cancelled in its difference from 1. */
  static final double LEAST = 0.5;

  private float reference;
  float offset;
  private float first;
  private Variant variant;

  /** Whether the offset follows the row. */
  private boolean following;

  /** Whether spans are still tried as they are. */
  private boolean trying;

  /**
   * Reads the entries {@code from .. to - 1} of the rows that the thread's cursors are at.
   *
   * @param xReference the reference of x
   * @param about the difference of the log-sum-exps that is assumed
   * @param how what is rounded off the differences of logits, and how far they may be from the offset
   * @param assumed whether that difference is a guess, which is corrected by what is read
   */
  void read(
      Scratch scratch, int from, int to, float xReference, float about, Variant how, boolean assumed) {
    mass = 0;
    slope = 0;
    tangent = 0;
    moved = 0;
    movedSquare = 0;
    least = 0;
    most = 0;
    invalid = false;
    floored = false;
    reference = xReference;
    offset = about;
    first = about;
    variant = how;
    following = assumed;
    trying = true;
    scratch.xScale.refer(reference);
    float nothing = reference - FloorLoop.NOTHING;
    PairCursor cursor = scratch.pair;
    cursor.walk(from, to, nothing, nothing - offset);
    while (!invalid && cursor.next()) {
      take(scratch, cursor.from(), cursor.to());
    }
  }

  /** Whether every entry was one that the loop can take. */
  boolean isValid() {
    return !invalid;
  }

  @Override
  protected int attempt(Scratch scratch, int from, int to) {
    int entries = to - from;
    if (!trying) {
      return (1 << (entries + Sizes.BLOCK - 1) / Sizes.BLOCK) - 1;
    }
    PairCursor cursor = scratch.pair;
    TangentLoop.of(cursor.source(), variant).add(
        cursor.x.base, cursor.x.start, cursor.y.base, cursor.y.start, from, to,
        scratch.xScale, offset, scratch.tangent);
    return scratch.tangent.largest.max(entries) <= Exp.FAR ? 0 : scratch.tangent.largest.blocksAbove(Exp.FAR, entries);
  }

  @Override
  protected void accept(Scratch scratch, int from, int to) {
    add(scratch, to - from);
  }

  @Override
  protected void acceptBut(Scratch scratch, int from, int to, int amiss) {
    if (trying) {
      scratch.tangent.forget(amiss);
      add(scratch, to - from);
      trying = Integer.bitCount(amiss) <= Sizes.FEW;
    }
  }

  /** Always, but where there are many, further spans are not tried. */
  @Override
  protected boolean oneByOne(int amiss) {
    return true;
  }

  @Override
  protected void takeBlock(Scratch scratch, int from, int to) {
    floored = true;
    PairCursor cursor = scratch.pair;
    FloorLoop.of(cursor.source()).copy(
        cursor.x.base, cursor.x.start, cursor.y.base, cursor.y.start, from, to, reference, offset, scratch.p,
        scratch.q);
    TangentLoop.of(Source.F32_ARRAY, Variant.EXACT).add(
        scratch.p, -from, scratch.q, -from, from, to, scratch.xScale, offset, scratch.tangent);
    invalid = scratch.tangent.largest.max(to - from) > Exp.FAR;
    add(scratch, to - from);
  }

  @Override
  protected boolean mend(Scratch scratch, int from, int to) {
    takeBlock(scratch, from, to);
    return false;
  }

  private void add(Scratch scratch, int entries) {
    double more = scratch.tangent.mass.fold(entries);
    double apart = (double) offset - first;
    mass += more;
    moved += more * apart;
    movedSquare += more * apart * apart;
    least = Math.min(least, apart);
    most = Math.max(most, apart);
    slope += scratch.tangent.slope.fold(entries);
    tangent += scratch.tangent.tangent.fold(entries);
    double excess = (slope + tangent) / mass;
    if (following && excess > LEAST - 1) {
      move((float) (offset - DoubleMath.log1p(excess)));
    }
  }

  /**
   * Expresses the sums by another offset, greater by some d:
   *
   * <pre>
   *   sum e^x (e^(v+d) - 1 - (v + d)) = tangent + (e^d - 1) (tangent + slope) + (e^d - 1 - d) mass
   * </pre>
   */
  void move(float to) {
    double d = (double) to - offset;
    double growth = StrictMath.expm1(d);
    tangent += growth * (tangent + slope) + (growth - d) * mass;
    slope += d * mass;
    offset = to;
  }
}
