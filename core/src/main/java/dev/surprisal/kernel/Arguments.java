package dev.surprisal.kernel;

import dev.surprisal.kernel.storage.Destination;
import dev.surprisal.kernel.storage.Rows;

/**
 * What a statistic is computed of, and where its results go: of these fields those that it needs. Checked by whoever
 * fills them; one object serves many calls, so that they allocate none.
 */
public final class Arguments {
  /** The target of a row that has none: -100, as elsewhere in the field. */
  public static final int IGNORE = -100;

  /** The rows, and the second ones of statistics of two. */
  public Rows x;
  public Rows y;

  /** An entry a row, or {@link #IGNORE}. */
  public int[] targets;

  /** The order of a divergence that has one. */
  public double order;

  /** A result a row; of {@link Statistic#COLUMN_SUMS} one a column. */
  public double[] out;

  /** What is known of each row. */
  public ScoreColumns scores;

  /** Rows that are written. */
  public final Destination destination = new Destination();

  /** Forgets everything. */
  public void clear() {
    x = null;
    y = null;
    targets = null;
    out = null;
    scores = null;
    destination.clear();
  }

  /** Whether threads other than the calling one may use all storage. */
  public boolean mayBeShared() {
    return x.isShared() && (y == null || y.isShared()) && destination.isShared();
  }

  /** The target of a row. Checked once more: another thread may have changed the array since the call began. */
  int target(long row) {
    int target = targets[(int) row];
    return target == IGNORE ? target : checkTarget(row, target, x.vocabulary());
  }

  /** Throws unless a target is an entry of a row. */
  private static int checkTarget(long row, int target, int vocabulary) {
    if (target < 0 || target >= vocabulary) {
      throw new IndexOutOfBoundsException(
          "row " + row + " has target " + target + ", outside the vocabulary of " + vocabulary);
    }
    return target;
  }

  /** Throws unless there is a target for each row, in its vocabulary or {@link #IGNORE}. */
  public static void checkTargets(Rows x, int[] targets) {
    if (targets.length != x.rows()) {
      throw new IllegalArgumentException(targets.length + " targets for " + x.rows() + " rows");
    }
    for (int row = 0; row < targets.length; row++) {
      if (targets[row] != IGNORE) {
        checkTarget(row, targets[row], x.vocabulary());
      }
    }
  }
}
