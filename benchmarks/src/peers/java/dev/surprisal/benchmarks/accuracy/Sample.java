package dev.surprisal.benchmarks.accuracy;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.input.Batches;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.RowKind;
import dev.surprisal.benchmarks.input.Storage;
import dev.surprisal.benchmarks.input.TrigramRows;
import dev.surprisal.oracle.DoubleDouble;
import dev.surprisal.oracle.Measure;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Some rows of one kind in one dtype, the second row of each pair, and what is exactly true of the values as they are stored. */
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

  double[] logSumExp() {
    return each(row -> p[row].logSumExp());
  }

  double[] crossEntropy() {
    return each(row -> p[row].crossEntropy(targets[row]));
  }

  double[] entropy() {
    return each(row -> p[row].entropy());
  }

  double[] varentropy() {
    return each(row -> p[row].varentropy());
  }

  double[] klDivergence() {
    return each(row -> p[row].klDivergence(q[row]));
  }

  double[] jensenShannon() {
    return each(row -> p[row].jensenShannon(q[row]));
  }

  /** All rows, one behind the other. */
  double[] logSoftmax() {
    int vocabulary = x.shape().vocabulary();
    return IntStream.range(0, x.shape().batchSize()).mapToDouble(i -> p[i / vocabulary].logP(i % vocabulary).hi()).toArray();
  }

  private double[] each(Function<Integer, DoubleDouble> statistic) {
    return IntStream.range(0, p.length).mapToDouble(row -> statistic.apply(row).hi()).toArray();
  }

  @Override
  public void close() {
    x.close();
    y.close();
  }
}
