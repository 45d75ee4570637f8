package dev.surprisal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Up to 16 short rows side by side, each in a lane of its own, and their sums about their maxima, these left out. One after the other
 * they would leave most lanes empty, and what a row costs before and after its loop would be nearly all of its time.
 */
final class ShortRows {
  /** Entries up to which a row is short. */
  static final int LONGEST = 64;

  /** Lane by lane, what is known of a row. */
  final float[] max = new float[Lanes.WIDTH];
  final int[] ties = new int[Lanes.WIDTH];
  final double[] a = new double[Lanes.WIDTH];
  final double[] b = new double[Lanes.WIDTH];
  final double[] c = new double[Lanes.WIDTH];

  /** The first entries of all rows, then the second ones, and so on; and what the loop makes of them. */
  final float[] columns = new float[LONGEST * Lanes.WIDTH];
  final float[] exponentials = new float[LONGEST * Lanes.WIDTH];
  final float[] distances = new float[LONGEST * Lanes.WIDTH];

  /** What is held: the rows {@code first .. first + count - 1}. */
  private Rows rows;
  private long first;
  private int count;

  private long end;

  /** Forgets what is held: it may have changed. Rows from {@code to} on are not going to be read. */
  void begin(long to) {
    rows = null;
    end = to;
  }

  /** The lane of a row, which is read now if it is not held, together with those behind it. */
  int lane(Rows of, long row) {
    if (!holds(of, row)) {
      read(of, row);
    }
    return (int) (row - first);
  }

  boolean holds(Rows of, long row) {
    return of == rows && row >= first && row < first + count;
  }

  /** Reads a row and those behind it. */
  void read(Rows of, long from) {
    rows = of;
    first = from;
    count = Math.clamp(Math.min(end, of.rows()) - from, 1, Lanes.WIDTH);
    int vocabulary = of.vocabulary();
    for (int lane = 0; lane < count; lane++) {
      for (int i = 0; i < vocabulary; i++) {
        columns[i * Lanes.WIDTH + lane] = of.get(from + lane, i);
      }
    }
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
      ShortRowsLoop.INSTANCE.exponentials(this, vocabulary, lane);
    }
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.DOUBLES.length()) {
      sum(vocabulary, lane);
    }
  }

  /** In double: unlike the sums of long rows these are in one lane each, whose rounding errors nothing averages out. */
  private void sum(int vocabulary, int lane) {
    DoubleVector sumA = DoubleVector.zero(Lanes.DOUBLES);
    DoubleVector sumB = DoubleVector.broadcast(Lanes.DOUBLES, 0.0);
    DoubleVector sumC = DoubleVector.broadcast(Lanes.DOUBLES, 0);
    for (int i = lane; i < vocabulary * Lanes.WIDTH; i += Lanes.WIDTH) {
      DoubleVector e = (DoubleVector) FloatVector.fromArray(Lanes.HALF, exponentials, i).convertShape(VectorOperators.F2D, Lanes.DOUBLES, 0);
      DoubleVector d = (DoubleVector) FloatVector.fromArray(Lanes.HALF, distances, i).convertShape(VectorOperators.F2D, Lanes.DOUBLES, 0);
      DoubleVector ed = e.mul(d);
      sumA = sumA.add(e);
      sumB = sumB.add(ed);
      sumC = ed.fma(d, sumC);
    }
    sumA.intoArray(a, lane);
    sumB.intoArray(b, lane);
    sumC.intoArray(c, lane);
  }

  /** How many rows are held, in the lanes from 0. */
  int count() {
    return count;
  }

  /** Whether the row in a lane has a finite maximum. */
  boolean isDistribution(int lane) {
    return Math.abs(max[lane]) < Float.POSITIVE_INFINITY;
  }

  /** {@code sum e^(x - m)} over the row in a lane, m its maximum. */
  double sum(int lane) {
    return ties[lane] + a[lane];
  }

  /** The first entry of this value. */
  int indexOf(float value, int lane) {
    int i = 0;
    while (columns[i * Lanes.WIDTH + lane] != value) {
      i++;
    }
    return i;
  }

  /** How many entries are above a target. */
  int above(float target, int lane) {
    int above = 0;
    for (int i = 0; i < rows.vocabulary(); i++) {
      above += columns[i * Lanes.WIDTH + lane] > target ? 1 : 0;
    }
    return above;
  }
}
