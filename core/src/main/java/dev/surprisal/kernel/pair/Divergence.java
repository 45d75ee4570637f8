package dev.surprisal.kernel.pair;

import dev.surprisal.kernel.loop.DivergenceLoop;
import dev.surprisal.kernel.loop.TotalVariationLoop;
import dev.surprisal.kernel.storage.Scratch;

/**
 * Divergences that are sums over the entries of two rows, from p, q and {@code log(p/q)} of each: see {@link Terms}.
 */
public enum Divergence {
  /** {@code sum p log(p/q)}, as {@code sum p (e^-v - 1 + v)}. */
  KL(DivergenceLoop.Kind.KL),

  /** {@code (KL(p||m) + KL(q||m)) / 2} with {@code m = (p + q) / 2}. */
  JENSEN_SHANNON(DivergenceLoop.Kind.JENSEN_SHANNON),

  /**
   * {@code sum |p - q| / 2 = gain - e/2} with the masses' difference {@code e = sum p - sum q = gain - loss}. Where the
   * normalisers were rounded, q is scaled by some {@code 1 + d}: that takes {@code d gaining} off the gain, and
   * {@code gain - loss} is {@code e - d mass}, so d is known. What it may have put on the wrong side is at most
   * {@code d level}; where that could show, q is scaled back, and summed again.
   */
  TOTAL_VARIATION(null) {
    @Override
    void add(Scratch scratch, float[] p, float[] q, float[] v, int entries, int block) {
      TotalVariationLoop.of().add(p, q, v, entries, block, scratch.variation);
    }

    @Override
    void fold(Scratch scratch, int entries, TermSums sums) {
      sums.gain += scratch.variation.gain.fold(entries);
      sums.loss += scratch.variation.loss.fold(entries);
      sums.gaining += scratch.variation.gaining.fold(entries);
      sums.mass += scratch.variation.mass.fold(entries);
      sums.level += scratch.variation.level.fold(entries);
    }

    @Override
    void lane(Scratch scratch, int lane, TermSums sums) {
      sums.gain = scratch.variation.gain.lanes[lane];
      sums.loss = scratch.variation.loss.lanes[lane];
      sums.gaining = scratch.variation.gaining.lanes[lane];
      sums.mass = scratch.variation.mass.lanes[lane];
      sums.level = scratch.variation.level.lanes[lane];
    }

    @Override
    double misscaled(TermSums sums) {
      double d = (sums.loss - sums.gain) / sums.mass;
      return Math.abs(d) * sums.level > SHOWS * (sums.gain + sums.loss) ? d : 0;
    }

    @Override
    double finish(TermSums sums, double excess) {
      double d = sums.mass == 0 ? 0 : (excess - sums.gain + sums.loss) / sums.mass;
      return sums.gain + d * sums.gaining - excess / 2;
    }
  };

  private final DivergenceLoop.Kind loop;

  /** A divergence that is one sum of the terms of a loop; or, without one, of what the methods say. */
  Divergence(DivergenceLoop.Kind loop) {
    this.loop = loop;
  }

  /** Adds up the terms of so many entries, from the beginning of the arrays, and leaves them in the slot of a block. */
  void add(Scratch scratch, float[] p, float[] q, float[] v, int entries, int block) {
    DivergenceLoop.of(loop).add(p, q, v, entries, block, scratch.terms);
  }

  /** Adds what a span of so many entries has left in its slots. */
  void fold(Scratch scratch, int entries, TermSums sums) {
    sums.terms += scratch.terms.terms.fold(entries);
  }

  /** Takes over what is left in one lane of the first slot. */
  void lane(Scratch scratch, int lane, TermSums sums) {
    sums.terms = scratch.terms.terms.lanes[lane];
  }

  /** From this share of a distance on, what may be on the wrong side of it shows: a tenth of what it may be off. */
  private static final double SHOWS = 1e-7;

  /**
   * By how much more than 1 the second distribution has been scaled up, if that shows in the result, of
   * rows that are normalised; else 0.
   */
  double misscaled(TermSums sums) {
    return 0;
  }

  /**
   * The divergence, in the unit of the sums.
   *
   * @param excess what is known of {@code sum p - sum q}: 0 where both are normalised
   */
  double finish(TermSums sums, double excess) {
    return sums.terms;
  }
}
