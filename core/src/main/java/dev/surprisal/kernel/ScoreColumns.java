package dev.surprisal.kernel;

import dev.surprisal.kernel.row.Moments;

/**
 * What one read of each row of logits tells, a column for each figure; see
 * {@link dev.surprisal.Scores} for their meaning.
 */
public final class ScoreColumns {
  public final double[] logSumExp;
  public final double[] entropy;
  public final double[] varentropy;
  public final double[] targetLogProbability;
  public final int[] targetRank;
  public final int[] argmax;
  public final float[] maxLogit;

  /** Room for so many rows. */
  public ScoreColumns(int rows) {
    logSumExp = new double[rows];
    entropy = new double[rows];
    varentropy = new double[rows];
    targetLogProbability = new double[rows];
    targetRank = new int[rows];
    argmax = new int[rows];
    maxLogit = new float[rows];
  }

  /** Stores what follows from the moments of a row. */
  void put(int row, Moments moments, boolean targeted) {
    logSumExp[row] = moments.logSumExp();
    entropy[row] = moments.entropy();
    varentropy[row] = moments.varentropy();
    maxLogit[row] = moments.max();
    argmax[row] = moments.argmax();
    targetLogProbability[row] = targeted ? 0 - moments.surprisal() : 0;
    targetRank[row] = targeted && moments.argmax() >= 0 ? (int) moments.above() : -1;
  }
}
