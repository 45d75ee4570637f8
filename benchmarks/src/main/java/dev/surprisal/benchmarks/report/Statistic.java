package dev.surprisal.benchmarks.report;

import java.util.Arrays;
import java.util.List;

/** The statistics in the order of the tables. */
enum Statistic {
  LOG_SUM_EXP("logSumExp", "log-sum-exp"),
  CROSS_ENTROPY("crossEntropy", "cross-entropy (NLL)"),
  ENTROPY("entropy", "entropy"),
  SCORE("score", "score (seven statistics)"),
  KL_DIVERGENCE("klDivergence", "KL divergence"),
  JENSEN_SHANNON("jensenShannon", "Jensen-Shannon"),
  LOG_SOFTMAX("logSoftmax", "log-softmax"),
  SOFT_TARGETS("crossEntropyOfSoftTargets", "cross-entropy, soft targets"),
  ENTROPY_OF_PROBABILITIES("entropyOfProbabilities", "entropy of probabilities"),
  CROSS_ENTROPY_OF_PROBABILITIES("crossEntropyOfProbabilities", "cross-entropy of probabilities"),
  KL_DIVERGENCE_OF_PROBABILITIES("klDivergenceOfProbabilities", "KL of probabilities"),
  JENSEN_SHANNON_OF_PROBABILITIES("jensenShannonOfProbabilities", "Jensen-Shannon of probabilities");

  /** The method of the benchmark. */
  final String method;

  /** For people. */
  final String title;

  Statistic(String method, String title) {
    this.method = method;
    this.title = title;
  }

  static List<Statistic> all() {
    return Arrays.asList(values());
  }

  static String titleOf(String method) {
    return all().stream().filter(statistic -> statistic.method.equals(method)).findFirst()
        .map(statistic -> statistic.title).orElse(method);
  }
}
