package dev.surprisal.benchmarks.against;

import dev.surprisal.Scorer;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * What is measured: a call of the scorer. A new statistic is one constant here, and a field of {@link Operands} if it
 * reads or writes what no other does. The build before need not have it.
 */
enum Computation {
  /** Log-sum-exp of logits. */
  LOG_SUM_EXP((scorer, of) -> scorer.logSumExp(of.x, of.out)),
  /** Entropy of logits. */
  ENTROPY((scorer, of) -> scorer.entropy(of.x, of.out)),
  /** All statistics of a row at once, with a target. */
  SCORE((scorer, of) -> scorer.score(of.x, of.targets, of.scores)),
  /** KL divergence of two models that nearly agree, which takes other loops than that of two strangers. */
  KL_CLOSE((scorer, of) -> scorer.klDivergence(of.x, of.close, of.out)),
  /** KL divergence of a teacher and its student, in between. */
  KL_STUDENT((scorer, of) -> scorer.klDivergence(of.x, of.student, of.out)),
  /** KL divergence of rows that have nothing to do with each other. */
  KL_FAR((scorer, of) -> scorer.klDivergence(of.x, of.far, of.out)),
  /** Jensen-Shannon divergence of a teacher and its student. */
  JENSEN_SHANNON((scorer, of) -> scorer.jensenShannon(of.x, of.student, of.out)),
  /** Log-softmax of logits, written as f32 to the kind of storage that they are in. */
  LOG_SOFTMAX((scorer, of) -> {
    if (of.array != null) {
      scorer.logSoftmax(of.x, of.array);
    } else {
      scorer.logSoftmax(of.x, of.segment);
    }
  }),
  /** Entropy of probabilities. */
  ENTROPY_OF_PROBABILITIES((scorer, of) -> scorer.entropy(of.p, of.out));

  private final BiConsumer<Scorer, Operands> call;

  Computation(BiConsumer<Scorer, Operands> call) {
    this.call = call;
  }

  /** Calls the scorer once. */
  void run(Scorer scorer, Operands operands) {
    call.accept(scorer, operands);
  }

  /** The name for people and for {@code --only}: {@code entropy-of-probabilities}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
