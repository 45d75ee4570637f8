package dev.surprisal.kernel;

import dev.surprisal.kernel.CrossEntropyLoop.Cost;
import dev.surprisal.kernel.RatioLoop.Kind;
import java.util.Arrays;

/**
 * Statistics with a row of probabilities p, as given or divided by their sum, on the left side. The sums of the rows are taken
 * in double first; where a divergence of rows as given has more than non-negative terms, it is the difference of those sums.
 */
final class Weights {
  /** A divergence below this, of rows that had to be normalised, is summed again with logarithms in double. */
  private static final double CLOSE = 0.5;

  /** Or one below this, where the logarithm of a normaliser, a double, has too few digits. */
  private static final double TINY = 1e-8;

  /** So is one below this share of its terms without their signs. */
  private static final double CANCELLED = 0.5;

  private final Scratch scratch = new Scratch();
  private final Row p = scratch.x;
  private final Row q = scratch.y;
  private final Tile tile = scratch.tile;
  private final double[] lanes = new double[Lanes.WIDTH];
  private final float[] decoded = new float[Tile.SIZE];
  private final Moments moments;

  /** {@code sum p} of the last {@link #cost}, to the precision of floats. */
  private double mass;

  /** What its terms are without their signs. */
  private double magnitude;

  Weights(Moments moments) {
    this.moments = moments;
  }

  /** {@code sum p}; NaN if some p is negative, infinite or NaN. */
  double sum(Rows pRows, long row) {
    p.at(pRows, row);
    return sum(p, Float.NaN);
  }

  /** {@code -sum p log p}. */
  double entropy(Rows pRows, boolean normalized, long row) {
    return crossEntropy(pRows, normalized, pRows, normalized, row);
  }

  /** {@code -sum p log q}. */
  double crossEntropy(Rows pRows, boolean pNormalized, Rows qRows, boolean qNormalized, long row) {
    Row.at(p, pRows, q, qRows, row);
    double cost = qNormalized ? costOfNormalized() : cost(Cost.PROBABILITIES, Float.NaN);
    return pNormalized ? cost / sum(p, Float.NaN) : cost;
  }

  /**
   * {@code sum p log(S/q)} with the sum S of q. An entry of q with more than half of S is looked at apart: the logarithm of
   * {@code S/q} is that of 1 and what the others are beside it, exact however small.
   */
  private double costOfNormalized() {
    double total = sum(q, Float.NaN);
    if (!(total > 0)) {
      return Double.NaN;
    }
    tile.center = (float) total;
    float max = max(q);
    if (max <= total / 2) {
      return cost(Cost.NORMALIZED, Float.NaN);
    }
    double rest = sum(q, max);
    double weight = p.get(indexOf(q, max));
    double cost = cost(Cost.NORMALIZED, max);
    return cost + weight * Doubles.log1p(rest / max);
  }

  /** {@code -sum p log softmax(x)}. */
  double crossEntropy(Rows pRows, boolean normalized, Rows x, long row) {
    moments.read(x, row, MomentsLoop.Level.SUM, Float.NaN);
    Row.at(p, pRows, q, x, row);
    if (Double.isNaN(moments.base)) {
      return Double.NaN;
    }
    tile.center = (float) moments.base;
    double cost = cost(Cost.LOGITS, Float.NaN) + mass * (moments.base - tile.center + moments.logSum);
    return normalized ? cost / mass : cost;
  }

  /** {@code sum p log(p/q)}. */
  double klDivergence(Rows pRows, boolean pNormalized, Rows qRows, boolean qNormalized, long row) {
    Row.at(p, pRows, q, qRows, row);
    double direct = cost(Cost.RATIO, Float.NaN);
    if (Double.isNaN(direct)) {
      return Double.NaN;
    }
    boolean given = !pNormalized && !qNormalized;
    double pMass = given ? 1 : sum(p, Float.NaN);
    double qMass = given ? 1 : sum(q, Float.NaN);
    double pScale = pNormalized ? 1 / pMass : 1;
    double qScale = qNormalized ? 1 / qMass : 1;
    double ratio = qScale / pScale;
    double logRatio = Doubles.log(ratio);
    double value = (direct - mass * logRatio) * pScale;
    if (isExact(value, logRatio, pScale) && (given || value > TINY)) {
      return value;
    }
    if (given) {
      pMass = sum(p, Float.NaN);
      qMass = sum(q, Float.NaN);
    }
    double excess = (pNormalized ? 1 : pMass) - (qNormalized ? 1 : qMass);
    boolean close = ratio != 1 && value < CLOSE;
    scratch.normaliser = -logRatio;
    Kind kind = close ? Kind.CLOSE_PROBABILITIES_PROBABILITIES : Kind.PROBABILITIES_PROBABILITIES;
    return terms(kind, ratio, DivergenceLoop.KL) * pScale + excess;
  }

