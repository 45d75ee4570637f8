package dev.surprisal.data;

import static dev.surprisal.data.Operand.LOGITS;
import static dev.surprisal.data.Operand.PROBABILITIES;
import static dev.surprisal.data.Operand.WEIGHTS;

import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import dev.surprisal.oracle.DoubleDouble;
import dev.surprisal.oracle.Measure;
import java.util.function.Function;

/** Every statistic that gives a double a row: what of, how the library computes it, what the oracle says. */
public enum Statistic {
  LOG_SUM_EXP(LOGITS, null, (s, p, q, targets, out) -> s.logSumExp(p.logits(), out), (p, q, target) -> p.logSumExp()),
  ENTROPY(LOGITS, null, (s, p, q, targets, out) -> s.entropy(p.logits(), out), (p, q, target) -> p.entropy()),
  CROSS_ENTROPY(LOGITS, null,
      (s, p, q, targets, out) -> s.crossEntropy(p.logits(), targets, out), (p, q, target) -> p.crossEntropy(target)),

  SCORED_LOG_SUM_EXP(LOGITS, null, scored(Scores::logSumExp), (p, q, target) -> p.logSumExp()),
  SCORED_ENTROPY(LOGITS, null, scored(Scores::entropy), (p, q, target) -> p.entropy()),
  SCORED_VARENTROPY(LOGITS, null, scored(Scores::varentropy), (p, q, target) -> p.varentropy()),
  SCORED_TARGET(LOGITS, null, scored(Scores::targetLogProbability), (p, q, target) -> p.logP(target)),

  KL_DIVERGENCE(LOGITS, LOGITS, (s, p, q, targets, out) -> s.klDivergence(p.logits(), q.logits(), out),
      (p, q, target) -> p.klDivergence(q)),
  JENSEN_SHANNON(LOGITS, LOGITS, (s, p, q, targets, out) -> s.jensenShannon(p.logits(), q.logits(), out),
      (p, q, target) -> p.jensenShannon(q)),

  ENTROPY_OF_PROBABILITIES(PROBABILITIES, null, (s, p, q, targets, out) -> s.entropy(p.probabilities(), out),
      (p, q, target) -> p.entropy()),
  ENTROPY_OF_WEIGHTS(WEIGHTS, null, (s, p, q, targets, out) -> s.entropy(p.weights(), out), (p, q, target) -> p.entropy()),

  CROSS_ENTROPY_PROBABILITIES_LOGITS(PROBABILITIES, LOGITS,
      (s, p, q, targets, out) -> s.crossEntropy(p.probabilities(), q.logits(), out), (p, q, target) -> p.crossEntropy(q)),
  CROSS_ENTROPY_WEIGHTS_LOGITS(WEIGHTS, LOGITS,
      (s, p, q, targets, out) -> s.crossEntropy(p.weights(), q.logits(), out), (p, q, target) -> p.crossEntropy(q)),
  CROSS_ENTROPY_PROBABILITIES(PROBABILITIES, PROBABILITIES,
      (s, p, q, targets, out) -> s.crossEntropy(p.probabilities(), q.probabilities(), out), (p, q, target) -> p.crossEntropy(q)),
  CROSS_ENTROPY_WEIGHTS(WEIGHTS, WEIGHTS,
      (s, p, q, targets, out) -> s.crossEntropy(p.weights(), q.weights(), out), (p, q, target) -> p.crossEntropy(q)),
  CROSS_ENTROPY_PROBABILITIES_WEIGHTS(PROBABILITIES, WEIGHTS,
      (s, p, q, targets, out) -> s.crossEntropy(p.probabilities(), q.weights(), out), (p, q, target) -> p.crossEntropy(q)),

  KL_DIVERGENCE_PROBABILITIES_LOGITS(PROBABILITIES, LOGITS,
      (s, p, q, targets, out) -> s.klDivergence(p.probabilities(), q.logits(), out), (p, q, target) -> p.klDivergence(q)),
  KL_DIVERGENCE_WEIGHTS_LOGITS(WEIGHTS, LOGITS,
      (s, p, q, targets, out) -> s.klDivergence(p.weights(), q.logits(), out), (p, q, target) -> p.klDivergence(q)),
  KL_DIVERGENCE_PROBABILITIES(PROBABILITIES, PROBABILITIES,
      (s, p, q, targets, out) -> s.klDivergence(p.probabilities(), q.probabilities(), out), (p, q, target) -> p.klDivergence(q)),
  KL_DIVERGENCE_WEIGHTS(WEIGHTS, WEIGHTS,
      (s, p, q, targets, out) -> s.klDivergence(p.weights(), q.weights(), out), (p, q, target) -> p.klDivergence(q)),
  KL_DIVERGENCE_WEIGHTS_PROBABILITIES(WEIGHTS, PROBABILITIES,
      (s, p, q, targets, out) -> s.klDivergence(p.weights(), q.probabilities(), out), (p, q, target) -> p.klDivergence(q)),

  JENSEN_SHANNON_PROBABILITIES(PROBABILITIES, PROBABILITIES,
      (s, p, q, targets, out) -> s.jensenShannon(p.probabilities(), q.probabilities(), out), (p, q, target) -> p.jensenShannon(q)),
  JENSEN_SHANNON_WEIGHTS(WEIGHTS, WEIGHTS,
      (s, p, q, targets, out) -> s.jensenShannon(p.weights(), q.weights(), out), (p, q, target) -> p.jensenShannon(q));

  /** The call on the library; fills and returns the first elements of {@code out}. */
  @FunctionalInterface
  interface Computation {
    double[] of(Scorer scorer, Views p, Views q, int[] targets, double[] out);
  }

  /** The value by definition. */
  @FunctionalInterface
  interface Definition {
    DoubleDouble of(Measure p, Measure q, int target);
  }

  private final Operand first;
  private final Operand second;
  private final Computation computation;
  private final Definition definition;

  Statistic(Operand first, Operand second, Computation computation, Definition definition) {
    this.first = first;
    this.second = second;
    this.computation = computation;
    this.definition = definition;
  }

  private static Computation scored(Function<Scores, double[]> field) {
    return (scorer, p, q, targets, out) -> {
      double[] values = field.apply(scorer.score(p.logits(), targets));
      System.arraycopy(values, 0, out, 0, targets.length);
      return out;
    };
  }

  /** What the first row holds. */
  public Operand first() {
    return first;
  }

  /** What the second row holds. */
  public Operand second() {
    return second;
  }

  public boolean isOfTwo() {
    return second != null;
  }

  /** A field of {@link Scores}. */
  public boolean isScored() {
    return name().startsWith("SCORED");
  }

  /** A statistic of logits alone, of one row or of two. */
  public boolean isOfLogits() {
    return first == LOGITS;
  }

  /** May be near 0 because two rows are near each other, by cancellation of larger terms. */
  public boolean isDivergence() {
    return isKlDivergence() || name().startsWith("JENSEN");
  }

  public boolean isKlDivergence() {
    return name().startsWith("KL");
  }

  public boolean isLogSumExp() {
    return name().endsWith("LOG_SUM_EXP");
  }

  /** What the library says; {@code q} is ignored by statistics of one row. */
  public double[] compute(Scorer scorer, Views p, Views q, int[] targets, double[] out) {
    return computation.of(scorer, p, q, targets, out);
  }

  DoubleDouble define(Measure p, Measure q, int target) {
    return definition.of(p, q, target);
  }
}
