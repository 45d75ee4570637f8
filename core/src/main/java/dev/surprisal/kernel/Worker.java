package dev.surprisal.kernel;

import dev.surprisal.kernel.pair.PairReader;
import dev.surprisal.kernel.probability.ProbabilityReader;
import dev.surprisal.kernel.row.RowReader;
import dev.surprisal.kernel.row.RowWriter;
import dev.surprisal.kernel.storage.Pieces;

/**
 * What one thread computes with: readers of rows, and their memory. Borrowed by a thread while it works, and used by
 * no two at once.
 */
public final class Worker {
  private final Pieces pieces = new Pieces();
  final RowReader row = new RowReader(pieces);
  final RowWriter writer = new RowWriter(pieces, row);
  final PairReader pair = new PairReader(pieces);
  final ProbabilityReader probability = new ProbabilityReader(pieces, row);

  /** From now on the pieces of long rows are shared with a team; null for none. */
  public void share(Pieces.Team team) {
    pieces.share(team);
  }

  /** Does a piece of a row that another worker has cut. */
  public void piece(Pieces.Pass pass, int index) {
    pass.piece(index, pieces.scratch);
  }
}
