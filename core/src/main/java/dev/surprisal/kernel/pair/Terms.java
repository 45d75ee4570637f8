package dev.surprisal.kernel.pair;

import dev.surprisal.kernel.loop.DoubleLogRatioLoop;
import dev.surprisal.kernel.loop.LogRatioLoop;
import dev.surprisal.kernel.loop.LogRatioLoop.Kind;
import dev.surprisal.kernel.storage.PairCursor;
import dev.surprisal.kernel.storage.Scratch;
import dev.surprisal.kernel.scalar.Sizes;

/**
 * A divergence as a sum over the entries of two rows whose normalisers are known, from p, q and {@code log(p/q)} of
 * each: the second read of a pair.
 */
public final class Terms {
  /** What the rows are normalised by. */
  public final LogRatioLoop.Normalisers by = new LogRatioLoop.Normalisers();

  private Kind kind;
  private Divergence divergence;
  private double base;
  private double normaliser;
  private double pScale;
  private double qScale;
  private boolean scaled;
  private final TermSums total = new TermSums();

  /** Sets which terms are to be summed, of rows of a kind. */
  public void set(Kind of, Divergence terms) {
    kind = of;
    divergence = terms;
  }

  /**
   * Sets what the logarithms of weights are taken about, in double. The weights of p count as they are, those of q are
   * scaled by the ratio.
   *
   * @param point of logits, the base of their log-sum-exp
   * @param rest the log-sum-exp less that and the logarithm of the sum of p; or the logarithm of the scale of p by that
   *     of q
   */
  public void setDouble(double point, double rest) {
    base = point;
    normaliser = rest;
    scaled = false;
  }

  /** Sets what weights of any size are scaled by in double, instead; the second scale is not for logits. */
  public void setScales(double ofP, double ofQ) {
    pScale = ofP;
    qScale = ofQ;
    scaled = true;
  }

  /** The divergence of whole rows that the thread's cursors are at, in the unit of p. */
  public double sum(Scratch scratch, double excess) {
    sum(scratch, 0, scratch.pair.vocabulary(), total);
    return divergence.finish(total, excess);
  }

  /** The sums over the entries {@code from .. to - 1} of the rows that the thread's cursors are at. */
  void sum(Scratch scratch, int from, int to, TermSums sums) {
    sums.clear();
    PairCursor cursor = scratch.pair;
    cursor.walk(from, to, kind.xPadding(), kind.yPadding());
    while (cursor.next()) {
      sumSpan(scratch, cursor);
      divergence.fold(scratch, cursor.to() - cursor.from(), sums);
    }
  }

  private void sumSpan(Scratch scratch, PairCursor cursor) {
    LogRatioLoop ratios = LogRatioLoop.of(cursor.source(), kind);
    int block = 0;
    for (int at = cursor.from(); at < cursor.to(); at += Sizes.BLOCK) {
      int end = Math.min(at + Sizes.BLOCK, cursor.to());
      ratios.read(
          cursor.x.base, cursor.x.start, cursor.y.base, cursor.y.start, at, end, by, scratch.p, scratch.q, scratch.v);
      if (kind == Kind.WEIGHTS_LOGITS) {
        toLogRatios(DoubleLogRatioLoop.Kind.LOGITS, scratch, end - at);
      } else if (kind == Kind.WEIGHTS_WEIGHTS) {
        if (scaled) {
          DoubleLogRatioLoop.of(DoubleLogRatioLoop.Kind.PROBABILITIES).scale(scratch.v, scratch.q, end - at, qScale);
        }
        toLogRatios(DoubleLogRatioLoop.Kind.PROBABILITIES, scratch, end - at);
      }
      divergence.add(scratch, scratch.p, scratch.q, scratch.v, end - at, block);
      block++;
    }
  }

  private void toLogRatios(DoubleLogRatioLoop.Kind of, Scratch scratch, int entries) {
    DoubleLogRatioLoop loop = DoubleLogRatioLoop.of(of);
    loop.replace(scratch.v, scratch.p, entries, base, normaliser);
    if (scaled) {
      loop.scale(scratch.p, scratch.p, entries, pScale);
    }
  }
}
