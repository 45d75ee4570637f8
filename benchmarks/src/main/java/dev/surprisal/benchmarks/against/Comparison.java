package dev.surprisal.benchmarks.against;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** Nanoseconds that a logit takes in the build before and in the build after, from several pairs of processes. */
final class Comparison {
  private final List<Double> before = new ArrayList<>();
  private final List<Double> after = new ArrayList<>();
  private final List<Double> ratios = new ArrayList<>();

  /**
   * Adds a pair of processes: the medians of its rounds. A ratio is that of two times of one round, which were measured
   * within milliseconds; in another round the machine may be slower.
   *
   * @param before times in one build, NaN if it lacks the point
   * @param after times in the other, round by round
   */
  void add(double[] before, double[] after) {
    double[] ratio = new double[before.length];
    for (int round = 0; round < ratio.length; round++) {
      ratio[round] = after[round] / before[round];
    }
    this.before.add(median(before));
    this.after.add(median(after));
    ratios.add(median(ratio));
  }

  /** Whether the build before lacks the point, so that there is no ratio. */
  boolean isNew() {
    return ratios.stream().anyMatch(ratio -> Double.isNaN(ratio));
  }

  /** {@return the median of the pairs in the build before} */
  double before() {
    return median(before);
  }

  /** {@return the median of the pairs in the build after} */
  double after() {
    return median(after);
  }

  /** {@return the median of the pairs' ratios, above 1 if the build after is slower} */
  double ratio() {
    return median(ratios);
  }

  /** {@return the least ratio of a pair} */
  double least() {
    return Collections.min(ratios);
  }

  /** {@return the largest ratio of a pair} */
  double largest() {
    return Collections.max(ratios);
  }

  /**
   * The geometric mean of the ratios.
   *
   * @param comparisons of which those of new points do not count
   * @return NaN if all are new
   */
  static double meanRatio(Collection<Comparison> comparisons) {
    return Math.exp(comparisons.stream().filter(comparison -> !comparison.isNew())
        .mapToDouble(comparison -> Math.log(comparison.ratio())).average().orElse(Double.NaN));
  }

  private static double median(List<Double> values) {
    return median(values.stream().mapToDouble(value -> value).toArray());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