  /** {@code sum p log(p / softmax(x))}. */
  double klDivergence(Rows pRows, boolean normalized, Rows x, long row) {
    moments.read(x, row, MomentsLoop.Level.SUM, Float.NaN);
    if (Double.isNaN(moments.base)) {
      return Double.NaN;
    }
    Row.at(p, pRows, q, x, row);
    double logUnit = tile.y.refer((float) moments.base);
    double unit = Doubles.exp(logUnit - moments.base - moments.logSum);
    tile.ratio = (float) unit;
    double direct = cost(Cost.RATIO_LOGITS, Float.NaN);
    if (Double.isNaN(direct)) {
      return Double.NaN;
    }
    double total = normalized ? sum(p, Float.NaN) : 1;
    double scale = 1 / total;
    double logScale = Doubles.log(scale);
    double value = (direct + mass * logScale) * scale;
    if (isExact(value, logScale, scale) && value > CLOSE) {
      return value;
    }
    double excess = normalized ? 0 : sum(p, Float.NaN) - 1;
    scratch.base = moments.base;
    scratch.normaliser = moments.logSum + logScale;
    Kind kind = value < CLOSE ? Kind.CLOSE_PROBABILITIES_LOGITS : Kind.PROBABILITIES_LOGITS;
    return terms(kind, unit / scale, DivergenceLoop.KL) * scale + excess;
  }

  /**
   * Whether a divergence that is a sum of terms of both signs, of the last {@link #cost} and of a normaliser, is exact as it is.
   * Else it is summed again from terms of one sign, while the rows are in the cache.
   */
  private boolean isExact(double value, double logNormaliser, double scale) {
    return Math.abs(value) < Double.POSITIVE_INFINITY
        && Math.abs(value) > CANCELLED * (magnitude + mass * Math.abs(logNormaliser)) * scale;
  }

  /** {@code (KL(p||m) + KL(q||m)) / 2}. */
  double jensenShannon(Rows pRows, boolean pNormalized, Rows qRows, boolean qNormalized, long row) {
    Row.at(p, pRows, q, qRows, row);
    double pMass = sum(p, Float.NaN);
    double qMass = sum(q, Float.NaN);
    double pScale = pNormalized ? 1 / pMass : 1;
    double qScale = qNormalized ? 1 / qMass : 1;
    double ratio = qScale / pScale;
    double divergence = (pMass + qMass) * 0
        + terms(Kind.PROBABILITIES_PROBABILITIES, ratio, DivergenceLoop.JENSEN_SHANNON) * pScale;
    double logRatio = Doubles.log(ratio);
    // About p v^2 / 8 a term: of v the normaliser has left few digits where it is as large.
    if (divergence < CLOSE / 4 && logRatio * logRatio > 2 * divergence) {
      scratch.normaliser = -logRatio;
      divergence = terms(Kind.CLOSE_PROBABILITIES_PROBABILITIES, ratio, DivergenceLoop.JENSEN_SHANNON) * pScale;
    }
    return pNormalized && qNormalized ? Math.min(divergence, Pair.LN2) : divergence;
  }

  /** Adds p to the columns, entry by entry in double. */
  void addTo(double[] columns, Rows pRows, long row) {
    p.at(pRows, row);
    int vocabulary = pRows.vocabulary;
    int whole = vocabulary & -Lanes.WIDTH;
    for (int at = 0; at < whole; at += Tile.SIZE) {
      int end = Math.min(at + Tile.SIZE, whole);
      p.tile(at, end);
      Decoder.of(p.source).decode(p.base, p.start + at, end - at, 1, decoded);
      addFloats(decoded, end - at, columns, at);
    }
    for (int i = whole; i < vocabulary; i++) {
      columns[i] += p.get(i);
    }
  }

