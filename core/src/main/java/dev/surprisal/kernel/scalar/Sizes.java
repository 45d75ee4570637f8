package dev.surprisal.kernel.scalar;

/**
 * How a row is cut, from the smallest part to the largest; {@link Lanes#WIDTH}, 16, is the first. Results depend on all
 * of them (but for {@link #FEW}) through the order of the additions, so they are the same on every machine.
 */
public final class Sizes {
  /** Rows of up to so many entries are read sixteen at a time, each in a lane of its own. */
  public static final int SHORT = 64;

  /** Of rows of up to so many entries the maximum is found first: that is cheaper than to guess it and to be wrong. */
  public static final int SMALL = 256;

  /** A chunk: entries whose sums are taken apart, 8 to a lane, before they are added to those of the block. */
  public static final int CHUNK = 128;

  /** A block: entries whose sums are kept in float, 4 chunks of them, so that rounding errors stay small. */
  public static final int BLOCK = 512;

  /** A span: what a loop reads at a time, and what stays in the first-level cache: 16 blocks, 32 kB of floats. */
  public static final int SPAN = 8192;

  /** A piece: what a thread takes of a long row at a time. */
  public static final int PIECE = 8 * SPAN;

  /** Up to so many blocks that a fast loop could not take are done again one by one; of a span with more, all. */
  public static final int FEW = 6;

  private Sizes() {}

  /** How many pieces a row of so many entries has. */
  public static int pieces(int vocabulary) {
    return (vocabulary + PIECE - 1) / PIECE;
  }
}
