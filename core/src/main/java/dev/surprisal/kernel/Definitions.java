package dev.surprisal.kernel;

import dev.surprisal.kernel.storage.Operand;
import dev.surprisal.kernel.storage.Pieces;
import dev.surprisal.kernel.storage.Rows;
import dev.surprisal.reference.ProbabilitiesReference;

/** A worker that computes by the definitions of {@code dev.surprisal.reference}, each row copied to doubles. */
public final class Definitions implements Worker {
  private double[] first = {};
  private double[] second = {};

  /** A row; weights divided by their sum. */
  double[] first(Rows rows, long row) {
    first = read(rows, row, first);
    return rows.operand() == Operand.WEIGHTS ? ProbabilitiesReference.normalize(first) : first;
  }

  /** A second row, beside the first. */
  double[] second(Rows rows, long row) {
    second = read(rows, row, second);
    return rows.operand() == Operand.WEIGHTS ? ProbabilitiesReference.normalize(second) : second;
  }

  private static double[] read(Rows rows, long row, double[] reuse) {
    double[] values = reuse.length == rows.vocabulary() ? reuse : new double[rows.vocabulary()];
    rows.read(row, values);
    return values;
  }

  @Override
  public int worthSharing() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void share(Pieces.Team team) {}

  @Override
  public void piece(Pieces.Pass pass, int index) {
    throw new IllegalStateException("definitions do not cut rows");
  }
}
