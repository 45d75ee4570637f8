package dev.surprisal.kernel;

/**
 * Sums over one piece of two rows of logits, from one read of both: see {@link PairLoop}. As in {@link Piece}, each row has a
 * reference a little above its maximum as far as it is known.
 */
final class PairPiece {
  private static final float MARGIN = 6;
  private static final int GLANCE = 256;

  /**
   * Sums of {@code e^x}, {@code e^y} and {@code e^x ((x - xReference) - (y - yReference))}, and the logarithms of the units of
   * {@code a} and {@code c}, and of {@code b}.
   */
  double a;
  double b;
  double c;
  double xLogUnit;
  double yLogUnit;

  /** The magnitude of what {@code c} is made of, in its unit: the tiles' sums about what they were taken about. */
  double spread;

  float xReference;
  float yReference;

  /** The sum of terms of a second read. */
  double terms;

  /** How many entries have {@code y = -inf} where {@code x} is not. */
  long mismatches;

  /** Whether some entry is NaN or positive infinity. */
  boolean invalid;

  /** Whether logits are so large that they are reduced by a reference first: see {@link Unit}. */
  boolean huge;

  /** Whether the careful loop is taken from the start. */
  private boolean careful;

  /** What {@code c} is taken about in the fast loop: of digits, {@code x - y} has the more the nearer to it. */
  float offset;

  /** The first entry not yet read. */
  private int next;

  /** Begins a piece of the entries {@code from .. to - 1}; {@code to} is a multiple of 16 or the end of both rows. */
  void begin(Row x, Row y, int from, int to, Tile tile) {
    a = 0;
    b = 0;
    c = 0;
    spread = 0;
    mismatches = 0;
    invalid = false;
    huge = false;
    careful = false;
    next = from;
    float xMax = firstMax(x, from, to, tile);
    float yMax = firstMax(y, from, to, tile);
    if (!(xMax < Float.POSITIVE_INFINITY && yMax < Float.POSITIVE_INFINITY)) {
      invalid = true;
      return;
    }
    offset = xMax - yMax;
    referX(xMax, tile);
    referY(yMax, tile);
  }

  /** Reads on, up to the entry {@code to}: a multiple of 16 or the end of both rows. */
  void read(Row x, Row y, int to, Tile tile) {
    tile.offset = offset;
    tile.x.refer(xReference);
    tile.y.refer(yReference);
    int whole = to & -Lanes.WIDTH;
    for (int at = next; at < whole && !invalid; at += Tile.SIZE) {
      int end = Math.min(at + Tile.SIZE, whole);
      x.tile(at, end);
      y.tile(at, end);
      tile(x, y, x.source, at, end, tile);
    }
    if (whole < to && next < to && !invalid) {
      x.tail(whole, Float.NEGATIVE_INFINITY);
      y.tail(whole, Float.NEGATIVE_INFINITY);
      boolean before = careful;
      careful = true;
      tile(x, y, Source.F32_ARRAY, 0, Lanes.WIDTH, tile);
      careful = before;
    }
    next = to;
  }

  /** The maximum of the first entries of the piece that are not all -inf; 0, as good as any, if they all are. */
  private static float firstMax(Row row, int from, int to, Tile tile) {
    int whole = to & -Lanes.WIDTH;
    int step = GLANCE;
    for (int at = from; at < whole; at += step, step = Tile.SIZE) {
      int end = Math.min(at + step, whole);
      row.tile(at, end);
      float max = Scan.of(row.source).max(row.base, row.start, at, end, tile);
      if (max != Float.NEGATIVE_INFINITY) {
        return max;
      }
    }
    float max = whole < to ? row.tail(whole, Float.NEGATIVE_INFINITY) : Float.NEGATIVE_INFINITY;
    return max == Float.NEGATIVE_INFINITY ? 0 : max;
  }

  private void tile(Row x, Row y, Source source, int at, int end, Tile tile) {
    int entries = end - at;
    boolean carefully = careful;
    while (true) {
      PairLoop.of(source, carefully).add(x, y, at, end, tile);
      int above = tile.near(entries);
      int aboveSecond = tile.nearSecond(entries);
      boolean far = !carefully && tile.far(entries) > MomentsLoop.FAR;
      if (above >= 0 && aboveSecond >= 0 && !far) {
        break;
      }
      int amiss = tile.blocksBelowZero(tile.near, entries)
          | tile.blocksBelowZero(tile.nearSecond, entries)
          | (far ? tile.blocksAbove(tile.far, MomentsLoop.FAR, entries) : 0);
      if (entries > Tile.BLOCK && Integer.bitCount(amiss) <= Tile.FEW) {
        tile.forget(amiss);
        add(carefully, entries, tile);
        for (int left = amiss; left != 0 && !invalid; left &= left - 1) {
          int from = at + Integer.numberOfTrailingZeros(left) * Tile.BLOCK;
          tile(x, y, source, from, Math.min(from + Tile.BLOCK, end), tile);
        }
        return;
      }
      if (above < 0) {
        double oldUnit = xLogUnit;
        double old = xReference;
        if (!referX(max(x, source, at, end, tile), tile)) {
          return;
        }
        double factor = Doubles.exp(oldUnit - xLogUnit);
        c = (c - a * (xReference - old)) * factor;
        a *= factor;
        spread *= factor;
      } else if (aboveSecond < 0) {
        double oldUnit = yLogUnit;
        double old = yReference;
        if (!referY(max(y, source, at, end, tile), tile)) {
          return;
        }
        c += a * (yReference - old);
        b *= Doubles.exp(oldUnit - yLogUnit);
      } else {
        carefully = true;
        // A block alone may be an exception, a tile like this is none.
        careful |= entries > Tile.BLOCK;
      }
      carefully |= careful;
    }
    add(carefully, entries, tile);
  }

  private void add(boolean carefully, int entries, Tile tile) {
    double tileA = tile.fold(tile.a, entries);
    double tileC = tile.fold(tile.c, entries);
    a += tileA;
    b += tile.fold(tile.b, entries);
    c += tileC + (carefully ? 0 : tileA * (tile.offset - ((double) xReference - yReference)));
    spread += Math.abs(tileC);
    mismatches += carefully ? tile.above(entries) : 0;
    invalid |= Double.isNaN(a + b);
  }

  private static float max(Row row, Source source, int at, int end, Tile tile) {
    return Scan.of(source).max(row.base, row.start, at, end, tile);
  }

  /** Sets the reference of the first row; false, and the piece invalid, if the maximum is NaN or infinity. */
  private boolean referX(float max, Tile tile) {
    invalid = !(max < Float.POSITIVE_INFINITY);
    xReference = max + MARGIN;
    xLogUnit = tile.x.refer(xReference);
    huge |= tile.x.shift != 0;
    careful |= huge;
    return !invalid;
  }

  private boolean referY(float max, Tile tile) {
    invalid = !(max < Float.POSITIVE_INFINITY);
    yReference = max + MARGIN;
    yLogUnit = tile.y.refer(yReference);
    huge |= tile.y.shift != 0;
    careful |= huge;
    return !invalid;
  }
}
