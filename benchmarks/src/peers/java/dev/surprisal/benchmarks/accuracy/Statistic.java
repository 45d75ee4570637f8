package dev.surprisal.benchmarks.accuracy;

import java.util.function.Function;

/** What is compared. */
enum Statistic {
  LOG_SUM_EXP("Log-sum-exp", Sample::logSumExp),
  CROSS_ENTROPY("Cross-entropy (NLL)", Sample::crossEntropy),
  ENTROPY("Entropy", Sample::entropy),
  VARENTROPY("Varentropy", Sample::varentropy),
  KL_DIVERGENCE("KL divergence", Sample::klDivergence, 1e-6),
  JENSEN_SHANNON("Jensen-Shannon divergence", Sample::jensenShannon, 1e-6),
  LOG_SOFTMAX("Log-softmax, every entry", Sample::logSoftmax);

  final String title;

  /** What is true: one value a row, or an entry. */
  final Function<Sample, double[]> exact;

  /** Exact values below it are held against it. */
  final double least;

  Statistic(String title, Function<Sample, double[]> exact) {
    this(title, exact, 1e-12);
  }

  Statistic(String title, Function<Sample, double[]> exact, double least) {
    this.title = title;
    this.exact = exact;
    this.least = least;
  }
}