  private static void addFloats(float[] values, int count, double[] columns, int at) {
    for (int i = 0; i < count; i++) {
      columns[at + i] += values[i];
    }
  }

  private double terms(Kind kind, double ratio, DivergenceLoop divergence) {
    tile.ratio = (float) ratio;
    tile.offset = (float) Doubles.log(ratio);
    return scratch.sumTerms(0, p.vocabulary(), kind, divergence);
  }

  /** The sum of {@link CrossEntropyLoop}, and the mass of p; NaN if a probability is none. */
  private double cost(Cost kind, float excluded) {
    tile.excluded = excluded;
    mass = 0;
    magnitude = 0;
    boolean valid = true;
    double cost = 0;
    int whole = p.vocabulary() & -Lanes.WIDTH;
    for (int at = 0; at < whole; at += Tile.SIZE) {
      int end = Math.min(at + Tile.SIZE, whole);
      p.tile(at, end);
      q.tile(at, end);
      CrossEntropyLoop.of(p.source, kind).add(p, q, at, end, tile);
      cost += tile.fold(tile.a, end - at);
      mass += tile.fold(tile.b, end - at);
      magnitude += kind.isRatio() ? tile.fold(tile.c, end - at) : 0;
      valid &= tile.holdsProbabilities(end - at);
    }
    if (whole < p.vocabulary()) {
      p.tail(whole, 0);
      q.tail(whole, kind.logits ? Float.NEGATIVE_INFINITY : 0);
      CrossEntropyLoop.of(Source.F32_ARRAY, kind).add(p, q, 0, Lanes.WIDTH, tile);
      cost += tile.fold(tile.a, Lanes.WIDTH);
      mass += tile.fold(tile.b, Lanes.WIDTH);
      magnitude += kind.isRatio() ? tile.fold(tile.c, Lanes.WIDTH) : 0;
      valid &= tile.holdsProbabilities(Lanes.WIDTH);
    }
    return valid ? cost : Double.NaN;
  }

  private double sum(Row row, float excluded) {
    tile.excluded = excluded;
    Arrays.fill(lanes, 0);
    boolean valid = true;
    int whole = row.vocabulary() & -Lanes.WIDTH;
    for (int at = 0; at < whole; at += Tile.SIZE) {
      int end = Math.min(at + Tile.SIZE, whole);
      row.tile(at, end);
      SumLoop.of(row.source).add(row, at, end, lanes, tile);
      valid &= tile.holdsProbabilities(Lanes.WIDTH);
    }
    if (whole < row.vocabulary()) {
      row.tail(whole, 0);
      SumLoop.of(Source.F32_ARRAY).add(row, 0, Lanes.WIDTH, lanes, tile);
      valid &= tile.holdsProbabilities(Lanes.WIDTH);
    }
    return valid ? Lanes.fold(lanes) : Double.NaN;
  }

  private float max(Row row) {
    int whole = row.vocabulary() & -Lanes.WIDTH;
    float max = whole < row.vocabulary() ? row.tail(whole, 0) : 0;
    for (int at = 0; at < whole; at += Tile.SIZE) {
      int end = Math.min(at + Tile.SIZE, whole);
      row.tile(at, end);
      max = Math.max(max, Scan.of(row.source).max(row.base, row.start, at, end, tile));
    }
    return max;
  }

  private int indexOf(Row row, float value) {
    int whole = row.vocabulary() & -Lanes.WIDTH;
    for (int at = 0; at < whole; at += Tile.SIZE) {
      int end = Math.min(at + Tile.SIZE, whole);
      row.tile(at, end);
      int index = Find.of(row.source).first(row.base, row.start, at, end, value);
      if (index >= 0) {
        return index;
      }
    }
    int index = whole;
    while (row.get(index) != value) {
      index++;
    }
    return index;
  }
}
