package dev.surprisal.kernel.row;

import dev.surprisal.kernel.loop.ShortRowsLoop;
import dev.surprisal.kernel.storage.Rows;
import dev.surprisal.kernel.storage.Scratch;
import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Sizes;

/**
 * Up to 16 short rows side by side, each in a lane of its own, and their sums about their maxima, these left
 * out. One after the other they would leave most lanes empty, and what a row costs before and after its loop
 * would be nearly all of its time.
 */
public final class ShortRows {
  /** The rows, and what the loop makes of them. */
  public final ShortRowsLoop.Columns columns = new ShortRowsLoop.Columns();

  /** The same values row by row, one behind the other. */
  final float[] packed = new float[Sizes.SHORT * Lanes.WIDTH];

  private Rows rows;

  /** What is held: the rows {@code first .. end - 1}. */
  private long first;
  private long end;

  /** Whether rows of so many entries are short. */
  public static boolean areShort(int vocabulary) {
    return vocabulary <= Sizes.SHORT;
  }

  /** Holds nothing any more. */
  public void clear() {
    rows = null;
    first = 0;
    end = 0;
  }

  /** Whether a row is held. */
  public boolean holds(long row) {
    return row >= first && row < end;
  }

  /** The lane of a row that is held. */
  public int lane(long row) {
    return (int) (row - first);
  }

  /** How many rows are held, in the lanes from 0. */
  public int count() {
    return (int) (end - first);
  }

  /** Reads a row and those behind it, up to {@code to - 1}. */
  public void read(Rows of, long from, long to, Scratch scratch) {
    rows = of;
    first = from;
    int count = (int) Math.min(to - from, Lanes.WIDTH);
    end = from + count;
    int vocabulary = of.vocabulary();
    scratch.copy(of, from, count, packed);
    for (int lane = 0; lane < count; lane++) {
      for (int i = 0; i < vocabulary; i++) {
        columns.values[i * Lanes.WIDTH + lane] = packed[lane * vocabulary + i];
      }
    }
    ShortRowsLoop.of().read(columns, vocabulary);
  }

  /** Where the row in a lane begins among those packed. A whole number of vectors can be read from there. */
  int start(int lane) {
    return lane * rows.vocabulary();
  }

  /** One entry of the row in a lane. */
  float value(int i, int lane) {
    return columns.values[i * Lanes.WIDTH + lane];
  }

  /** Whether the row in a lane has a finite maximum. */
  public boolean isDistribution(int lane) {
    return Math.abs(columns.max[lane]) < Float.POSITIVE_INFINITY;
  }

  /** {@code sum e^(x - m)} over the row in a lane, m its maximum. */
  public double mass(int lane) {
    return columns.ties[lane] + columns.mass[lane];
  }

  /** The first entry of this value. */
  int indexOf(float value, int lane) {
    int i = 0;
    while (value(i, lane) != value) {
      i++;
    }
    return i;
  }

  /** How many entries are above a target. */
  int above(float target, int lane) {
    int above = 0;
    for (int i = 0; i < rows.vocabulary(); i++) {
      above += value(i, lane) > target ? 1 : 0;
    }
    return above;
  }
}
