package dev.surprisal.kernel.storage;

import dev.surprisal.kernel.loop.CostLoop;
import dev.surprisal.kernel.loop.DifferenceLoop;
import dev.surprisal.kernel.loop.DivergenceLoop;
import dev.surprisal.kernel.loop.MaxLoop;
import dev.surprisal.kernel.loop.MomentsLoop;
import dev.surprisal.kernel.loop.PowerLoop;
import dev.surprisal.kernel.loop.SpreadLoop;
import dev.surprisal.kernel.loop.TangentLoop;
import dev.surprisal.kernel.loop.TotalVariationLoop;
import dev.surprisal.kernel.scalar.Scale;
import dev.surprisal.kernel.scalar.Sizes;

/** The memory of one thread: cursors, what loops leave of a span, and room for the ratios of a block of two rows. */
public final class Scratch {
  private final Decoder decoder = new Decoder();

  public final Cursor x = new Cursor(decoder);
  public final Cursor y = new Cursor(decoder);
  public final PairCursor pair = new PairCursor(x, y);

  /** The units of a row, and of the second one of a pair. */
  public final Scale xScale = new Scale();
  public final Scale yScale = new Scale();

  public final MaxLoop.Watch max = new MaxLoop.Watch();
  public final MomentsLoop.Blocks moments = new MomentsLoop.Blocks();
  public final SpreadLoop.Sums spread = new SpreadLoop.Sums();
  public final DifferenceLoop.Blocks difference = new DifferenceLoop.Blocks();
  public final TangentLoop.Blocks tangent = new TangentLoop.Blocks();
  public final CostLoop.Blocks cost = new CostLoop.Blocks();

  public final DivergenceLoop.Blocks terms = new DivergenceLoop.Blocks();
  public final TotalVariationLoop.Blocks variation = new TotalVariationLoop.Blocks();

  /** What loops make of a block of two rows. */
  public final float[] p = new float[Sizes.BLOCK];
  public final float[] q = new float[Sizes.BLOCK];
  public final float[] v = new float[Sizes.BLOCK];

  /** Of powers of two rows; made when it is first asked for. */
  private PowerLoop.Block powers;

  /** A block of two rows in double. */
  public PowerLoop.Block powers() {
    if (powers == null) {
      powers = new PowerLoop.Block();
    }
    return powers;
  }

  /** Copies the values of so many short rows, one behind the other, as floats, transformed. */
  public void copy(Rows rows, long row, int count, float[] to) {
    int vocabulary = rows.vocabulary();
    if (rows.isCompact()) {
      decoder.copy(rows, rows.start(row), count * vocabulary, to);
      return;
    }
    for (int i = 0; i < count; i++) {
      decoder.copy(rows, rows.start(row + i), vocabulary, p);
      System.arraycopy(p, 0, to, i * vocabulary, vocabulary);
    }
  }
}
