package dev.surprisal.kernel.probability;

import dev.surprisal.kernel.loop.CostLoop;
import dev.surprisal.kernel.loop.CostLoop.Cost;
import dev.surprisal.kernel.loop.LogRatioLoop.Kind;
import dev.surprisal.kernel.loop.MomentsLoop.Level;
import dev.surprisal.kernel.loop.SumLoop;
import dev.surprisal.kernel.pair.Divergence;
import dev.surprisal.kernel.pair.PairReader;
import dev.surprisal.kernel.pair.RenyiReader;
import dev.surprisal.kernel.pair.Terms;
import dev.surprisal.kernel.row.Moments;
import dev.surprisal.kernel.row.RowReader;
import dev.surprisal.kernel.storage.Cursor;
import dev.surprisal.kernel.storage.Operand;
import dev.surprisal.kernel.storage.PairCursor;
import dev.surprisal.kernel.storage.Pieces;
import dev.surprisal.kernel.storage.Rows;
import dev.surprisal.kernel.storage.Scratch;
import dev.surprisal.kernel.vector.DoubleMath;
import dev.surprisal.kernel.vector.Lanes;
import dev.surprisal.kernel.vector.Scale;
import java.util.Arrays;

/**
 * Reads rows of probabilities p, as given or divided by their sum, with q as well or the logits of q on the right side.
 * The sums of the rows are taken in double first; where a divergence of rows as given has more than non-negative terms,
 * it is the difference of those sums.
 */
public final class ProbabilityReader {
  /** A divergence below this, of rows that had to be normalised, is summed again with logarithms in double. */
  private static final double CLOSE = 0.5;

  /**
   * One below this is summed again from terms of one sign: the logarithm of a normaliser, a double, has too few digits.
   */
  private static final double TINY = 1e-8;

  /** So is one below this share of the absolute values of its terms. */
  private static final double CANCELLED = 0.5;

  private final Scratch scratch;
  private final PairCursor pair;
  private final Cursor p;
  private final Cursor q;
  private final RowReader rowReader;
  private final RenyiReader renyi;
  private final Terms terms = new Terms();
  private final double[] lanes = new double[Lanes.WIDTH];

  /** The unit of logits on the right side, and what scales e^x in it to q. */
  private final Scale unit = new Scale();
  private float ratio;

  /** What logarithms are taken about: see {@link CostLoop}. */
  private float center;

  /**
   * {@code sum p} of the last {@link #cost}, to the precision of floats, and the sum of the
   * absolute values of its terms.
   */
  private double mass;
  private double magnitude;

  private Rows pRows;
  private Rows qRows;

  /** A reader for the thread whose pieces these are, with its reader of logits. */
  public ProbabilityReader(Pieces pieces, RowReader rowReader) {
    this.scratch = pieces.scratch;
    this.renyi = new RenyiReader(pieces);
    this.pair = scratch.pair;
    this.p = pair.x;
    this.q = pair.y;
    this.rowReader = rowReader;
  }

  /** Prepares to read rows, up to {@code to - 1}, none of which changes from now on; the second may be the first. */
  public void open(Rows first, Rows second, long to) {
    pRows = first;
    qRows = second;
    if (qRows.operand() == Operand.LOGITS) {
      rowReader.open(qRows, to, Level.SUM);
    }
  }

  /** {@code sum p}; NaN if some p is negative, infinite or NaN. */
  public double sum(long row) {
    p.open(pRows, row);
    return sum(p, Float.NaN);
  }

  /** {@code -sum p log p}. */
  public double entropy(long row) {
    return crossEntropy(row);
  }

  /** {@code -sum p log q}. */
  public double crossEntropy(long row) {
    if (qRows.operand() == Operand.LOGITS) {
      return crossEntropyOfLogits(row);
    }
    pair.open(pRows, qRows, row);
    double cost = isNormalized(qRows) ? costOfNormalized() : cost(Cost.PROBABILITIES, Float.NaN);
    return isNormalized(pRows) ? cost / sum(p, Float.NaN) : cost;
  }

  private static boolean isNormalized(Rows rows) {
    return rows.operand() == Operand.WEIGHTS;
  }

  /**
   * {@code sum p log(S/q)} with the sum S of q. An entry of q with more than half of S is looked at apart: the
   * logarithm of {@code S/q} is that of 1 and what the others are beside it, exact however small.
   */
  private double costOfNormalized() {
    double total = sum(q, Float.NaN);
    if (!(total > 0)) {
      return Double.NaN;
    }
    center = (float) total;
    int vocabulary = q.vocabulary();
    float max = q.max(0, vocabulary, scratch.max);
    if (max <= total / 2) {
      return cost(Cost.NORMALIZED, Float.NaN);
    }
    double rest = sum(q, max);
    double weight = p.value(q.indexOf(max, 0, vocabulary));
    double cost = cost(Cost.NORMALIZED, max);
    return cost + weight * DoubleMath.log1p(rest / max);
  }

