package dev.surprisal.kernel.pair;

import dev.surprisal.kernel.loop.DivergenceLoop;
import dev.surprisal.kernel.loop.ShortPairsLoop;
import dev.surprisal.kernel.row.ShortRows;
import dev.surprisal.kernel.storage.Rows;
import dev.surprisal.kernel.storage.Scratch;
import dev.surprisal.kernel.vector.DoubleMath;
import dev.surprisal.kernel.vector.Lanes;

/** Up to 16 pairs of short rows side by side, and their divergences. */
final class ShortPairs {
  private final ShortRows x = new ShortRows();
  private final ShortRows y = new ShortRows();
  private final ShortPairsLoop.Columns columns = new ShortPairsLoop.Columns(x.columns, y.columns);

  /** Holds nothing any more. */
  void clear() {
    x.clear();
    y.clear();
  }

  /** {@code KL(p||q)} of a row, which is read together with those behind it, up to {@code to - 1}. */
  double klDivergence(Rows p, Rows q, long row, long to, Scratch scratch) {
    if (!x.holds(row)) {
      read(p, q, row, to, scratch);
      ShortPairsLoop.INSTANCE.klDivergence(columns, p.vocabulary());
    }
    int lane = x.lane(row);
    return areDistributions(lane) && columns.mismatches[lane] > 0 ? Double.POSITIVE_INFINITY : mean(lane);
  }

  /** The Jensen-Shannon divergence of a row, which is read together with those behind it, up to {@code to - 1}. */
  double jensenShannon(Rows p, Rows q, long row, long to, Scratch scratch) {
    if (!x.holds(row)) {
      read(p, q, row, to, scratch);
      int vocabulary = p.vocabulary();
      ShortPairsLoop.INSTANCE.logRatios(columns, vocabulary);
      DivergenceLoop.JENSEN_SHANNON.add(
          columns.p, columns.q, columns.logRatios, vocabulary * Lanes.WIDTH, 0, scratch.terms);
      for (int lane = 0; lane < Lanes.WIDTH; lane++) {
        columns.sums[lane] = scratch.terms.terms.lanes[lane];
      }
    }
    return Math.min(mean(x.lane(row)), PairReader.LN2);
  }

  private double mean(int lane) {
    return areDistributions(lane) ? columns.sums[lane] / x.mass(lane) : Double.NaN;
  }

  private boolean areDistributions(int lane) {
    return x.isDistribution(lane) && y.isDistribution(lane);
  }

  private void read(Rows p, Rows q, long row, long to, Scratch scratch) {
    x.read(p, row, to, scratch);
    y.read(q, row, to, scratch);
    for (int lane = 0; lane < x.count(); lane++) {
      columns.ratio[lane] = (float) (x.mass(lane) / y.mass(lane));
      columns.logMass[lane] = DoubleMath.log(x.mass(lane)) - DoubleMath.log(y.mass(lane));
    }
  }
}
