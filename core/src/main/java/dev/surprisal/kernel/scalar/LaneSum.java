package dev.surprisal.kernel.scalar;

import java.util.Arrays;

/**
 * A long sum in double: one for each lane, and, span by span, their total with what its additions have lost (Neumaier's
 * compensated sum). So no lane adds up more than a span and a tail, however long the row is.
 */
public final class LaneSum {
  /** What loops add to. */
  public final double[] lanes = new double[Lanes.WIDTH];

  private double total;
  private double lost;

  /** Begins anew. */
  public void clear() {
    Arrays.fill(lanes, 0);
    total = 0;
    lost = 0;
  }

  /** Takes note that so many entries have been added to the lanes. */
  public void added(int entries) {
    if (entries == Sizes.SPAN) {
      carry();
      Arrays.fill(lanes, 0);
    }
  }

  private void carry() {
    double sum = Lanes.fold(lanes);
    double next = total + sum;
    lost += Math.abs(total) >= Math.abs(sum) ? (total - next) + sum : (sum - next) + total;
    total = next;
  }

  /** The sum of all lanes; nothing is added to it afterwards. */
  public double finish() {
    carry();
    return Double.isFinite(total) ? total + lost : total;
  }
}
