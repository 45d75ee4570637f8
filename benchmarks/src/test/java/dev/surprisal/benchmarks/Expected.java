package dev.surprisal.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.surprisal.Scores;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.kernel.Statistic;
import dev.surprisal.reference.LogitsReference;
import dev.surprisal.reference.ProbabilitiesReference;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

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

  /** Checks the result of a job, or of the one benchmark that is none: the plain sum. */
  void check(String statistic, double actual) {
    if (statistic.equals("plainSum")) {
      assertClose(Arrays.stream(x).sum(), actual, 10 * Arrays.stream(x).map(Math::abs).sum());
    } else {
      Job job = Job.find(statistic).orElseThrow();
      assertClose(value(job), actual, job.statistic() == Statistic.LOG_SUM_EXP ? largest() : 0);
    }
  }

  private double value(Job job) {
    return known(job, () -> compute(job));
  }

  private double known(Object what, DoubleSupplier value) {
    return KNOWN.computeIfAbsent(
        List.of(what, target, Arrays.hashCode(x), Arrays.hashCode(y)), key -> value.getAsDouble());
  }

  private double compute(Job job) {
    boolean ofLogits = job.isOfLogits();
    boolean underLogits = job.inputs() == Inputs.PROBABILITIES_AND_LOGITS;
    return switch (job.statistic()) {
      case LOG_SUM_EXP -> LogitsReference.logSumExp(x);
      case ENTROPY -> ofLogits ? LogitsReference.entropy(x) : ProbabilitiesReference.entropy(x);
      case CROSS_ENTROPY -> ofLogits ? LogitsReference.crossEntropy(x, target)
          : underLogits ? ProbabilitiesReference.crossEntropyOfLogits(x, y)
          : ProbabilitiesReference.crossEntropy(x, y);
      case KL_DIVERGENCE -> ofLogits ? LogitsReference.klDivergence(x, y)
          : underLogits ? ProbabilitiesReference.klDivergenceOfLogits(x, y)
          : ProbabilitiesReference.klDivergence(x, y);
      case JENSEN_SHANNON -> ofLogits
          ? LogitsReference.jensenShannon(x, y)
          : ProbabilitiesReference.jensenShannon(x, y);
      case RENYI_DIVERGENCE -> ofLogits
          ? LogitsReference.renyiDivergence(x, y, Job.ORDER)
          : ProbabilitiesReference.renyiDivergence(x, y, Job.ORDER);
      case TOTAL_VARIATION -> ofLogits
          ? LogitsReference.totalVariation(x, y)
          : ProbabilitiesReference.totalVariation(x, y);
      case SCORE, LOG_SOFTMAX, ROW_SUM, COLUMN_SUMS -> throw new AssertionError(job + " is no number");
    };
  }

  void checkScores(Scores scores) {
    assertClose(value(Job.ofLogits(Statistic.LOG_SUM_EXP)), scores.logSumExp()[row], largest());
    assertClose(value(Job.ENTROPY), scores.entropy()[row], 0);
    assertClose(known("varentropy", () -> LogitsReference.varentropy(x)), scores.varentropy()[row], 0);
    assertClose(-value(Job.CROSS_ENTROPY), scores.targetLogProbability()[row], 0);
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

  /** Infinities must be the same. */
  private static void assertClose(double expected, double actual, double scale) {
    double size = Double.isInfinite(expected) ? 0 : 1e-6 + Math.abs(expected);
    assertEquals(expected, actual, TOLERANCE * Math.max(scale, size));
  }
}
