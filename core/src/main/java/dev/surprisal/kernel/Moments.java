package dev.surprisal.kernel;

import dev.surprisal.kernel.MomentsLoop.Level;

/**
 * What is known of one row of logits after one read: enough for its log-sum-exp, entropy, varentropy, maximum and the rank of
 * an entry.
 *
 * <p>With a base point {@code m} near the maximum and {@code S = sum e^(x - m)},
 *
 * <pre>
 *   log-sum-exp = m + log S                              kept as two numbers, for their sum may lose the second
 *   surprisal of entry t = (m - x[t]) + log S
 *   entropy = log S + D                                  D = sum e^(x - m) (m - x) / S
 *   varentropy = sum e^(x - m) (m - x)^2 / S - D^2
 * </pre>
 *
 * <p>Where one entry has more than a third of the mass, these would lose what is small beside it. Then {@code m} is the
 * maximum itself, the block that holds it is read once more without it, and with {@code R}, the sum over the others,
 * {@code log S = log1p(R)}: every sum has terms of one sign and is exact however small.
 */
final class Moments {
  /** Up to this many entries it is faster to find the maximum first. */
  private static final int SMALL = 256;

  /** Logarithm of the share of the mass from which on an entry is looked at apart: log(1/3). */
  private static final double DOMINANT = -1.0986;

  /** Where the terms of the variance exceed it by this factor, it is summed again about the mean (or the maximum). */
  private static final double MAX_CANCELLATION = 4;

  /** Where what made up {@code b} exceeds the entropy by this factor, the row is summed again about the maximum. */
  private static final double MAX_SPREAD = 2;

  /** The base point m, NaN for a row that is no distribution. */
  double base;

  /** {@code log S}. */
  double logSum;

  /** {@code D}, the mean distance below the base point. */
  double meanDistance;

  /** The varentropy. */
  double variance;

  /** How many entries are above the target. */
  long above;

  /** The largest logit and its lowest index, where asked for; NaN and -1 for a row that is no distribution. */
  float max;
  int argmax;

  /** Sums over pieces, and the sums of the magnitudes that made up {@code b} and {@code c}. */
  private double a;
  private double b;
  private double c;
  private double spread;
  private double magnitude;
  private long tiesRead;

  private final VectorEngine engine;
  private final Row row;
  private final Tile tile;

  // What the pieces of the current pass are read for.
  private Rows rows;
  private long index;
  private Level level;
  private float target;
  private float center;
  private float excluded;
  private Destination out;
  private final Team.Pass read = this::readPiece;
  private final Team.Pass readAgain = this::readPieceAgain;
  private final Team.Pass write = this::writePiece;

  private Piece[] pieces = {new Piece()};

  /** The piece that has the maximum. */
  private Piece holder;

  private int count;

  Moments(VectorEngine engine) {
    this.engine = engine;
    row = engine.scratch.x;
    tile = engine.scratch.tile;
  }

  /** Reads a row. The maximum and its index are found for the level SCORE only. */
  void read(Rows rows, long index, Level level, float target) {
    this.rows = rows;
    this.index = index;
    this.level = level;
    this.target = target;
    int vocabulary = rows.vocabulary;
    if (vocabulary <= ShortRows.LONGEST) {
      readShort();
      return;
    }
    row.at(rows, index);
    if (vocabulary <= SMALL) {
      readSmall();
      return;
    }
    count = Piece.count(vocabulary);
    if (pieces.length < count) {
      grow();
    }
    engine.each(count, read);
    finish();
  }

  private void readPiece(int i, Engine by) {
    Scratch scratch = ((VectorEngine) by).scratch;
    scratch.x.at(rows, index);
    pieces[i].read(scratch.x, i * Piece.SIZE, end(i), level, target, scratch.tile);
  }

  private void readPieceAgain(int i, Engine by) {
    Scratch scratch = ((VectorEngine) by).scratch;
    scratch.x.at(rows, index);
    pieces[i].readAgain(scratch.x, i * Piece.SIZE, end(i), center, excluded, scratch.tile);
  }

  /** One past the last entry of a piece. */
  private int end(int i) {
    return Math.min((i + 1) * Piece.SIZE, rows.vocabulary);
  }

