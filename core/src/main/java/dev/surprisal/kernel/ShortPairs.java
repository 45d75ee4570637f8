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

  /** Entry by entry as the columns are: {@code log(q/p)} and the terms of KL, or {@code log(p/q)} and what it is the ratio of. */
  final float[] logRatios = new float[ShortRows.LONGEST * Lanes.WIDTH];
  final float[] terms = new float[ShortRows.LONGEST * Lanes.WIDTH];
  final float[] p = new float[ShortRows.LONGEST * Lanes.WIDTH];
  final float[] q = new float[ShortRows.LONGEST * Lanes.WIDTH];

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
    if (read(p, q, row)) {
      int vocabulary = p.vocabulary();
      subtract(vocabulary, -1);
      for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
        ShortPairsLoop.INSTANCE.terms(this, vocabulary, lane);
      }
      for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.DOUBLES.length()) {
        add(vocabulary * Lanes.WIDTH, lane);
      }
    }
    int lane = x.lane(p, row);
    return areDistributions(lane) && mismatches[lane] > 0 ? Double.POSITIVE_INFINITY : mean(lane);
  }

  /** The Jensen-Shannon divergence. */
  double jensenShannon(Rows p, Rows q, long row, Tile tile) {
    if (read(p, q, row)) {
      int vocabulary = p.vocabulary();
      subtract(vocabulary, 1);
      for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
        ShortPairsLoop.INSTANCE.weights(this, vocabulary, lane);
        DivergenceLoop.JENSEN_SHANNON.add(this.p, this.q, logRatios, vocabulary * Lanes.WIDTH, lane, 0, tile);
      }
      for (int lane = 0; lane < Lanes.WIDTH; lane++) {
        sums[lane] = tile.a[lane];
      }
    }
    return Math.min(mean(x.lane(p, row)), Pair.LN2);
  }

  private double mean(int lane) {
    return areDistributions(lane) ? sums[lane] / x.sum(lane) : Double.NaN;
  }

  private boolean areDistributions(int lane) {
    return x.isDistribution(lane) && y.isDistribution(lane);
  }

  /** Reads a pair and those behind it, unless it is held; false if so. */
  private boolean read(Rows p, Rows q, long row) {
    if (x.holds(p, row) && y.holds(q, row)) {
      return false;
    }
    x.read(p, row);
    y.read(q, row);
    for (int lane = 0; lane < x.count(); lane++) {
      ratio[lane] = (float) (x.sum(lane) / y.sum(lane));
      logMass[lane] = Doubles.log(x.sum(lane)) - Doubles.log(y.sum(lane));
    }
    return true;
  }

  /** The logarithms of {@code p/q}, or for a sign of -1 of {@code q/p}. */
  private void subtract(int vocabulary, double sign) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.DOUBLES.length()) {
      subtract(vocabulary * Lanes.WIDTH, lane, sign);
    }
  }

  /** Distances from the maxima first, and in double: what is left may be small beside the logits. */
  private void subtract(int end, int lane, double sign) {
    DoubleVector xMax = (DoubleVector) FloatVector.fromArray(Lanes.HALF, x.max, lane).convertShape(VectorOperators.F2D, Lanes.DOUBLES, 0);
    DoubleVector yMax = (DoubleVector) FloatVector.fromArray(Lanes.HALF, y.max, lane).convertShape(VectorOperators.F2D, Lanes.DOUBLES, 0);
    DoubleVector logMasses = DoubleVector.fromArray(Lanes.DOUBLES, logMass, lane);
    for (int i = lane; i < end; i += Lanes.WIDTH) {
      DoubleVector xs = (DoubleVector) FloatVector.fromArray(Lanes.HALF, x.columns, i).convertShape(VectorOperators.F2D, Lanes.DOUBLES, 0);
      DoubleVector ys = (DoubleVector) FloatVector.fromArray(Lanes.HALF, y.columns, i).convertShape(VectorOperators.F2D, Lanes.DOUBLES, 0);
      DoubleVector v = xs.sub(xMax).sub(ys.sub(yMax)).sub(logMasses).mul(sign);
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
