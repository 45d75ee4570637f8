package dev.surprisal.kernel.storage;

import dev.surprisal.kernel.scalar.Sizes;

/**
 * Sums over one piece, span by span, and what is done where a fast loop meets what it cannot take (a masked
 * entry, one above the reference):
 *
 * <ol>
 *   <li>the loop is run over the span, and tells the blocks amiss;
 *   <li>if there are none, its sums are accepted;
 *   <li>if there are few, the sums over the others are accepted, and each block amiss is done again alone;
 *   <li>else what is amiss is mended (another reference, a careful loop), and the span done again.
 * </ol>
 *
 * <p>Whatever is wrong with a span is found before its sums are used.
 */
public abstract class SpanSums {
  /** Whether some entry is NaN or positive infinity: then nothing more is read. */
  protected boolean invalid;

  /** Does the entries {@code from .. to - 1}, whole vectors, at which the cursors of the thread are. */
  protected final void take(Scratch scratch, int from, int to) {
    begin(scratch);
    while (true) {
      int amiss = attempt(scratch, from, to);
      if (amiss == 0) {
        accept(scratch, from, to);
        return;
      }
      if (to - from > Sizes.BLOCK && oneByOne(amiss)) {
        acceptBut(scratch, from, to, amiss);
        for (int left = amiss; left != 0 && !invalid; left &= left - 1) {
          int block = from + Integer.numberOfTrailingZeros(left) * Sizes.BLOCK;
          takeBlock(scratch, block, Math.min(block + Sizes.BLOCK, to));
        }
        return;
      }
      if (!mend(scratch, from, to)) {
        return;
      }
    }
  }

  /** A span is begun. */
  protected void begin(Scratch scratch) {}

  /** Runs the loop; returns the blocks, a bit each, whose sums must not be used. */
  protected abstract int attempt(Scratch scratch, int from, int to);

  /** Adds what the last attempt has left. */
  protected abstract void accept(Scratch scratch, int from, int to);

  /** Adds what the last attempt has left, but for the blocks amiss. */
  protected abstract void acceptBut(Scratch scratch, int from, int to, int amiss);

  /** Whether the blocks amiss are to be done one by one: exceptions, not what the span is like. */
  protected boolean oneByOne(int amiss) {
    return Integer.bitCount(amiss) <= Sizes.FEW;
  }

  /** Does a block that was amiss. */
  protected void takeBlock(Scratch scratch, int from, int to) {
    take(scratch, from, to);
  }

  /** Sees to it that the next attempt takes more; false if the span is done with. */
  protected abstract boolean mend(Scratch scratch, int from, int to);
}
