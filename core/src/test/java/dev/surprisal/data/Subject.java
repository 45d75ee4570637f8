package dev.surprisal.data;

import dev.surprisal.Logits;
import dev.surprisal.Probabilities;
import dev.surprisal.Scorer;
import dev.surprisal.kernel.storage.Operand;
import dev.surprisal.oracle.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What can be right or wrong about a row of few levels, or two: a figure, or the entries of a log-softmax.
 *
 * @param figure null for log-softmax
 */
public record Subject(Figure figure) {
  /** Of the orders of a Rényi divergence those that differ most. */
  private static final Set<Double> ORDERS = Set.of(0.1, 0.999, 10.0);

  private static final Scorer SCORER = Scorer.sequential();

  /**
   * What came of a row.
   *
   * @param share the error, as a share of what is promised
   * @param expected by the oracle
   * @param actual by the library
   */
  public record Outcome(double share, double expected, double actual) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.3f of the bound, relative error %.3g, exact %.17g, got %.17g", share,
          Math.abs(actual - expected) / Math.abs(expected), expected, actual);
    }
  }

  /** All of them. */
  public static List<Subject> all() {
    List<Subject> all = new ArrayList<>(Figure.all().stream()
        .filter(figure -> Double.isNaN(figure.order()) || ORDERS.contains(figure.order())).map(Subject::new).toList());
    all.add(new Subject(null));
    return List.copyOf(all);
  }

  /** What the first row holds. */
  public Operand first() {
    return figure == null ? Operand.LOGITS : figure.first();
  }

  /** What the second row holds, null where there is none. */
  public Operand second() {
    return figure == null ? null : figure.second();
  }

  /** Any rows for it. */
  public Levels any(int length, RandomGenerator random) {
    return Levels.any(length, first(), second(), random);
  }

  /** Computes rows of one length, in one call, and compares each with the oracle. */
  public Outcome[] of(List<Levels> rows) {
    int count = rows.size();
    int length = rows.get(0).length();
    float[] x = new float[count * length];
    float[] y = second() == null ? null : new float[count * length];
    int[] targets = new int[count];
    int[][] counts = new int[count][];
    byte[][] places = new byte[count][];
    for (int row = 0; row < count; row++) {
      Levels levels = rows.get(row);
      places[row] = levels.places();
      counts[row] = levels.counts(places[row]);
      targets[row] = Levels.indexOf(levels.target(counts[row]), places[row]);
      Levels.write(places[row], levels.first(), x, row * length);
      if (y != null) {
        Levels.write(places[row], levels.second(), y, row * length);
      }
    }
    Outcome[] outcomes = new Outcome[count];
    float[] logs = figure == null ? SCORER.logSoftmax(Logits.of(x, count, length), x) : null;
    double[] actual = figure == null ? null
        : figure.compute(SCORER, views(x, count, length), y == null ? null : views(y, count, length), targets,
            new double[count]);
    for (int row = 0; row < count; row++) {
      Levels levels = rows.get(row);
      Measure p = Levels.measure(first(), levels.first(), counts[row]);
      outcomes[row] = figure == null ? worst(p, counts[row], places[row], logs, row * length)
          : outcome(levels, p, counts[row], actual[row]);
    }
    return outcomes;
  }

  private static Views views(float[] values, int rows, int length) {
    return new Views(Logits.of(values, rows, length), Probabilities.of(values, rows, length));
  }

  private Outcome outcome(Levels levels, Measure p, int[] counts, double actual) {
    Measure q = second() == null ? null : Levels.measure(second(), levels.second(), counts);
    double expected = figure.define(p, q, levels.target(counts)).hi();
    double cancelled = Tolerance.cancelled(figure, p, q, expected);
    return new Outcome(Tolerance.share(figure, expected, actual, cancelled), expected, actual);
  }

  private static Outcome worst(Measure p, int[] counts, byte[] places, float[] logs, int at) {
    Outcome worst = null;
    for (int level = 0; level < counts.length; level++) {
      if (counts[level] > 0) {
        float actual = logs[at + Levels.indexOf(level, places)];
        double share = Tolerance.shareOfLogSoftmax(p, level, actual);
        worst = worst != null && worst.share >= share ? worst : new Outcome(share, p.logP(level).hi(), actual);
      }
    }
    return worst;
  }

  @Override
  public String toString() {
    return figure == null ? "LOG_SOFTMAX" : figure.toString();
  }
}