  /** A row of very few entries, which is read together with others. */
  private void readShort() {
    ShortRows shortRows = engine.scratch.shortRows;
    int lane = shortRows.lane(rows, index);
    max = shortRows.max[lane];
    if (!isDistribution(max)) {
      return;
    }
    a = shortRows.a[lane];
    b = shortRows.b[lane];
    c = shortRows.c[lane];
    double rest = a + (shortRows.ties[lane] - 1);
    relativeToMax(rest);
    magnitude = c;
    if (level == Level.SCORE) {
      above = shortRows.above(target, lane);
      argmax = shortRows.indexOf(max, lane);
      if (varianceCancelled(1 + rest)) {
        row.at(rows, index);
        count = 1;
        sumAboutMean();
      }
    }
  }

  /** Whether a row with this maximum is a distribution; settles everything if it is none. */
  private boolean isDistribution(float largest) {
    if (largest == Float.NEGATIVE_INFINITY || !(largest < Float.POSITIVE_INFINITY)) {
      noDistribution(largest == Float.NEGATIVE_INFINITY ? largest : Float.NaN);
      return false;
    }
    return true;
  }

  /** A row of few entries: its maximum first, then the others relative to it. */
  private void readSmall() {
    int vocabulary = row.vocabulary();
    int whole = vocabulary & -Lanes.WIDTH;
    float largest = Float.NEGATIVE_INFINITY;
    if (whole > 0) {
      row.tile(0, whole);
      largest = Scan.of(row.source).max(row.base, row.start, 0, whole, tile);
    }
    if (whole < vocabulary) {
      largest = Math.max(largest, row.tail(whole, Float.NEGATIVE_INFINITY));
    }
    if (!isDistribution(largest)) {
      return;
    }
    max = largest;
    clearSums();
    above = 0;
    tile.target = target;
    double scale = Doubles.exp(aboutMax() - max);
    int ties = 0;
    if (whole < vocabulary) {
      ties = addCareful(Source.F32_ARRAY, Lanes.WIDTH, scale);
    }
    if (whole > 0) {
      row.tile(0, whole);
      ties += addCareful(row.source, whole, scale);
    }
    double rest = a + (ties - 1);
    relativeToMax(rest);
    magnitude = c;
    if (level == Level.SCORE && varianceCancelled(1 + rest)) {
      count = 1;
      sumAboutMean();
    }
    argmax = level == Level.SCORE ? indexOf(0, vocabulary, max) : -1;
  }

  /** Adds the sums over some entries, as far as the level wants them; returns the number of ties of the maximum. */
  private int addCareful(Source source, int entries, double scale) {
    MomentsLoop.of(source, Level.CAREFUL).add(row.base, row.start, 0, entries, tile);
    a += tile.fold(tile.a, entries) * scale;
    b += level == Level.SUM ? 0 : tile.fold(tile.b, entries) * scale;
    if (level == Level.SCORE) {
      c += tile.fold(tile.c, entries) * scale;
      above += tile.above(entries);
    }
    return tile.ties(entries);
  }

  /** Sets the tile for sums about the maximum, which is left out; returns the logarithm of their unit. */
  private double aboutMax() {
    tile.center = max;
    tile.excluded = max;
    return tile.x.refer(max);
  }

  /** {@code log sum e^x}. */
  double logSumExp() {
    return Double.isNaN(base) ? logSum : base + logSum;
  }

  /** {@code -sum p log p}. */
  double entropy() {
    return logSum + meanDistance;
  }

  /** {@code -log p} of an entry. */
  double surprisal(float logit) {
    return base - logit + logSum;
  }

  /** Writes the log-probabilities of the row that was read to the same row of f32. */
  void writeLogSoftmax(Destination to) {
    out = to;
    engine.each(Piece.count(rows.vocabulary), write);
  }

