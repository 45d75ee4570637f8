package dev.surprisal.benchmarks.input;

import dev.surprisal.DType;
import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import dev.surprisal.benchmarks.input.Batches.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A process with a past: every statistic of every dtype in every storage. The compiler has seen all of it when the
 * measurement begins, and code that it can specialise only while one type comes by is no longer fast.
 */
public final class Pollution {
  private static final Shape SHAPE = new Shape(1, 4, Smoke.choose(10_007, 101));
  private static final long NANOS = Smoke.choose(2_000_000_000, 1_000_000);

  private final Scorer scorer;
  private final List<Batches> logits = new ArrayList<>();
  private final List<Batches> probabilities = new ArrayList<>();
  private final int[] targets = SyntheticRows.targets(SHAPE.rows(), SHAPE.vocabulary());
  private final double[] out = new double[SHAPE.rows()];
  private final float[] logSoftmax = new float[SHAPE.batchSize()];
  private final Scores scores = Scores.allocate(SHAPE.rows());

  private Pollution(Scorer scorer) {
    this.scorer = scorer;
    for (DType dtype : DType.values()) {
      for (Storage storage : Storage.values()) {
        logits.add(new Batches(Inputs.LOGITS.first(SHAPE), SHAPE, dtype, storage));
        probabilities.add(new Batches(Inputs.PROBABILITIES.first(SHAPE), SHAPE, dtype, storage));
      }
    }
  }

  /**
   * Uses everything, for two seconds.
   *
   * @param scorer that will be measured
   */
  public static void pollute(Scorer scorer) {
    Pollution pollution = new Pollution(scorer);
    long end = System.nanoTime() + NANOS;
    do {
      pollution.useEverything();
    } while (System.nanoTime() < end);
    pollution.logits.forEach(Batches::close);
    pollution.probabilities.forEach(Batches::close);
  }

  private void useEverything() {
    for (int i = 0; i < logits.size(); i++) {
      useOne(logits.get(i), probabilities.get(i));
      for (int j = 0; j < logits.size(); j++) {
        usePair(i, j);
      }
    }
  }

  private void useOne(Batches x, Batches p) {
    scorer.logSumExp(x.logits(0), out);
    scorer.entropy(x.logits(0), out);
    scorer.crossEntropy(x.logits(0), targets, out);
    scorer.score(x.logits(0), targets, scores);
    scorer.logSoftmax(x.logits(0), logSoftmax);
    scorer.entropy(p.probabilities(0), out);
  }

  private void usePair(int i, int j) {
    Batches x = logits.get(i);
    Batches y = logits.get(j);
    Batches p = probabilities.get(i);
    Batches q = probabilities.get(j);
    scorer.klDivergence(x.logits(0), y.logits(0), out);
    scorer.jensenShannon(x.logits(0), y.logits(0), out);
    scorer.crossEntropy(p.probabilities(0), y.logits(0), out);
    scorer.klDivergence(p.probabilities(0), y.logits(0), out);
    scorer.crossEntropy(p.probabilities(0), q.probabilities(0), out);
    scorer.klDivergence(p.probabilities(0), q.probabilities(0), out);
    scorer.jensenShannon(p.probabilities(0), q.probabilities(0), out);
  }
}
