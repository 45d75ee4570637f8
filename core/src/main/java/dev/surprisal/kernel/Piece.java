package dev.surprisal.kernel;

import dev.surprisal.kernel.MomentsLoop.Level;

/**
 * Sums over one piece of a row of logits, from one read. The tile that holds the maximum is kept apart ("top") from the
 * others ("rest"), so that it, or a block of it, can be replaced by a more exact one.
 *
 * <p>Pieces of a row are summed independently of each other, whoever does it: the split depends on the vocabulary alone, and
 * so do the bits of the result.
 */
final class Piece {
  /** Entries of a piece. */
  static final int SIZE = 8 * Tile.SIZE;

  /** Entries looked at for a first guess of the maximum: an eighth, but within these bounds. */
  private static final int MIN_GLANCE = 64;
  private static final int MAX_GLANCE = 1024;

  /**
   * How far the reference is set above the maximum known. Where an entry exceeds the reference its tile has to be done again:
   * with this margin hardly ever. A larger one would cost digits of sums of distances.
   */
  private static final float MARGIN = 6;

  /**
   * How far the center may be below the maximum: about one farther off, entries near the maximum would lose the digits of their
   * distance to it.
   */
  private static final float MAX_OFF_CENTER = 8;

  /** Sums over everything else: see {@link MomentsLoop}. */
  double restA;
  double restB;
  double restC;

  /** Sums over the tile, or block, with the largest entry. */
  double topA;
  double topB;
  double topC;

  /** How many entries are above the target. */
  long above;

  /** How many entries were left out for being equal to the one excluded. */
  long ties;

  /** Logarithm of the unit of all sums. */
  double logUnit;

  float reference;

  /** What {@code restB}, {@code restC} and their twins are taken about. */
  float center;

  /** Distance of the largest entry below the reference, rounded; infinity if there is no entry above -inf. */
  float nearest;

  /** What the top is, and one past the last tile with an entry as near. */
  int topFrom;
  int topTo;
  int tiesTo;

  /** Whether some entry is NaN or positive infinity. */
  boolean invalid;

  private boolean careful;
  private double a;
  private double b;
  private double c;

  /** How many pieces a row of so many entries has. */
  static int count(int vocabulary) {
    return (vocabulary + SIZE - 1) / SIZE;
  }

  /** Reads the entries {@code from .. to - 1} of the row; {@code to} is a multiple of 16 or the end of the row. */
  void read(Row row, int from, int to, Level level, float target, Tile tile) {
    tile.excluded = Float.NaN;
    tile.target = target;
    read(row, from, to, level, tile);
  }

  /** As {@link #read}, about a given center, without the entries equal to {@code excluded}. */
  void readAgain(Row row, int from, int to, float about, float excluded, Tile tile) {
    center = about;
    tile.center = about;
    tile.excluded = excluded;
    tile.target = Float.NaN;
    read(row, from, to, Level.CAREFUL, tile);
  }

  private void read(Row row, int from, int to, Level level, Tile tile) {
    clear();
    careful = level == Level.CAREFUL;
    int whole = to & -Lanes.WIDTH;
    for (int at = from; at < whole && !invalid; at += Tile.SIZE) {
      int end = Math.min(at + Tile.SIZE, whole);
      row.tile(at, end);
      tile(row, at, end, at, level, tile);
    }
    if (whole < to && !invalid) {
      row.tail(whole, Float.NEGATIVE_INFINITY);
      boolean before = careful;
      careful = true;
      Source source = row.source;
      row.source = Source.F32_ARRAY;
      tile(row, 0, Lanes.WIDTH, whole, level, tile);
      row.source = source;
      careful = before;
    }
  }

  /**
   * Makes the block that has the entry {@code at}, if it is in the top tile, all of the top, and the other blocks part of the rest.
   * Their sums are in the tile still if it {@code holds} them; else they are summed again.
   */
  void narrowTop(Row row, int at, Level level, Tile tile, boolean holds) {
    int entries = topTo - topFrom;
    if (entries <= Tile.BLOCK || at >= topTo) {
      return;
    }
    if (!holds) {
      row.tile(topFrom, topTo);
      tile.x.refer(reference);
      tile.center = center;
      tile.target = Float.NaN;
      tile.excluded = Float.NaN;
      MomentsLoop.of(row.source, careful ? Level.CAREFUL : level).add(row.base, row.start, topFrom, topTo, tile);
    }
    int slot = (at - topFrom) / Tile.BLOCK;
    topA = tile.take(tile.a, slot);
    restA += tile.fold(tile.a, entries);
    if (level != Level.SUM) {
      topB = tile.take(tile.b, slot);
      restB += tile.fold(tile.b, entries);
    }
    if (level == Level.SCORE) {
      topC = tile.take(tile.c, slot);
      restC += tile.fold(tile.c, entries);
    }
    topFrom += slot * Tile.BLOCK;
    topTo = Math.min(topFrom + Tile.BLOCK, topTo);
  }