  private void writePiece(int piece, Engine by) {
    Scratch scratch = ((VectorEngine) by).scratch;
    Row cursor = scratch.x;
    cursor.at(rows, index);
    float point = (float) base;
    float rest = (float) (base - point + logSum);
    int to = end(piece);
    int whole = to & -Lanes.WIDTH;
    LogSoftmaxLoop loop = LogSoftmaxLoop.of(cursor.source, out.base instanceof float[]);
    for (int from = piece * Piece.SIZE; from < whole; from += Tile.SIZE) {
      int end = Math.min(from + Tile.SIZE, whole);
      cursor.tile(from, end);
      loop.write(cursor.base, cursor.start, from, end, point, rest, out.base, out.start(index));
    }
    for (int i = whole; i < to; i++) {
      out.set(index, i, cursor.get(i) - point - rest);
    }
  }

  private void grow() {
    Piece[] more = new Piece[count];
    System.arraycopy(pieces, 0, more, 0, pieces.length);
    for (int i = pieces.length; i < count; i++) {
      more[i] = new Piece();
    }
    pieces = more;
  }

  private void finish() {
    Piece first = null;
    above = 0;
    double nearMax = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      Piece piece = pieces[i];
      if (piece.invalid) {
        noDistribution(Float.NaN);
        return;
      }
      above += piece.above;
      if (!piece.isEmpty() && piece.reference - (double) piece.nearest > nearMax) {
        nearMax = piece.reference - (double) piece.nearest;
        first = piece;
      }
    }
    if (first == null) {
      noDistribution(Float.NEGATIVE_INFINITY);
      return;
    }
    sum(first.center, first.logUnit);
    moveBase((float) nearMax);
    boolean dominant = nearMax - (base + logSum) > DOMINANT;
    if (dominant || level == Level.SCORE) {
      findMax(nearMax, Math.ulp(first.nearest));
    }
    if (dominant) {
      sumWithoutMax();
      return;
    }
    double total = a;
    if (level != Level.SUM && isSpread(total)) {
      if (level == Level.ENTROPY) {
        findMax(nearMax, Math.ulp(first.nearest));
      }
      sumAllAboutMax();
      total = 1 + a;
    }
    if (level == Level.SCORE && varianceCancelled(total)) {
      sumAboutMean();
    }
  }

  private void noDistribution(float largest) {
    base = Double.NaN;
    logSum = largest;
    meanDistance = Double.NaN;
    variance = Double.NaN;
    max = largest;
    argmax = -1;
  }

  /** Adds up the pieces about a center, in a unit; of one of them only what is not in its top. */
  private void addPieces(double center, double logUnit, Piece withoutTop) {
    for (int i = 0; i < count; i++) {
      Piece piece = pieces[i];
      if (piece.isEmpty()) {
        continue;
      }
      double scale = piece.logUnit == logUnit ? 1 : Doubles.exp(piece.logUnit - logUnit);
      boolean all = piece != withoutTop;
      double shift = center - piece.center;
      double pieceA = (piece.restA + (all ? piece.topA : 0)) * scale;
      double pieceB = (piece.restB + (all ? piece.topB : 0)) * scale;
      double pieceC = (piece.restC + (all ? piece.topC : 0)) * scale;
      a += pieceA;
      b += pieceB + shift * pieceA;
      c += pieceC + shift * (2 * pieceB + shift * pieceA);
      double pieceMagnitude = (piece.magnitude - (all ? 0 : piece.topC)) * scale;
      spread += (piece.spread - (all ? 0 : Math.abs(piece.topB))) * scale;
      magnitude += pieceMagnitude + Math.abs(shift) * (2 * Math.abs(pieceB) + Math.abs(shift) * pieceA);
    }
  }

  private void clearSums() {
    a = 0;
    b = 0;
    c = 0;
    magnitude = 0;
    spread = 0;
  }

  private boolean varianceCancelled(double total) {
    return magnitude > MAX_CANCELLATION * variance * total;
  }

  private boolean isSpread(double total) {
    return spread > MAX_SPREAD * entropy() * total;
  }

  private void sum(float center, double logUnit) {
    clearSums();
    addPieces(center, logUnit, null);
    base = center;
    logSum = Doubles.log(a) + (logUnit - center);
    meanDistance = b / a;
    variance = c / a - meanDistance * meanDistance;
  }

  private void moveBase(float to) {
    double shift = to - base;
    base = to;
    logSum -= shift;
    meanDistance += shift;
  }

  /** The exact maximum and its lowest index, from the tiles whose largest entry was nearest to the reference. */
  private void findMax(double nearMax, float rounding) {
    max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      Piece piece = pieces[i];
      // Distances were rounded: a piece a little farther may hold an entry as large, or larger.
      double tolerance = Math.max(rounding, Math.ulp(piece.nearest));
      if (piece.isEmpty() || piece.reference - (double) piece.nearest < nearMax - tolerance) {
        continue;
      }
      int end = Math.min(piece.tiesTo, row.vocabulary());
      for (int from = piece.tiesFrom; from < end; from += Tile.SIZE) {
        int to = Math.min(from + Tile.SIZE, end);
        float found = maxOf(from, to);
        if (found > max) {
          max = found;
          argmax = indexOf(from, to, found);
          holder = piece;
        }
      }
    }
  }

  private float maxOf(int from, int to) {
    int whole = to & -Lanes.WIDTH;
    float largest = Float.NEGATIVE_INFINITY;
    if (from < whole) {
      row.tile(from, whole);
      largest = Scan.of(row.source).max(row.base, row.start, from, whole, tile);
    }
    for (int i = Math.max(from, whole); i < to; i++) {
      largest = Math.max(largest, row.get(i));
    }
    return largest;
  }

  private int indexOf(int from, int to, float value) {
    int whole = to & -Lanes.WIDTH;
    if (from < whole) {
      row.tile(from, whole);
      int index = Find.of(row.source).first(row.base, row.start, from, whole, value);
      if (index >= 0) {
        return index;
      }
    }
    int index = Math.max(from, whole);
    while (row.get(index) != value) {
      index++;
    }
    return index;
  }

  /** The sums relative to the maximum, the maximum itself left out of its block. */
  private void sumWithoutMax() {
    int vocabulary = row.vocabulary();
    int whole = vocabulary & -Lanes.WIDTH;
    holder.narrowTop(row, argmax, level, tile, whole == vocabulary && whole <= Tile.SIZE);
    int from = holder.topFrom;
    Source source = row.source;
    double logUnit = aboutMax();
    tile.target = Float.NaN;
    int to = Math.min(holder.topTo, whole);
    if (from < whole) {
      row.tile(from, to);
      MomentsLoop.of(source, Level.CAREFUL).add(row.base, row.start, from, to, tile);
    } else {
      row.tail(from, Float.NEGATIVE_INFINITY);
      from = 0;
      to = Lanes.WIDTH;
      MomentsLoop.of(Source.F32_ARRAY, Level.CAREFUL).add(row.base, row.start, from, to, tile);
    }
    int entries = to - from;
    double scale = Doubles.exp(logUnit - max);
    clearSums();
    a = tile.fold(tile.a, entries) * scale;
    b = tile.fold(tile.b, entries) * scale;
    c = tile.fold(tile.c, entries) * scale;
    spread = b;
    magnitude = c;
    addPieces(max, max, holder);
    // Without an entry equal to the maximum in there, another tile has it: then it is counted among the rest.
    relativeToMax(a + (tile.ties(entries) - 1));
    if (level != Level.SUM && isSpread(1 + a) || level == Level.SCORE && varianceCancelled(1 + a)) {
      sumAllAboutMax();
    }
  }

  private void sumAllAboutMax() {
    readAgain(max, max);
    addPieces(max, max, null);
    relativeToMax(a + (tiesRead - 1));
  }

  private void relativeToMax(double rest) {
    base = max;
    logSum = Doubles.log1p(rest);
    meanDistance = b / (1 + rest);
    variance = c / (1 + rest) - meanDistance * meanDistance;
  }

  /** The variance once more, about the mean. */
  private void sumAboutMean() {
    float mean = (float) (base - meanDistance);
    readAgain(mean, Float.NaN);
    addPieces(mean, mean, null);
    variance = Math.max(0, c / a - b / a * (b / a));
  }

  private void readAgain(float about, float without) {
    center = about;
    excluded = without;
    engine.each(count, readAgain);
    tiesRead = 0;
    for (int i = 0; i < count; i++) {
      tiesRead += pieces[i].ties;
    }
    clearSums();
  }
}
