package dev.surprisal.data;

import dev.surprisal.DType;
import dev.surprisal.Scorer;
import dev.surprisal.kernel.Statistic;
import dev.surprisal.kernel.storage.Operand;
import dev.surprisal.oracle.Measure;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Samples of one length in the dtypes they are stored in, and what the oracle says of the stored values. */
public final class Workload {
  private final List<Sample> samples;
  private final DType first;
  private final DType second;
  private final int[] targets;
  private final Map<String, Views> placed = new HashMap<>();
  private final Map<Operand, float[][]> firstRows = new EnumMap<>(Operand.class);
  private final Map<Operand, float[][]> secondRows = new EnumMap<>(Operand.class);
  private final Map<Operand, Measure[]> firstMeasures = new EnumMap<>(Operand.class);
  private final Map<Operand, Measure[]> secondMeasures = new EnumMap<>(Operand.class);

  public Workload(List<Sample> samples, DType dtype) {
    this(samples, dtype, dtype);
  }

  public Workload(List<Sample> samples, DType first, DType second) {
    this.samples = samples;
    this.first = first;
    this.second = second;
    this.targets = samples.stream().mapToInt(Sample::target).toArray();
  }

  public int rows() {
    return samples.size();
  }

  public String name(int row) {
    return samples.get(row).name() + " in " + first + (first == second ? "" : " and " + second);
  }

  public int[] targets() {
    return targets;
  }

  /** What the library computes. */
  public double[] compute(Figure figure, Scorer scorer, Storage storage) {
    return compute(figure, scorer, storage, storage);
  }

  /** What the library computes from rows in two storages. */
  public double[] compute(Figure figure, Scorer scorer, Storage storage, Storage secondStorage) {
    Operand first = figure.first();
    Operand second = figure.second();
    Views p = placed.computeIfAbsent("first " + first + storage, key -> firstViews(first, storage));
    Views q = figure.isOfTwo()
        ? placed.computeIfAbsent("second " + second + secondStorage, key -> secondViews(second, secondStorage))
        : null;
    return figure.compute(scorer, p, q, targets, new double[rows()]);
  }

  /** The first rows, somewhere. */
  public Views firstViews(Operand operand, Storage storage) {
    return storage.place(firstRows(operand), first);
  }

  /** The second rows, somewhere. */
  public Views secondViews(Operand operand, Storage storage) {
    return storage.place(secondRows(operand), second);
  }

  /** The values of the first rows, as stored. */
  public float[][] firstRows(Operand operand) {
    return firstRows.computeIfAbsent(operand, key -> stored(key, Sample::p, first));
  }

  /** The values of the second rows, as stored. */
  public float[][] secondRows(Operand operand) {
    return secondRows.computeIfAbsent(operand, key -> stored(key, Sample::q, second));
  }

  private float[][] stored(Operand operand, Function<Sample, float[]> row, DType dtype) {
    return samples.stream()
        .map(sample -> Encoding.stored(Values.of(operand, row.apply(sample)), dtype)).toArray(float[][]::new);
  }

  /** What the oracle says of one row. */
  public double expected(Figure figure, int row) {
    return figure.define(first(figure)[row], second(figure)[row], targets[row]).hi();
  }

  /** Where a result is the sum of terms that cancel, the size of these. */
  public double cancelled(Figure figure, int row, double expected) {
    return Tolerance.cancelled(figure, first(figure)[row], second(figure)[row], expected);
  }

  private Measure[] first(Figure figure) {
    return firstMeasures.computeIfAbsent(figure.first(), operand -> measures(operand, firstRows(operand)));
  }

  private Measure[] second(Figure figure) {
    return figure.isOfTwo()
        ? secondMeasures.computeIfAbsent(figure.second(), operand -> measures(operand, secondRows(operand)))
        : new Measure[rows()];
  }

  private static Measure[] measures(Operand operand, float[][] rows) {
    Measure[] measures = new Measure[rows.length];
    for (int row = 0; row < rows.length; row++) {
      measures[row] = Values.measure(operand, rows[row]);
    }
    return measures;
  }
}
