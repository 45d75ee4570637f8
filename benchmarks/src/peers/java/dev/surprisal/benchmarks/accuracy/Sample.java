package dev.surprisal.benchmarks.accuracy;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.Job;
import dev.surprisal.benchmarks.input.Batches;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.RowKind;
import dev.surprisal.benchmarks.input.Storage;
import dev.surprisal.benchmarks.input.TrigramRows;
import dev.surprisal.kernel.Statistic;
import dev.surprisal.oracle.DoubleDouble;
import dev.surprisal.oracle.Measure;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Some rows of one kind in one dtype, the second row of each pair, and what is exactly true of the
 * values as they are stored.
 */
final class Sample implements AutoCloseable {
  private static final int ROWS = 8;
  private static final int VOCABULARY = 50_257;

  final String title;
  final Batches x;
  final Batches y;
  final int[] targets;
  private final Measure[] p;
  private final Measure[] q;

  private Sample(String title, float[] first, float[] second, int vocabulary, DType dtype) {
    Shape shape = new Shape(1, first.length / vocabulary, vocabulary);
    this.title = title;
    this.x = new Batches(first, shape, dtype, Storage.OFF_HEAP);
    this.y = new Batches(second, shape, dtype, Storage.OFF_HEAP);
    this.p = measures(x);
    this.q = measures(y);
    this.targets = IntStream.range(0, p.length).map(row -> possibleTarget(row, vocabulary)).toArray();
  }

  /** Rows of a kind. */
  static Sample of(RowKind kind, DType dtype) {
    float[] first = new float[ROWS * VOCABULARY];
    float[] second = new float[ROWS * VOCABULARY];
    for (int row = 0; row < ROWS; row++) {
      float[] x = kind.row(VOCABULARY, row);
      System.arraycopy(x, 0, first, row * VOCABULARY, VOCABULARY);
      System.arraycopy(kind.other(x, row), 0, second, row * VOCABULARY, VOCABULARY);
    }
    return new Sample(kind.name().toLowerCase(Locale.ROOT).replace('_', ' '), first, second, VOCABULARY, dtype);
  }

  /** Rows of the trigram model, each beside the prediction for the word before. */
  static Sample ofTrigrams(DType dtype) {
    int size = ROWS * TrigramRows.VOCABULARY;
    float[] rows = TrigramRows.load();
    return new Sample("trigram model", Arrays.copyOfRange(rows, TrigramRows.VOCABULARY, TrigramRows.VOCABULARY + size),
        Arrays.copyOf(rows, size), TrigramRows.VOCABULARY, dtype);
  }

  private static Measure[] measures(Batches batches) {
    return IntStream.range(0, batches.shape().rows()).mapToObj(row -> Measure.ofLogits(toFloats(batches.row(row))))
        .toArray(Measure[]::new);
  }

  private static float[] toFloats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** An entry that is not masked: the others have an infinite cross-entropy, which everybody gets right. */
  private int possibleTarget(int row, int vocabulary) {
    int target = (row + 1) * 7919 % vocabulary;
    while (p[row].logP(target).hi() == Double.NEGATIVE_INFINITY) {
      target = (target + 1) % vocabulary;
    }
    return target;
  }

  /** What is true: one value a row, or an entry; of scores what no other statistic is, the varentropy. */
  double[] exact(Statistic statistic) {
    return switch (statistic) {
      case LOG_SUM_EXP -> each(row -> p[row].logSumExp());
      case ENTROPY -> each(row -> p[row].entropy());
      case CROSS_ENTROPY -> each(row -> p[row].crossEntropy(targets[row]));
      case SCORE -> each(row -> p[row].varentropy());
      case LOG_SOFTMAX -> IntStream.range(0, x.shape().batchSize())
          .mapToDouble(i -> p[i / x.shape().vocabulary()].logP(i % x.shape().vocabulary()).hi()).toArray();
      case KL_DIVERGENCE -> each(row -> p[row].klDivergence(q[row]));
      case JENSEN_SHANNON -> each(row -> p[row].jensenShannon(q[row]));
      case RENYI_DIVERGENCE -> each(row -> p[row].renyiDivergence(q[row], Job.ORDER));
      case TOTAL_VARIATION -> each(row -> p[row].totalVariation(q[row]));
      case ROW_SUM, COLUMN_SUMS -> throw new IllegalArgumentException(statistic + " is not of logits");
    };
  }

  private double[] each(IntFunction<DoubleDouble> value) {
    return IntStream.range(0, p.length).mapToDouble(row -> value.apply(row).hi()).toArray();
  }

  @Override
  public void close() {
    x.close();
    y.close();
  }
}
