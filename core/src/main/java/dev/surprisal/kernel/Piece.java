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
   * with this margin hardly ever. So far above the center an entry may be, too: from there a larger one would lose the digits of its
   * distance to entries near it.
   */
  private static final float MARGIN = 6;

  /** The share of the sum over a tile that must be left without its largest block for the difference to keep its digits. */
  private static final double LEAST_LEFT = 1e-5;

  /** Sums over everything else: see {@link MomentsLoop}. */
  double restA;
  double restB;
  double restC;

  /** Sums over the tile, or block, with the largest entry. */
  double topA;
  double topB;
  double topC;

  /** What {@code restC} and {@code topC} are made of, each tile about the center of its time: it has their digits. */
  double magnitude;

  /** The same for {@code restB} and {@code topB}. */
  double spread;

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

  /** What the top is. */
  int topFrom;
  int topTo;

  /** Where all entries as near are. */
  int tiesFrom;
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
   * Their sums are in the tile still if it {@code holds} them; else the block is summed again, and taken off the tile if that
   * leaves digits enough.
   */
  void narrowTop(Row row, int at, Level level, Tile tile, boolean holds) {
    int entries = topTo - topFrom;
    if (entries <= Tile.BLOCK || at < topFrom || at >= topTo) {
      return;
    }
    int block = (at - topFrom) / Tile.BLOCK;
    int from = topFrom + block * Tile.BLOCK;
    int to = Math.min(from + Tile.BLOCK, topTo);
    if (!holds && !careful) {
      sumAgain(row, from, to, level, tile);
      fold(level, to - from, tile);
      if (topA - a > LEAST_LEFT * topA) {
        restA += topA - a;
        restB += topB - b;
        restC += topC - c;
        setTop(from, to);
        return;
      }
    }
    if (!holds) {
      sumAgain(row, topFrom, topTo, level, tile);
    }
    take(level, block, tile);
    setTop(from, to);
    fold(level, entries, tile);
    addToRest();
  }

  /** The sums over some entries of the top once more, in the tile. */
  private void sumAgain(Row row, int from, int to, Level level, Tile tile) {
    row.tile(from, to);
    tile.x.refer(reference);
    tile.center = center;
    tile.target = Float.NaN;
    tile.excluded = Float.NaN;
    MomentsLoop.of(row.source, careful ? Level.CAREFUL : level).add(row.base, row.start, from, to, tile);
  }

  private void clear() {
    restA = 0;
    restB = 0;
    restC = 0;
    topA = 0;
    topB = 0;
    topC = 0;
    magnitude = 0;
    spread = 0;
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
    boolean carefully = careful;
    int near;
    while (true) {
      MomentsLoop.of(row.source, carefully ? Level.CAREFUL : level).add(row.base, row.start, at, end, tile);
      near = tile.near(entries);
      if (near >= 0 && (carefully || tile.far(entries) <= MomentsLoop.FAR)) {
        break;
      }
      int amiss = tile.blocksBelowZero(tile.near, entries)
          | (carefully ? 0 : tile.blocksAbove(tile.far, MomentsLoop.FAR, entries));
      if (entries > Tile.BLOCK && Integer.bitCount(amiss) <= Tile.FEW) {
        tileBut(amiss, row, at, end, first, level, tile);
        return;
      }
      if (near >= 0) {
        carefully = true;
        // A block alone may be an exception, a tile like this is none.
        careful |= entries > Tile.BLOCK;
      } else if (rebase(Scan.of(row.source).max(row.base, row.start, at, end, tile), level, tile)) {
        carefully |= careful;
      } else {
        return;
      }
    }
    fold(level, entries, tile);
    count(level, carefully, entries, tile);
    add(Float.intBitsToFloat(near), first, first + entries);
  }

  /** The rest of a tile that has been read but for some blocks, a bit each, and then these one by one. */
  private void tileBut(int amiss, Row row, int at, int end, int first, Level level, Tile tile) {
    int entries = end - at;
    tile.forget(amiss);
    int near = tile.near(entries);
    if (near != Integer.MAX_VALUE) {
      count(level, careful, entries, tile);
      int top = Tile.blockOf(tile.near, near);
      take(level, top, tile);
      int from = first + top * Tile.BLOCK;
      add(Float.intBitsToFloat(near), from, Math.min(from + Tile.BLOCK, first + entries));
      if (Float.intBitsToFloat(near) == nearest) {
        tiesTo = first + entries; // another block may have an entry as near
      }
      fold(level, entries, tile);
      addToRest();
      magnitude += c;
      spread += Math.abs(b);
    }
    for (int left = amiss; left != 0 && !invalid; left &= left - 1) {
      int from = Integer.numberOfTrailingZeros(left) * Tile.BLOCK;
      tile(row, at + from, Math.min(at + from + Tile.BLOCK, end), first + from, level, tile);
    }
  }

  private void fold(Level level, int entries, Tile tile) {
    a = tile.fold(tile.a, entries);
    b = level == Level.SUM ? 0 : tile.fold(tile.b, entries);
    c = level == Level.SUM || level == Level.ENTROPY ? 0 : tile.fold(tile.c, entries);
    invalid |= Double.isNaN(a + b);
  }

  private void take(Level level, int block, Tile tile) {
    a = tile.take(tile.a, block);
    b = level == Level.SUM ? 0 : tile.take(tile.b, block);
    c = level == Level.SUM || level == Level.ENTROPY ? 0 : tile.take(tile.c, block);
  }

  private void count(Level level, boolean carefully, int entries, Tile tile) {
    above += level == Level.SCORE ? tile.above(entries) : 0;
    ties += carefully ? tile.ties(entries) : 0;
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

  /**
   * Takes a new reference above the old one, and expresses what is summed so far by it; false, and the piece invalid, if the maximum
   * is NaN or infinity.
   */
  private boolean rebase(float max, Level level, Tile tile) {
    if (!(max < Float.POSITIVE_INFINITY)) {
      invalid = true;
      return false;
    }
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
    magnitude *= factor;
    spread *= factor;
    if (level != Level.CAREFUL) {
      recenter(max, tile);
    }
    nearest = Float.POSITIVE_INFINITY;
    return true;
  }

  private void recenter(float to, Tile tile) {
    double shift = (double) to - center;
    magnitude += Math.abs(shift) * (2 * Math.abs(restB + topB) + Math.abs(shift) * (restA + topA));
    restC += shift * (2 * restB + shift * restA);
    topC += shift * (2 * topB + shift * topA);
    restB += shift * restA;
    topB += shift * topA;
    center = to;
    tile.center = to;
  }

  private void add(float distance, int from, int to) {
    magnitude += c;
    spread += Math.abs(b);
    if (distance < nearest) {
      restA += topA;
      restB += topB;
      restC += topC;
      setTop(from, to);
      nearest = distance;
      tiesFrom = from;
      tiesTo = to;
    } else {
      addToRest();
    }
    if (distance == nearest) {
      tiesFrom = Math.min(tiesFrom, from);
      tiesTo = Math.max(tiesTo, to);
    }
  }

  private void setTop(int from, int to) {
    topA = a;
    topB = b;
    topC = c;
    topFrom = from;
    topTo = to;
  }

  private void addToRest() {
    restA += a;
    restB += b;
    restC += c;
  }
}