  private void clear() {
    restA = 0;
    restB = 0;
    restC = 0;
    topA = 0;
    topB = 0;
    topC = 0;
    above = 0;
    ties = 0;
    nearest = Float.POSITIVE_INFINITY;
    reference = Float.NaN;
    invalid = false;
  }

  /** Whether no entry above -inf has been met. */
  boolean isEmpty() {
    return Float.isNaN(reference);
  }

  /** One tile, its entries {@code at .. end - 1} of the base; {@code first} is the place of the first in the row. */
  private void tile(Row row, int at, int end, int first, Level level, Tile tile) {
    if (isEmpty() && !begin(row, at, end, level, tile)) {
      return;
    }
    int entries = end - at;
    int near;
    while (true) {
      MomentsLoop.of(row.source, careful ? Level.CAREFUL : level).add(row.base, row.start, at, end, tile);
      near = tile.near(entries);
      if (near < 0) {
        float max = Scan.of(row.source).max(row.base, row.start, at, end, tile);
        if (!(max < Float.POSITIVE_INFINITY)) {
          invalid = true;
          return;
        }
        rebase(max, level, tile);
      } else if (!careful && tile.far(entries) > MomentsLoop.FAR) {
        careful = true;
      } else {
        break;
      }
    }
    a = tile.fold(tile.a, entries);
    b = level == Level.SUM ? 0 : tile.fold(tile.b, entries);
    c = level == Level.SUM || level == Level.ENTROPY ? 0 : tile.fold(tile.c, entries);
    if (Double.isNaN(a + b)) {
      invalid = true;
      return;
    }
    above += level == Level.SCORE ? tile.above(entries) : 0;
    ties += careful ? tile.ties(entries) : 0;
    add(Float.intBitsToFloat(near), first, first + entries);
  }

  /** Takes the first reference from a glance at the tile; false if the tile has no entry above -inf. */
  private boolean begin(Row row, int at, int end, Level level, Tile tile) {
    Scan scan = Scan.of(row.source);
    int glance = Math.clamp((end - at) / 8 & -Lanes.WIDTH, MIN_GLANCE, MAX_GLANCE);
    float max = scan.max(row.base, row.start, at, Math.min(at + glance, end), tile);
    if (max == Float.NEGATIVE_INFINITY && end - at > glance) {
      max = scan.max(row.base, row.start, at, end, tile);
    }
    if (!(max < Float.POSITIVE_INFINITY)) {
      invalid = true;
      return false;
    }
    if (max == Float.NEGATIVE_INFINITY) {
      return false;
    }
    reference = max + MARGIN;
    logUnit = tile.x.refer(reference);
    careful |= tile.x.shift != 0;
    if (level != Level.CAREFUL) {
      center = max;
      tile.center = center;
    }
    return true;
  }

  /** Takes a new reference above the old one, and expresses what is summed so far by it. */
  private void rebase(float max, Level level, Tile tile) {
    double oldUnit = logUnit;
    reference = max + MARGIN;
    logUnit = tile.x.refer(reference);
    careful |= tile.x.shift != 0;
    double factor = Doubles.exp(oldUnit - logUnit);
    restA *= factor;
    restB *= factor;
    restC *= factor;
    topA *= factor;
    topB *= factor;
    topC *= factor;
    if (level != Level.CAREFUL && max - center > MAX_OFF_CENTER) {
      recenter(max, tile);
    }
    nearest = Float.POSITIVE_INFINITY;
  }

  private void recenter(float to, Tile tile) {
    double shift = (double) to - center;
    restC += shift * (2 * restB + shift * restA);
    topC += shift * (2 * topB + shift * topA);
    restB += shift * restA;
    topB += shift * topA;
    center = to;
    tile.center = to;
  }

  private void add(float distance, int from, int to) {
    if (distance < nearest) {
      restA += topA;
      restB += topB;
      restC += topC;
      topA = a;
      topB = b;
      topC = c;
      nearest = distance;
      topFrom = from;
      topTo = to;
      tiesTo = to;
    } else {
      restA += a;
      restB += b;
      restC += c;
      tiesTo = distance == nearest ? to : tiesTo;
    }
  }
}
