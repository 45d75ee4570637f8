package dev.surprisal.kernel;

import dev.surprisal.kernel.pair.PairReader;
import dev.surprisal.kernel.probability.ProbabilityReader;
import dev.surprisal.kernel.row.RowReader;
import dev.surprisal.kernel.row.RowWriter;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.storage.Pieces;
import dev.surprisal.kernel.vector.Vectors;

/** A worker that computes on the Vector API. */
public final class Kernels implements Worker {
  private final Pieces pieces = new Pieces();
  final RowReader row = new RowReader(pieces);
  final RowWriter writer = new RowWriter(pieces, row);
  final PairReader pair = new PairReader(pieces);
  final ProbabilityReader probability = new ProbabilityReader(pieces, row);

  /** The widest vectors of the processor, in bits. */
  public static int widestBits() {
    return Vectors.widestBits();
  }

  /** The vectors in use, in bits. */
  public static int vectorBits() {
    return Vectors.bits();
  }

  @Override
  public int worthSharing() {
    return Sizes.PIECE + 1;
  }

  @Override
  public void share(Pieces.Team team) {
    pieces.share(team);
  }

  @Override
  public void piece(Pieces.Pass pass, int index) {
    pass.piece(index, pieces.scratch);
  }
}
