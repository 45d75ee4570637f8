package dev.surprisal.kernel;

import dev.surprisal.reference.LogitsReference;
import dev.surprisal.reference.ProbabilitiesReference;

/** The engine that is the scalar reference itself: each row is copied to doubles and the definition applied. */
public final class ScalarEngine implements Engine {
  private double[] first = {};
  private double[] second = {};
  private final RowScore score = new RowScore();

  @Override
  public double logSumExp(Rows x, long row) {
    return LogitsReference.logSumExp(first(x, row));
  }

  @Override
  public double entropy(Rows x, long row) {
    return LogitsReference.entropy(first(x, row));
  }

  @Override
  public double crossEntropy(Rows x, long row, int target) {
    return LogitsReference.crossEntropy(first(x, row), target);
  }

  @Override
  public RowScore score(Rows x, long row, int target) {
    double[] logits = first(x, row);
    score.logSumExp = LogitsReference.logSumExp(logits);
    score.entropy = LogitsReference.entropy(logits);
    score.varentropy = LogitsReference.varentropy(logits);
    boolean distribution = !Double.isNaN(score.entropy);
    score.argmax = distribution ? LogitsReference.argmax(logits) : -1;
    score.maxLogit = distribution ? (float) logits[score.argmax]
        : score.logSumExp == Double.NEGATIVE_INFINITY ? Float.NEGATIVE_INFINITY : Float.NaN;
    boolean targeted = target != RowScore.NO_TARGET;
    score.targetLogProbability = targeted ? LogitsReference.logSoftmax(logits)[target] : 0;
    score.targetRank = targeted && distribution ? LogitsReference.rank(logits, target) : -1;
    return score;
  }

  @Override
  public double klDivergence(Rows x, Rows y, long row) {
    return LogitsReference.klDivergence(first(x, row), second(y, row));
  }

  @Override
  public double jensenShannon(Rows x, Rows y, long row) {
    return LogitsReference.jensenShannon(first(x, row), second(y, row));
  }

  @Override
  public void logSoftmax(Rows x, long row, Destination out) {
    double[] logs = LogitsReference.logSoftmax(first(x, row));
    for (int i = 0; i < logs.length; i++) {
      out.set(row, i, (float) logs[i]);
    }
  }

  @Override
  public double entropyOfProbabilities(Rows p, boolean normalized, long row) {
    return ProbabilitiesReference.entropy(normalize(first(p, row), normalized));
  }

  @Override
  public double crossEntropyOfProbabilities(Rows p, boolean normalized, Rows x, long row) {
    return ProbabilitiesReference.crossEntropyOfLogits(normalize(first(p, row), normalized), second(x, row));
  }

  @Override
  public double klDivergenceOfProbabilities(Rows p, boolean normalized, Rows x, long row) {
    return ProbabilitiesReference.klDivergenceOfLogits(normalize(first(p, row), normalized), second(x, row));
  }

  @Override
  public double crossEntropyOfProbabilities(Rows p, boolean pNormalized, Rows q, boolean qNormalized, long row) {
    return ProbabilitiesReference.crossEntropy(
        normalize(first(p, row), pNormalized), normalize(second(q, row), qNormalized));
  }

  @Override
  public double klDivergenceOfProbabilities(Rows p, boolean pNormalized, Rows q, boolean qNormalized, long row) {
    return ProbabilitiesReference.klDivergence(
        normalize(first(p, row), pNormalized), normalize(second(q, row), qNormalized));
  }

  @Override
  public double jensenShannonOfProbabilities(Rows p, boolean pNormalized, Rows q, boolean qNormalized, long row) {
    return ProbabilitiesReference.jensenShannon(
        normalize(first(p, row), pNormalized), normalize(second(q, row), qNormalized));
  }

  @Override
  public double sum(Rows p, long row) {
    double sum = 0;
    for (double value : first(p, row)) {
      sum += value;
    }
    return sum;
  }

  @Override
  public void addTo(double[] columns, Rows p, long row) {
    double[] values = first(p, row);
    for (int i = 0; i < columns.length; i++) {
      columns[i] += values[i];
    }
  }

  private static double[] normalize(double[] p, boolean normalized) {
    return normalized ? ProbabilitiesReference.normalize(p) : p;
  }

  private double[] first(Rows rows, long row) {
    return first = read(rows, row, first);
  }

  private double[] second(Rows rows, long row) {
    return second = read(rows, row, second);
  }

  private static double[] read(Rows rows, long row, double[] reuse) {
    double[] values = reuse.length == rows.vocabulary ? reuse : new double[rows.vocabulary];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows.get(row, i);
    }
    return values;
  }
}
