package dev.surprisal.data;

import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import dev.surprisal.kernel.Statistic;
import dev.surprisal.kernel.storage.Operand;
import dev.surprisal.oracle.DoubleDouble;
import dev.surprisal.oracle.Measure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A double a row, as users ask for it: a statistic of operands that it takes, or a column of scores.
 *
 * <p>All figures follow from the library's own list, {@link Statistic}. The call of each and its definition stand in
 * switches over that list that have no default, so that a new statistic compiles only with both.
 *
 * @param statistic what is computed
 * @param first what the first row holds
 * @param second what the second row holds, null where there is none
 * @param column of scores, else null
 * @param order of a Rényi divergence, else NaN
 */
public record Figure(Statistic statistic, Operand first, Operand second, Column column, double order) {
  /** From the promised least to the promised largest: 1 is the KL divergence, and its neighbours are nearly that. */
  private static final double[] ORDERS = {0.1, 0.5, 0.9, 0.999, 1, 1.001, 1.5, 2, 10};

  private static final List<Figure> ALL = all(Statistic.values());

  /** A column of {@link Scores}: where it is, and its definition. */
  public enum Column {
    LOG_SUM_EXP(Scores::logSumExp, (p, target) -> p.logSumExp()),
    ENTROPY(Scores::entropy, (p, target) -> p.entropy()),
    VARENTROPY(Scores::varentropy, (p, target) -> p.varentropy()),
    TARGET_LOG_PROBABILITY(Scores::targetLogProbability, Measure::logP);

    private final Function<Scores, double[]> values;
    private final BiFunction<Measure, Integer, DoubleDouble> definition;

    Column(Function<Scores, double[]> values, BiFunction<Measure, Integer, DoubleDouble> definition) {
      this.values = values;
      this.definition = definition;
    }
  }

  private Figure(Statistic statistic, Operand first, Operand second) {
    this(statistic, first, second, null, Double.NaN);
  }

  /** Every figure of every combination of operands. */
  public static List<Figure> all() {
    return ALL;
  }

  /** The figure of logits alone, of one row or of two. */
  public static Figure ofLogits(Statistic statistic) {
    return of(statistic, Operand.LOGITS, statistic.takes(Operand.LOGITS, null) ? null : Operand.LOGITS);
  }

  /** The figure of such operands. */
  public static Figure of(Statistic statistic, Operand first, Operand second) {
    return known(new Figure(statistic, first, second));
  }

  /** A column of scores. */
  public static Figure of(Column column) {
    return known(new Figure(Statistic.SCORE, Operand.LOGITS, null, column, Double.NaN));
  }

  private static Figure known(Figure figure) {
    if (!ALL.contains(figure)) {
      throw new IllegalArgumentException("no figure " + figure);
    }
    return figure;
  }

  private static List<Figure> all(Statistic[] statistics) {
    List<Operand> seconds = new ArrayList<>(Arrays.asList(Operand.values()));
    seconds.add(null);
    List<Figure> all = new ArrayList<>();
    for (Statistic statistic : statistics) {
      for (Operand first : Operand.values()) {
        for (Operand second : seconds) {
          if (statistic.takes(first, second)) {
            all.addAll(all(statistic, first, second));
          }
        }
      }
    }
    return List.copyOf(all);
  }

  private static List<Figure> all(Statistic statistic, Operand first, Operand second) {
    return switch (statistic) {
      case LOG_SUM_EXP, ENTROPY, CROSS_ENTROPY, KL_DIVERGENCE, JENSEN_SHANNON, TOTAL_VARIATION ->
          List.of(new Figure(statistic, first, second));
      case RENYI_DIVERGENCE -> Arrays.stream(ORDERS)
          .mapToObj(order -> new Figure(statistic, first, second, null, order)).toList();
      case SCORE -> Arrays.stream(Column.values())
          .map(column -> new Figure(statistic, first, second, column, Double.NaN)).toList();
      // Writes rows of floats: LogSoftmaxTest.
      case LOG_SOFTMAX -> List.of();
      // No call gives them, they are parts of mutual information and conditional entropy: JointTest.
      case ROW_SUM, COLUMN_SUMS -> List.of();
    };
  }

