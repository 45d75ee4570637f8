package dev.surprisal.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.surprisal.Scores;
import dev.surprisal.reference.LogitsReference;
import dev.surprisal.reference.ProbabilitiesReference;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the reference says of the row that a benchmark has read last. */
final class Expected {
  private static final double TOLERANCE = 1e-6;

  /** Many configurations differ only in where the same values lie or in who reads them. */
  private static final Map<List<Object>, Double> KNOWN = new HashMap<>();

  private final int row;
  private final int target;
  private final double[] x;
  private final double[] y;

  Expected(BatchBenchmark benchmark, int row) {
    int stored = benchmark.batch() * benchmark.x().shape().rows() + row;
    this.row = row;
    this.target = benchmark.targets()[row];
    this.x = benchmark.x().row(stored);
    this.y = benchmark.y() == null ? null : benchmark.y().row(stored);
  }

  void check(String statistic, double actual) {
    double scale = switch (statistic) {
      case "plainSum" -> 10 * Arrays.stream(x).map(Math::abs).sum();
      case "logSumExp" -> largest();
      default -> 0;
    };
    assertClose(value(statistic), actual, scale);
  }

  private double value(String statistic) {
    return KNOWN.computeIfAbsent(
        List.of(statistic, target, Arrays.hashCode(x), Arrays.hashCode(y)), key -> compute(statistic));
  }

  private double compute(String statistic) {
    return switch (statistic) {
      case "varentropy" -> LogitsReference.varentropy(x);
      case "plainSum" -> Arrays.stream(x).sum();
      case "logSumExp" -> LogitsReference.logSumExp(x);
      case "crossEntropy" -> LogitsReference.crossEntropy(x, target);
      case "entropy" -> LogitsReference.entropy(x);
      case "klDivergence" -> LogitsReference.klDivergence(x, y);
      case "jensenShannon" -> LogitsReference.jensenShannon(x, y);
      case "crossEntropyOfSoftTargets" -> ProbabilitiesReference.crossEntropyOfLogits(x, y);
      case "entropyOfProbabilities" -> ProbabilitiesReference.entropy(x);
      case "crossEntropyOfProbabilities" -> ProbabilitiesReference.crossEntropy(x, y);
      case "klDivergenceOfProbabilities" -> ProbabilitiesReference.klDivergence(x, y);
      case "jensenShannonOfProbabilities" -> ProbabilitiesReference.jensenShannon(x, y);
      default -> throw new AssertionError("no reference for " + statistic);
    };
  }

  void checkScores(Scores scores) {
    assertClose(value("logSumExp"), scores.logSumExp()[row], largest());
    assertClose(value("entropy"), scores.entropy()[row], 0);
    assertClose(value("varentropy"), scores.varentropy()[row], 0);
    assertClose(-value("crossEntropy"), scores.targetLogProbability()[row], 0);
    assertEquals(LogitsReference.rank(x, target), scores.targetRank()[row]);
    assertEquals(LogitsReference.argmax(x), scores.argmax()[row]);
    assertEquals(x[LogitsReference.argmax(x)], scores.maxLogit()[row]);
  }

  void checkLogSoftmax(float[] actual) {
    double[] expected = LogitsReference.logSoftmax(x);
    for (int i = 0; i < expected.length; i++) {
      assertClose(expected[i], actual[i], 0);
    }
  }

  /** The log-sum-exp of log-probabilities is what is left of the largest logit and the rest: nearly nothing. */
  private double largest() {
    return Math.abs(x[LogitsReference.argmax(x)]);
  }

  private static void assertClose(double expected, double actual, double scale) {
    assertEquals(expected, actual, TOLERANCE * Math.max(scale, 1e-6 + Math.abs(expected)));
  }
}