  private double crossEntropyOfLogits(long row) {
    Moments moments = rowReader.read(row, RowReader.NO_TARGET);
    pair.open(pRows, qRows, row);
    if (!moments.isDistribution()) {
      return Double.NaN;
    }
    center = (float) moments.base();
    double cost = cost(Cost.LOGITS, Float.NaN) + mass * (moments.base() - center + moments.logSum());
    return isNormalized(pRows) ? cost / mass : cost;
  }

  /** {@code sum p log(p/q)}. */
  public double klDivergence(long row) {
    return qRows.operand() == Operand.LOGITS ? klDivergenceOfLogits(row) : klDivergenceOfProbabilities(row);
  }

  private double klDivergenceOfProbabilities(long row) {
    pair.open(pRows, qRows, row);
    double direct = cost(Cost.RATIO, Float.NaN);
    if (Double.isNaN(direct)) {
      return Double.NaN;
    }
    boolean pNormalized = isNormalized(pRows);
    boolean qNormalized = isNormalized(qRows);
    boolean given = !pNormalized && !qNormalized;
    double pMass = given ? 1 : sum(p, Float.NaN);
    double qMass = given ? 1 : sum(q, Float.NaN);
    double pScale = pNormalized ? 1 / pMass : 1;
    double qScale = qNormalized ? 1 / qMass : 1;
    double scales = qScale / pScale;
    double logScales = DoubleMath.log(scales);
    double value = (direct - mass * logScales) * pScale;
    if (isExact(value, logScales, pScale) && (given || value > TINY)) {
      return value;
    }
    if (given) {
      pMass = sum(p, Float.NaN);
      qMass = sum(q, Float.NaN);
    }
    double excess = (pNormalized ? 1 : pMass) - (qNormalized ? 1 : qMass);
    boolean close = scales != 1 && value < CLOSE;
    terms.setDouble(0, -logScales);
    Kind kind = close ? Kind.CLOSE_PROBABILITIES_PROBABILITIES : Kind.PROBABILITIES_PROBABILITIES;
    return terms(kind, scales, Divergence.KL, 0) * pScale + excess;
  }

  private double klDivergenceOfLogits(long row) {
    Moments moments = rowReader.read(row, RowReader.NO_TARGET);
    if (!moments.isDistribution()) {
      return Double.NaN;
    }
    pair.open(pRows, qRows, row);
    double logUnit = unit.refer((float) moments.base());
    double scaleOfUnit = DoubleMath.exp(logUnit - moments.base() - moments.logSum());
    ratio = (float) scaleOfUnit;
    double direct = cost(Cost.RATIO_LOGITS, Float.NaN);
    if (Double.isNaN(direct)) {
      return Double.NaN;
    }
    boolean normalized = isNormalized(pRows);
    double total = normalized ? sum(p, Float.NaN) : 1;
    double scale = 1 / total;
    double logScale = DoubleMath.log(scale);
    double value = (direct + mass * logScale) * scale;
    if (isExact(value, logScale, scale) && value > CLOSE) {
      return value;
    }
    double excess = normalized ? 0 : sum(p, Float.NaN) - 1;
    terms.setDouble(moments.base(), moments.logSum() + logScale);
    terms.by.y.refer((float) moments.base());
    Kind kind = value < CLOSE ? Kind.CLOSE_PROBABILITIES_LOGITS : Kind.PROBABILITIES_LOGITS;
    return terms(kind, scaleOfUnit / scale, Divergence.KL, 0) * scale + excess;
  }

  /**
   * Whether a divergence that is a sum of terms of both signs, of the last {@link #cost} and of a normaliser, is exact
   * as it is. Else it is summed again from terms of one sign, while the rows are in the cache.
   */
  private boolean isExact(double value, double logNormaliser, double scale) {
    return Math.abs(value) < Double.POSITIVE_INFINITY
        && Math.abs(value) > CANCELLED * (magnitude + mass * Math.abs(logNormaliser)) * scale;
  }

