package dev.surprisal.kernel.pair;

import dev.surprisal.kernel.loop.ShortPairsLoop;
import dev.surprisal.kernel.row.ShortRows;
import dev.surprisal.kernel.storage.Rows;
import dev.surprisal.kernel.storage.Scratch;
import dev.surprisal.kernel.scalar.DoubleMath;
import dev.surprisal.kernel.scalar.Lanes;

/** Up to 16 pairs of short rows side by side, and their divergences. */
final class ShortPairs {
  private final ShortRows x = new ShortRows();
  private final ShortRows y = new ShortRows();
  private final TermSums sums = new TermSums();
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
      ShortPairsLoop.of().klDivergence(columns, p.vocabulary());
    }
    int lane = x.lane(row);
    if (columns.sums[lane] == Double.POSITIVE_INFINITY && columns.mismatches[lane] == 0) {
      columns.sums[lane] = ShortPairsLoop.of().sumApart(columns, p.vocabulary(), lane);
    }
    return areDistributions(lane) && columns.mismatches[lane] > 0 ? Double.POSITIVE_INFINITY : mean(lane);
  }

  /** Another divergence of a row, which is read together with those behind it, up to {@code to - 1}. */
  double divergence(Divergence divergence, Rows p, Rows q, long row, long to, Scratch scratch) {
    if (!x.holds(row)) {
      read(p, q, row, to, scratch);
      if (addTerms(divergence, p.vocabulary(), scratch)) {
        addTerms(divergence, p.vocabulary(), scratch);
      }
    }
    return mean(x.lane(row));
  }

  /**
   * Adds up the terms of all pairs; returns whether some second distribution turned out to be
   * scaled wrongly, and mends that.
   */
  private boolean addTerms(Divergence divergence, int vocabulary, Scratch scratch) {
    ShortPairsLoop.of().logRatios(columns, vocabulary);
    divergence.add(scratch, columns.p, columns.q, columns.logRatios, vocabulary * Lanes.WIDTH, 0);
    boolean mended = false;
    for (int lane = 0; lane < x.count(); lane++) {
      divergence.lane(scratch, lane, sums);
      columns.sums[lane] = divergence.finish(sums, 0);
      double misscaled = divergence.misscaled(sums);
      if (misscaled != 0) {
        columns.ratio[lane] /= (float) (1 + misscaled);
        columns.logMass[lane] -= DoubleMath.log1p(misscaled);
        mended = true;
      }
    }
    return mended;
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
