package dev.surprisal.kernel;

/** What one read of a row of logits tells; see {@link dev.surprisal.Scores} for the meaning of each. */
public final class RowScore {
  /** In place of a target: the row has none. */
  public static final int NO_TARGET = -1;

  public double logSumExp;
  public double entropy;
  public double varentropy;
  public double targetLogProbability;
  public int targetRank;
  public int argmax;
  public float maxLogit;
}
