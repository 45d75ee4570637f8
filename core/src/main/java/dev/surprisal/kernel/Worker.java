package dev.surprisal.kernel;

import dev.surprisal.kernel.storage.Pieces;

/**
 * What one thread computes with: its memory. Borrowed by a thread while it works, and used by no two at once. Either of
 * {@link Kernels} or {@link Definitions}.
 */
public interface Worker {
  /** Entries from which on a row is worth sharing; more than any row has for a worker that cannot share. */
  int worthSharing();

  /** From now on the pieces of long rows are shared with a team; null for none. */
  void share(Pieces.Team team);

  /** Does a piece of a row that another worker has cut. */
  void piece(Pieces.Pass pass, int index);
}
