package dev.surprisal.benchmarks.statistics;

import dev.surprisal.Scores;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import org.openjdk.jmh.annotations.Benchmark;

/** All statistics of logits and their targets from one read. */
public class ScoreBenchmark extends StatisticBenchmark {
  private Scores scores;

  /** Made by JMH. */
  public ScoreBenchmark() {
    super(Inputs.LOGITS);
  }

  @Override
  public void prepare() {
    super.prepare();
    scores = Scores.allocate(out.length);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return the scores of each row
   */
  @Benchmark
  public Scores score(Rate rate) {
    return scorer.score(x.logits(next(rate)), targets, scores);
  }
}
