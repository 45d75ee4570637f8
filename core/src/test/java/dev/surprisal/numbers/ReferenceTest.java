package dev.surprisal.numbers;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.DType;
import dev.surprisal.data.Figure;
import dev.surprisal.data.Sample;
import dev.surprisal.data.Workload;
import dev.surprisal.kernel.storage.Operand;
import dev.surprisal.reference.LogitsReference;
import dev.surprisal.reference.ProbabilitiesReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The definitions of {@code dev.surprisal.reference}, of every kind of rows, against the oracle. */
@Tag("without-module") // whatever the backend: once is enough
class ReferenceTest {
  private static final double RELATIVE = 1e-9;
  private static final double ABSOLUTE = 1e-12;

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 60, 300})
  void everyFigure(int length) {
    Workload workload = new Workload(Sample.all(length, 31, (kind, pair) -> true), DType.F32);
    List<String> wrong = new ArrayList<>();
    int checked = 0;
    for (Figure figure : Figure.all()) {
      for (int row = 0; row < workload.rows(); row++) {
        double expected = workload.expected(figure, row);
        double actual = define(figure, workload, row);
        double allowed =
            Math.max(ABSOLUTE, RELATIVE * Math.max(Math.abs(expected), workload.cancelled(figure, row, expected)));
        boolean finite = Double.isFinite(expected) && Double.isFinite(actual);
        if (finite ? Math.abs(actual - expected) > allowed : Double.compare(expected, actual) != 0) {
          wrong.add(figure + " of " + workload.name(row) + ": expected " + expected + ", got " + actual);
        }
        checked++;
      }
    }
    assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong.subList(0, Math.min(12, wrong.size()))));
    assertTrue(checked > 1000, "checked " + checked);
  }

  private static double define(Figure figure, Workload workload, int row) {
    double[] x = doubles(workload.firstRows(figure.first())[row], figure.first());
    double[] y =
        figure.isOfTwo() ? doubles(workload.secondRows(figure.second())[row], figure.second()) : new double[0];
    boolean underLogits = figure.second() == Operand.LOGITS;
    return figure.first() == Operand.LOGITS
        ? ofLogits(figure, x, y, workload.targets()[row])
        : ofProbabilities(figure, x, y, underLogits);
  }

  private static double ofLogits(Figure figure, double[] x, double[] y, int target) {
    return switch (figure.statistic()) {
      case LOG_SUM_EXP -> LogitsReference.logSumExp(x);
      case ENTROPY -> LogitsReference.entropy(x);
      case CROSS_ENTROPY -> LogitsReference.crossEntropy(x, target);
      case SCORE -> switch (figure.column()) {
        case LOG_SUM_EXP -> LogitsReference.logSumExp(x);
        case ENTROPY -> LogitsReference.entropy(x);
        case VARENTROPY -> LogitsReference.varentropy(x);
        case TARGET_LOG_PROBABILITY -> LogitsReference.logSoftmax(x)[target];
      };
      case KL_DIVERGENCE -> LogitsReference.klDivergence(x, y);
      case JENSEN_SHANNON -> LogitsReference.jensenShannon(x, y);
      case RENYI_DIVERGENCE -> LogitsReference.renyiDivergence(x, y, figure.order());
      case TOTAL_VARIATION -> LogitsReference.totalVariation(x, y);
      case LOG_SOFTMAX, ROW_SUM, COLUMN_SUMS -> throw new AssertionError(figure);
    };
  }

  private static double ofProbabilities(Figure figure, double[] p, double[] y, boolean underLogits) {
    return switch (figure.statistic()) {
      case ENTROPY -> ProbabilitiesReference.entropy(p);
      case CROSS_ENTROPY -> underLogits
          ? ProbabilitiesReference.crossEntropyOfLogits(p, y)
          : ProbabilitiesReference.crossEntropy(p, y);
      case KL_DIVERGENCE -> underLogits
          ? ProbabilitiesReference.klDivergenceOfLogits(p, y)
          : ProbabilitiesReference.klDivergence(p, y);
      case JENSEN_SHANNON -> ProbabilitiesReference.jensenShannon(p, y);
      case RENYI_DIVERGENCE -> ProbabilitiesReference.renyiDivergence(p, y, figure.order());
      case TOTAL_VARIATION -> ProbabilitiesReference.totalVariation(p, y);
      case LOG_SUM_EXP, SCORE, LOG_SOFTMAX, ROW_SUM, COLUMN_SUMS -> throw new AssertionError(figure);
    };
  }

  /** A row in double; weights divided by their sum. */
  private static double[] doubles(float[] row, Operand operand) {
    double[] values = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      values[i] = row[i];
    }
    return operand == Operand.WEIGHTS ? ProbabilitiesReference.normalize(values) : values;
  }
}