  /** {@code (KL(p||m) + KL(q||m)) / 2} of two rows of probabilities. */
  public double jensenShannon(long row) {
    pair.open(pRows, qRows, row);
    boolean pNormalized = isNormalized(pRows);
    boolean qNormalized = isNormalized(qRows);
    double pMass = sum(p, Float.NaN);
    double qMass = sum(q, Float.NaN);
    double pScale = pNormalized ? 1 / pMass : 1;
    double qScale = qNormalized ? 1 / qMass : 1;
    double scales = qScale / pScale;
    double divergence = (pMass + qMass) * 0
        + terms(Kind.PROBABILITIES_PROBABILITIES, scales, Divergence.JENSEN_SHANNON, 0) * pScale;
    double logScales = DoubleMath.log(scales);
    // A term is about p v^2 / 8: where the logarithm of the scales is as large as v, it has left v few digits.
    if (divergence < CLOSE / 4 && logScales * logScales > 2 * divergence) {
      terms.setDouble(0, -logScales);
      divergence =
          terms(Kind.CLOSE_PROBABILITIES_PROBABILITIES, scales, Divergence.JENSEN_SHANNON, 0) * pScale;
    }
    return pNormalized && qNormalized ? Math.min(divergence, PairReader.LN2) : divergence;
  }

  /** The Rényi divergence of an order other than 1 of two rows of probabilities. */
  public double renyiDivergence(double order, long row) {
    pair.open(pRows, qRows, row);
    double pMass = sum(p, Float.NaN);
    double qMass = sum(q, Float.NaN);
    boolean pNormalized = isNormalized(pRows);
    boolean qNormalized = isNormalized(qRows);
    if (Double.isNaN(pMass + qMass) || pNormalized && pMass == 0 || qNormalized && qMass == 0) {
      return Double.NaN;
    }
    return renyi.ofProbabilities(
        pRows, qRows, row, order, pNormalized ? pMass : 1, qNormalized ? qMass : 1,
        pNormalized ? 1 : pMass, qNormalized ? 1 : qMass);
  }

  /** {@code sum |p - q| / 2} of two rows of probabilities. */
  public double totalVariation(long row) {
    pair.open(pRows, qRows, row);
    boolean pNormalized = isNormalized(pRows);
    boolean qNormalized = isNormalized(qRows);
    double pMass = sum(p, Float.NaN);
    double qMass = sum(q, Float.NaN);
    double pScale = pNormalized ? 1 / pMass : 1;
    double qScale = qNormalized ? 1 / qMass : 1;
    double scales = qScale / pScale;
    // In the unit of p: by how much its mass exceeds that of q.
    double excess = pNormalized && qNormalized ? 0 : pMass - qMass * scales;
    boolean given = !pNormalized && !qNormalized;
    terms.setDouble(0, -DoubleMath.log(scales));
    Kind kind = given ? Kind.PROBABILITIES_PROBABILITIES : Kind.CLOSE_PROBABILITIES_PROBABILITIES;
    double distance = (pMass + qMass) * 0 + terms(kind, scales, Divergence.TOTAL_VARIATION, excess) * pScale;
    return pNormalized && qNormalized ? Math.clamp(distance, 0, 1) : Math.max(distance, 0);
  }

  /** Adds p to the columns, entry by entry in double. */
  public void addTo(double[] columns, long row) {
    p.openFloats(pRows, row);
    p.walk(0, columns.length, 0);
    while (p.next()) {
      float[] values = (float[]) p.base;
      int end = Math.min(p.to, columns.length);
      for (int i = p.from; i < end; i++) {
        columns[i] += values[(int) p.start + i];
      }
    }
  }

  private double terms(Kind kind, double scales, Divergence divergence, double excess) {
    terms.by.ratio = (float) scales;
    terms.by.offset = (float) DoubleMath.log(scales);
    terms.set(kind, divergence);
    return terms.sum(scratch, excess);
  }

  /** The sum of {@link CostLoop}, and the mass of p; NaN if a probability is none. */
  private double cost(Cost kind, float excluded) {
    mass = 0;
    magnitude = 0;
    boolean valid = true;
    double cost = 0;
    CostLoop.Blocks blocks = scratch.cost;
    pair.walk(0, p.vocabulary(), 0, kind.isOfLogits() ? Float.NEGATIVE_INFINITY : 0);
    while (pair.next()) {
      int entries = pair.to() - pair.from();
      CostLoop.of(pair.source(), kind).add(
          p.base, p.start, q.base, q.start, pair.from(), pair.to(), unit, ratio, center, excluded, blocks);
      cost += blocks.cost.fold(entries);
      mass += blocks.mass.fold(entries);
      magnitude += kind.isRatio() ? blocks.magnitude.fold(entries) : 0;
      valid &= blocks.watched.areValid(entries);
    }
    return valid ? cost : Double.NaN;
  }

  private double sum(Cursor row, float excluded) {
    Arrays.fill(lanes, 0);
    boolean valid = true;
    row.walk(0, row.vocabulary(), 0);
    while (row.next()) {
      SumLoop.of(row.source).add(row.base, row.start, row.from, row.to, excluded, lanes, scratch.cost.watched);
      valid &= scratch.cost.watched.areValid(Lanes.WIDTH);
    }
    return valid ? Lanes.fold(lanes) : Double.NaN;
  }
}