  /** What the library says, in the first elements of {@code out}; {@code q} is ignored by figures of one row. */
  public double[] compute(Scorer scorer, Views p, Views q, int[] targets, double[] out) {
    boolean ofLogits = first == Operand.LOGITS;
    boolean underLogits = second == Operand.LOGITS;
    return switch (statistic) {
      case LOG_SUM_EXP -> scorer.logSumExp(p.logits(), out);
      case ENTROPY -> ofLogits ? scorer.entropy(p.logits(), out) : scorer.entropy(p.probabilities(first), out);
      case CROSS_ENTROPY -> ofLogits ? scorer.crossEntropy(p.logits(), targets, out)
          : underLogits ? scorer.crossEntropy(p.probabilities(first), q.logits(), out)
          : scorer.crossEntropy(p.probabilities(first), q.probabilities(second), out);
      case SCORE -> {
        double[] values = column.values.apply(scorer.score(p.logits(), targets));
        System.arraycopy(values, 0, out, 0, targets.length);
        yield out;
      }
      case KL_DIVERGENCE -> ofLogits ? scorer.klDivergence(p.logits(), q.logits(), out)
          : underLogits ? scorer.klDivergence(p.probabilities(first), q.logits(), out)
          : scorer.klDivergence(p.probabilities(first), q.probabilities(second), out);
      case JENSEN_SHANNON -> ofLogits ? scorer.jensenShannon(p.logits(), q.logits(), out)
          : scorer.jensenShannon(p.probabilities(first), q.probabilities(second), out);
      case RENYI_DIVERGENCE -> ofLogits ? scorer.renyiDivergence(p.logits(), q.logits(), order, out)
          : scorer.renyiDivergence(p.probabilities(first), q.probabilities(second), order, out);
      case TOTAL_VARIATION -> ofLogits ? scorer.totalVariation(p.logits(), q.logits(), out)
          : scorer.totalVariation(p.probabilities(first), q.probabilities(second), out);
      case LOG_SOFTMAX, ROW_SUM, COLUMN_SUMS -> throw new AssertionError(statistic + " gives no double a row");
    };
  }

  /** The value by definition; {@code q} is ignored by figures of one row. */
  public DoubleDouble define(Measure p, Measure q, int target) {
    return switch (statistic) {
      case LOG_SUM_EXP -> p.logSumExp();
      case ENTROPY -> p.entropy();
      case CROSS_ENTROPY -> second == null ? p.crossEntropy(target) : p.crossEntropy(q);
      case SCORE -> column.definition.apply(p, target);
      case KL_DIVERGENCE -> p.klDivergence(q);
      case JENSEN_SHANNON -> p.jensenShannon(q);
      case RENYI_DIVERGENCE -> p.renyiDivergence(q, order);
      case TOTAL_VARIATION -> p.totalVariation(q);
      case LOG_SOFTMAX, ROW_SUM, COLUMN_SUMS -> throw new AssertionError(statistic + " gives no double a row");
    };
  }

  /** Infinite where the first row has mass and the second has none. */
  public boolean isInfiniteOutsideTheSecond() {
    return switch (statistic) {
      case CROSS_ENTROPY, KL_DIVERGENCE -> isOfTwo();
      case RENYI_DIVERGENCE -> order >= 1;
      case LOG_SUM_EXP, ENTROPY, SCORE, LOG_SOFTMAX, JENSEN_SHANNON, TOTAL_VARIATION, ROW_SUM, COLUMN_SUMS -> false;
    };
  }

  /** Where it stands among all of them: storages, dtypes and kinds of rows take turns by it. */
  public int index() {
    return ALL.indexOf(this);
  }

  public boolean isOfTwo() {
    return second != null;
  }

  /** A column of {@link Scores}. */
  public boolean isScored() {
    return column != null;
  }

  /** Of logits alone, one row or two. */
  public boolean isOfLogits() {
    return first == Operand.LOGITS;
  }

  /** Of one entry of the row. */
  public boolean isOfTarget() {
    return statistic == Statistic.CROSS_ENTROPY && second == null || column == Column.TARGET_LOG_PROBABILITY;
  }

  public boolean isLogSumExp() {
    return statistic == Statistic.LOG_SUM_EXP || column == Column.LOG_SUM_EXP;
  }

  @Override
  public String toString() {
    return statistic + (column == null ? "" : "." + column)
        + "(" + first + (second == null ? "" : ", " + second) + (Double.isNaN(order) ? "" : ", " + order) + ")";
  }
}
