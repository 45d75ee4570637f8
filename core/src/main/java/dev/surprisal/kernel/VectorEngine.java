package dev.surprisal.kernel;

import dev.surprisal.kernel.MomentsLoop.Level;

/** The engine on the Vector API. */
public final class VectorEngine implements Engine {
  final Scratch scratch = new Scratch();
  private final Moments moments = new Moments(this);
  private final Pair pair = new Pair(this);
  private final Weights weights = new Weights(moments);
  private final RowScore score = new RowScore();
  private Team team;

  /** The widest vectors of the processor, in bits. */
  public static int widestBits() {
    return Lanes.widestBits();
  }

  /** The vectors in use, in bits. */
  public static int vectorBits() {
    return Lanes.FLOATS.vectorBitSize();
  }

  @Override
  public int worthSharing() {
    return Piece.SIZE + 1;
  }

  @Override
  public void share(Team with) {
    team = with;
  }

  @Override
  public void begin(long to) {
    scratch.shortRows.begin(to);
    pair.shortPairs.begin(to);
  }

  /** One pass over the pieces of a row: on this thread, or shared with a team. */
  void each(int count, Team.Pass pass) {
    if (team != null && count > 1) {
      team.each(count, pass);
      return;
    }
    for (int i = 0; i < count; i++) {
      pass.piece(i, this);
    }
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

  @Override
  public double klDivergence(Rows x, Rows y, long row) {
    return pair.klDivergence(x, y, row);
  }

  @Override
  public double jensenShannon(Rows x, Rows y, long row) {
    return pair.jensenShannon(x, y, row);
  }

  @Override
  public void logSoftmax(Rows x, long row, Destination out) {
    moments.read(x, row, Level.SUM, Float.NaN);
    moments.writeLogSoftmax(out);
  }

  @Override
  public double entropyOfProbabilities(Rows p, boolean normalized, long row) {
    return weights.entropy(p, normalized, row);
  }

  @Override
  public double crossEntropyOfProbabilities(Rows p, boolean normalized, Rows x, long row) {
    return weights.crossEntropy(p, normalized, x, row);
  }

  @Override
  public double klDivergenceOfProbabilities(Rows p, boolean normalized, Rows x, long row) {
    return weights.klDivergence(p, normalized, x, row);
  }

  @Override
  public double crossEntropyOfProbabilities(Rows p, boolean pNormalized, Rows q, boolean qNormalized, long row) {
    return weights.crossEntropy(p, pNormalized, q, qNormalized, row);
  }

  @Override
  public double klDivergenceOfProbabilities(Rows p, boolean pNormalized, Rows q, boolean qNormalized, long row) {
    return weights.klDivergence(p, pNormalized, q, qNormalized, row);
  }

  @Override
  public double jensenShannonOfProbabilities(Rows p, boolean pNormalized, Rows q, boolean qNormalized, long row) {
    return weights.jensenShannon(p, pNormalized, q, qNormalized, row);
  }

  @Override
  public double sum(Rows p, long row) {
    return weights.sum(p, row);
  }

  @Override
  public void addTo(double[] columns, Rows p, long row) {
    weights.addTo(columns, p, row);
  }
}
