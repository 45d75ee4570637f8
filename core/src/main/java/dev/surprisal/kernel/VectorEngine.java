package dev.surprisal.kernel;

import dev.surprisal.kernel.MomentsLoop.Level;

/** The engine on the Vector API. */
public final class VectorEngine extends ScalarEngine {
  private final Moments moments = new Moments();
  private final RowScore score = new RowScore();

  /** The widest vectors of the processor, in bits. */
  public static int widestBits() {
    return Lanes.widestBits();
  }

  /** The vectors in use, in bits. */
  public static int vectorBits() {
    return Lanes.FLOATS.vectorBitSize();
  }

  @Override
  public double logSumExp(Rows x, long row) {
    moments.read(x, row, Level.SUM, Float.NaN);
    return moments.logSumExp();
  }

  @Override
  public double entropy(Rows x, long row) {
    moments.read(x, row, Level.ENTROPY, Float.NaN);
    return moments.entropy();
  }

  @Override
  public double crossEntropy(Rows x, long row, int target) {
    float logit = x.get(row, target);
    moments.read(x, row, Level.SUM, Float.NaN);
    return moments.surprisal(logit);
  }

  @Override
  public RowScore score(Rows x, long row, int target) {
    boolean targeted = target != RowScore.NO_TARGET;
    float logit = targeted ? x.get(row, target) : Float.NaN;
    moments.read(x, row, Level.SCORE, logit);
    score.logSumExp = moments.logSumExp();
    score.entropy = moments.entropy();
    score.varentropy = moments.variance;
    score.maxLogit = moments.max;
    score.argmax = moments.argmax;
    score.targetLogProbability = targeted ? 0 - moments.surprisal(logit) : 0;
    score.targetRank = targeted && moments.argmax >= 0 ? (int) moments.above : -1;
    return score;
  }
}
