package dev.surprisal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Up to 16 pairs of {@link ShortRows} side by side, and their divergences. */
final class ShortPairs {
  final ShortRows x = new ShortRows();
  final ShortRows y = new ShortRows();

  /** What scales the second distribution to the unit of the first. */
  final float[] ratio = new float[Lanes.WIDTH];

  /** {@code log(q/p)}, entry by entry as the columns are, and the terms of the divergence. */
  final float[] logRatios = new float[ShortRows.LONGEST * Lanes.WIDTH];
  final float[] terms = new float[ShortRows.LONGEST * Lanes.WIDTH];

  final int[] mismatches = new int[Lanes.WIDTH];

  /** The difference of the logarithms of the sums about the maxima. */
  private final double[] logMass = new double[Lanes.WIDTH];
  private final double[] sums = new double[Lanes.WIDTH];

  /** Forgets what is held: it may have changed. Rows from {@code to} on are not going to be read. */
  void begin(long to) {
    x.begin(to);
    y.begin(to);
  }

  /** {@code KL(p||q)}. */
  double klDivergence(Rows p, Rows q, long row) {
    if (!x.holds(p, row) || !y.holds(q, row)) {
      x.read(p, row);
      y.read(q, row);
      compute(p.vocabulary());
    }
    int lane = x.lane(p, row);
    if (!x.isDistribution(lane) || !y.isDistribution(lane)) {
      return Double.NaN;
    }
    return mismatches[lane] > 0 ? Double.POSITIVE_INFINITY : sums[lane] / x.sum(lane);
  }

  private void compute(int vocabulary) {
    for (int lane = 0; lane < x.count(); lane++) {
      ratio[lane] = (float) (x.sum(lane) / y.sum(lane));
      logMass[lane] = Doubles.log(x.sum(lane)) - Doubles.log(y.sum(lane));
    }
    int end = vocabulary * Lanes.WIDTH;
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.DOUBLES.length()) {
      subtract(end, lane);
    }
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
      ShortPairsLoop.INSTANCE.terms(this, vocabulary, lane);
    }
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.DOUBLES.length()) {
      add(end, lane);
    }
  }

  /** Distances from the maxima first, and in double: what is left may be small beside the logits. */
  private void subtract(int end, int lane) {
    DoubleVector xMax = (DoubleVector) FloatVector.fromArray(Lanes.HALF, x.max, lane).convertShape(VectorOperators.F2D, Lanes.DOUBLES, 0);
    DoubleVector yMax = (DoubleVector) FloatVector.fromArray(Lanes.HALF, y.max, lane).convertShape(VectorOperators.F2D, Lanes.DOUBLES, 0);
    DoubleVector logMasses = DoubleVector.fromArray(Lanes.DOUBLES, logMass, lane);
    for (int i = lane; i < end; i += Lanes.WIDTH) {
      DoubleVector xs = (DoubleVector) FloatVector.fromArray(Lanes.HALF, x.columns, i).convertShape(VectorOperators.F2D, Lanes.DOUBLES, 0);
      DoubleVector ys = (DoubleVector) FloatVector.fromArray(Lanes.HALF, y.columns, i).convertShape(VectorOperators.F2D, Lanes.DOUBLES, 0);
      DoubleVector v = ys.sub(yMax).sub(xs.sub(xMax)).add(logMasses);
      ((FloatVector) v.convertShape(VectorOperators.D2F, Lanes.HALF, 0)).intoArray(logRatios, i);
    }
  }

  private void add(int end, int lane) {
    DoubleVector sum = DoubleVector.zero(Lanes.DOUBLES);
    for (int i = lane; i < end; i += Lanes.WIDTH) {
      sum = sum.add(FloatVector.fromArray(Lanes.HALF, terms, i).convertShape(VectorOperators.F2D, Lanes.DOUBLES, 0));
    }
    sum.intoArray(sums, lane);
  }
}
