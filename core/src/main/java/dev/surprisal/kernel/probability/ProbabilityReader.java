package dev.surprisal.kernel.probability;

import dev.surprisal.kernel.loop.CostLoop;
import dev.surprisal.kernel.loop.CostLoop.Cost;
import dev.surprisal.kernel.loop.DoubleCostLoop;
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
import dev.surprisal.kernel.scalar.DoubleMath;
import dev.surprisal.kernel.scalar.Exp;
import dev.surprisal.kernel.scalar.LaneSum;
import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Scale;

/**
 * Reads rows of probabilities p, as given or divided by their sum, with q as well or the logits of q on the right side.
 * The sums of the rows are taken in double first; where a divergence of rows as given has more than non-negative terms,
 * it is the difference of those sums.
 */
public final class ProbabilityReader {
  /** Sums outside are not taken in floats, whose products could overflow, or lose digits as they become subnormal. */
  private static final double LEAST = 0x1p-60;
  private static final double MOST = 0x1p100;

  /**
   * A divergence below this, of rows that had to be normalised, is summed again from terms of one sign: the sums that
   * the rows are divided by, doubles, may be off by 1.2e-13 together, and so may their logarithm.
   */
  private static final double TINY = 1e-6;

  /**
   * So is one below this share of the masses of rows that are not for floats: a sum in double of both signs, of
   * logarithms up to 192, and the logarithm of their scales may be off by 2.4e-11 of them.
   */
  private static final double TINY_IN_DOUBLE = 1e-3;

  /** A distance below this share of the masses needs a better difference of these than that of their sums. */
  private static final double LEVEL = 1e-6;

  /** So is one below this share of the absolute values of its terms: 9e-7 of those are 1.8e-6 of it. */
  private static final double CANCELLED = 0.5;

  /** From logits it has to be so much larger, for what their log-sum-exp and their exponentials are off, 1.1e-6. */
  private static final double APART = 0.6;

  /** The most that the logarithm of two scales may be where it is rounded to float: about sqrt(2 log 2). */
  private static final double ALIKE = 1.2;

  /** A cross-entropy below, of logits without a dominant entry, has no room for what a float sum of p is off. */
  private static final double UNDECIDED = 1.3;

  private final Scratch scratch;
  private final PairCursor pair;
  private final Cursor p;
  private final Cursor q;
  private final RowReader rowReader;
  private final RenyiReader renyi;
  private final Terms terms = new Terms();
  private final LaneSum lanes = new LaneSum();

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

  /** Whether its rows hold probabilities, and some of them so large, or p so small, that floats do not do. */
  private boolean valid;
  private boolean extreme;

  private Rows pRows;
  private Rows qRows;
  private long row;

  // The sums of both rows, and what they are divided by: the sums, or 1, times the unit of the result.
  private double pMass;
  private double qMass;
  private double pDivisor;
  private double qDivisor;
  private double unitOfResult;

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
  public double sum(long index) {
    p.open(pRows, index);
    return sum(p, Float.NaN);
  }

  /** {@code -sum p log p}. */
  public double entropy(long index) {
    return crossEntropy(index);
  }

  /** {@code -sum p log q}. */
  public double crossEntropy(long index) {
    if (qRows.operand() == Operand.LOGITS) {
      return crossEntropyOfLogits(index);
    }
    open(index);
    double cost = isNormalized(qRows) ? costOfNormalized() : costOfGiven();
    return isNormalized(pRows) ? cost / sum(p, Float.NaN) : cost;
  }

  private void open(long index) {
    row = index;
    pair.open(pRows, qRows, row);
  }

  private static boolean isNormalized(Rows rows) {
    return rows.operand() == Operand.WEIGHTS;
  }

  private double costOfGiven() {
    double cost = cost(Cost.PROBABILITIES, Float.NaN);
    return !valid ? Double.NaN : extreme ? costInDouble(DoubleCostLoop.Kind.PROBABILITIES, 1) : cost;
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
    int vocabulary = q.vocabulary();
    float max = q.max(0, vocabulary, scratch.max);
    boolean dominated = max > total / 2;
    double logShare = dominated ? DoubleMath.log1p(sum(q, max) / max) : Double.NaN;
    if (areForFloats(total)) {
      center = (float) total;
      double cost = cost(Cost.NORMALIZED, dominated ? max : Float.NaN);
      if (!valid) {
        return Double.NaN;
      }
      if (!extreme) {
        return dominated ? cost + p.value(q.indexOf(max, 0, vocabulary)) * logShare : cost;
      }
    }
    double pTotal = sum(p, Float.NaN);
    return costInDouble(DoubleCostLoop.Kind.PROBABILITIES, max)
        + pTotal * (dominated ? logShare : DoubleMath.log(total / max));
  }

  private double crossEntropyOfLogits(long index) {
    Moments moments = rowReader.read(index, RowReader.NO_TARGET);
    open(index);
    if (!moments.isDistribution()) {
      return Double.NaN;
    }
    // About a point from which all distances have one sign: the log-sum-exp, or the maximum where it is near that.
    double base = moments.base();
    center = (float) (moments.logSum() < 1 ? base : base + moments.logSum());
    double cost = cost(Cost.LOGITS, Float.NaN);
    double total = mass;
    double rest = base - center + moments.logSum();
    if (!valid) {
      return Double.NaN;
    }
    boolean normalized = isNormalized(pRows);
    if (extreme || cost == Double.POSITIVE_INFINITY || Math.abs(center) > Exp.MAX_ARGUMENT) {
      cost = costInDouble(DoubleCostLoop.Kind.LOGITS, base);
      total = sum(p, Float.NaN);
      rest = moments.logSum();
    } else if (normalized && moments.logSum() >= 1 && cost / total + rest < UNDECIDED) {
      total = sum(p, Float.NaN);
    }
    return normalized ? cost / total + rest : cost + total * rest;
  }

  /** {@code sum p log(p/q)}. */
  public double klDivergence(long index) {
    return qRows.operand() == Operand.LOGITS ? klDivergenceOfLogits(index) : klDivergenceOfProbabilities(index);
  }

  private double klDivergenceOfProbabilities(long index) {
    open(index);
    double direct = cost(Cost.RATIO, Float.NaN);
    boolean given = isGiven();
    if (!valid || (extreme || !given) && !readMasses()) {
      return Double.NaN;
    }
    if (extreme) {
      return extremeDivergence();
    }
    if (given) {
      pDivisor = 1;
      qDivisor = 1;
    }
    double value = given ? direct : (direct - pMass * DoubleMath.log(pDivisor / qDivisor)) / pDivisor;
    double size = magnitude / pDivisor;
    if (value == Double.POSITIVE_INFINITY || Math.abs(value) > CANCELLED * size && (given || value > TINY)) {
      return value;
    }
    unitOfResult = 1;
    double sum = terms(given ? Kind.PROBABILITIES_PROBABILITIES : Kind.WEIGHTS_WEIGHTS, Divergence.KL, 0);
    return areNormalized() || sum <= size ? sum + excess() : value;
  }

  /** KL of rows that are not for floats, in double, or, where that cancels, as terms of one sign of rows scaled. */
  private double extremeDivergence() {
    double value =
        (costInDouble(DoubleCostLoop.Kind.RATIO, 1) - pMass * DoubleMath.log(pDivisor / qDivisor)) / pDivisor;
    double masses = pMass / pDivisor + qMass / qDivisor;
    double excess = areNormalized() ? 0 : pMass / pDivisor - qMass / qDivisor;
    if (Math.abs(value) + Math.abs(excess) >= TINY_IN_DOUBLE * masses) {
      return value;
    }
    setUnitOfResult();
    return terms(Kind.WEIGHTS_WEIGHTS, Divergence.KL, 0) + excess() * unitOfResult;
  }

  private boolean isGiven() {
    return !isNormalized(pRows) && !isNormalized(qRows);
  }

  private boolean areNormalized() {
    return isNormalized(pRows) && isNormalized(qRows);
  }

  /**
   * By how much the sum of p exceeds that of q, each after its division. Where it is not the sum of one of them that is
   * divided by, it is summed entry by entry: the difference of two sums has their errors.
   */
  private double excess() {
    return areNormalized() ? 0
        : isGiven() ? costInDouble(DoubleCostLoop.Kind.DIFFERENCE, 0) / pDivisor
        : pMass / pDivisor - qMass / qDivisor;
  }

  private double klDivergenceOfLogits(long index) {
    Moments moments = rowReader.read(index, RowReader.NO_TARGET);
    if (!moments.isDistribution()) {
      return Double.NaN;
    }
    open(index);
    boolean normalized = isNormalized(pRows);
    double divisor = normalized ? sum(p, Float.NaN) : 1;
    if (!(divisor > 0)) {
      return Double.NaN;
    }
    double base = moments.base();
    double scale = DoubleMath.exp(unit.refer((float) base) - base - moments.logSum());
    ratio = (float) (scale * divisor);
    double direct = cost(Cost.RATIO_LOGITS, Float.NaN);
    if (!valid) {
      return Double.NaN;
    }
    double logNormaliser = moments.logSum() - DoubleMath.log(divisor);
    boolean inRange = ratio >= CostLoop.LEAST_RATIO && ratio <= 1 / CostLoop.LEAST_RATIO;
    if (extreme || !inRange || !(direct < Double.POSITIVE_INFINITY)) {
      double value = costInDouble(DoubleCostLoop.Kind.RATIO_LOGITS, base);
      value = normalized ? value / divisor + logNormaliser : value + sum(p, Float.NaN) * logNormaliser;
      // What the log-sum-exp is off by shows in the others.
      if (!normalized || value > 1) {
        return value;
      }
    } else if (direct > CANCELLED * magnitude + APART * divisor) {
      return direct / divisor;
    }
    double excess = normalized ? 0 : sum(p, Float.NaN) - 1;
    terms.setDouble(base, logNormaliser);
    terms.by.y.refer((float) base);
    terms.by.ratio = ratio;
    double unitOfSum = divisor;
    if (extreme || !inRange) {
      terms.setScales(1 / divisor, 1);
      terms.by.ratio = (float) scale;
      unitOfSum = 1;
    }
    terms.set(Kind.WEIGHTS_LOGITS, Divergence.KL);
    double sum = terms.sum(scratch, 0) / unitOfSum;
    return normalized || sum <= magnitude + mass ? sum + excess : direct;
  }

  /** Takes the sums of both rows, and sets the divisors; false if one of the rows is no distribution. */
  private boolean readMasses() {
    pMass = sum(p, Float.NaN);
    qMass = sum(q, Float.NaN);
    pDivisor = isNormalized(pRows) ? pMass : 1;
    qDivisor = isNormalized(qRows) ? qMass : 1;
    return pMass >= 0 && qMass >= 0 && pDivisor > 0 && qDivisor > 0;
  }

  /** Makes sums that are not for floats about 1, by divisors that are larger or smaller for both rows. */
  private void setUnitOfResult() {
    double larger = Math.max(pMass / pDivisor, qMass / qDivisor);
    unitOfResult = larger == 0 || areForFloats(larger) ? 1 : larger;
    pDivisor *= unitOfResult;
    qDivisor *= unitOfResult;
  }

  /** Whether the rows can be brought to the unit of p by a float. */
  private boolean areForFloats() {
    double scales = pDivisor / qDivisor;
    return areForFloats(pMass) && areForFloats(qMass) && areForFloats(scales) && areForFloats(qMass * scales);
  }

  private static boolean areForFloats(double sum) {
    return sum >= LEAST && sum <= MOST;
  }

  /** {@code (KL(p||m) + KL(q||m)) / 2} of two rows of probabilities. */
  public double jensenShannon(long index) {
    open(index);
    if (!readMasses()) {
      return Double.NaN;
    }
    setUnitOfResult();
    double logScales = DoubleMath.log(pDivisor / qDivisor);
    boolean plain = Math.abs(logScales) < ALIKE && areForFloats();
    double divergence = plain ? terms(Kind.PROBABILITIES_PROBABILITIES, Divergence.JENSEN_SHANNON, 0) : 0;
    // A term is about p v^2 / 8: where the logarithm of the scales is as large as v, it has left v few digits.
    if (!plain || logScales * logScales > 2 * divergence) {
      divergence = terms(Kind.WEIGHTS_WEIGHTS, Divergence.JENSEN_SHANNON, 0);
    }
    return areNormalized() ? Math.min(divergence, PairReader.LN2) : divergence;
  }

  /** The Rényi divergence of an order other than 1 of two rows of probabilities. */
  public double renyiDivergence(double order, long index) {
    open(index);
    return !readMasses() ? Double.NaN
        : renyi.ofProbabilities(
            pRows, qRows, index, order, pDivisor, qDivisor, isNormalized(pRows) ? 1 : pMass,
            isNormalized(qRows) ? 1 : qMass);
  }

  /** {@code sum |p - q| / 2} of two rows of probabilities. */
  public double totalVariation(long index) {
    open(index);
    if (!readMasses()) {
      return Double.NaN;
    }
    setUnitOfResult();
    Kind kind = isGiven() && areForFloats() ? Kind.PROBABILITIES_PROBABILITIES : Kind.WEIGHTS_WEIGHTS;
    double excess = areNormalized() ? 0 : pMass / pDivisor - qMass / qDivisor;
    double distance = terms(kind, Divergence.TOTAL_VARIATION, excess);
    if (isGiven() && distance < LEVEL * (pMass + qMass)) {
      distance = terms(kind, Divergence.TOTAL_VARIATION, excess());
    }
    return areNormalized() ? Math.clamp(distance, 0, 1) : Math.max(distance, 0);
  }

  /** Adds p to the columns, entry by entry in double. */
  public void addTo(double[] columns, long index) {
    p.openFloats(pRows, index);
    p.walk(0, columns.length, 0);
    while (p.next()) {
      float[] values = (float[]) p.base;
      int end = Math.min(p.to, columns.length);
      for (int i = p.from; i < end; i++) {
        columns[i] += values[(int) p.start + i];
      }
    }
  }

  /**
   * A divergence of probabilities from its terms.
   *
   * @param excess by how much the sum of p exceeds that of q, each after its division
   */
  private double terms(Kind kind, Divergence divergence, double excess) {
    terms.set(kind, divergence);
    double scales = pDivisor / qDivisor;
    double logScales = DoubleMath.log(scales);
    terms.by.ratio = (float) scales;
    terms.by.offset = (float) logScales;
    terms.setDouble(0, -logScales);
    double unitOfSum = pDivisor;
    if (!areForFloats()) {
      terms.setScales(1 / pDivisor, 1 / qDivisor);
      unitOfSum = 1;
    }
    return terms.sum(scratch, excess * unitOfSum) / unitOfSum * unitOfResult;
  }

  /** The sum of {@link CostLoop}, with the mass of p, and whether they may be used. */
  private double cost(Cost kind, float excluded) {
    mass = 0;
    magnitude = 0;
    valid = true;
    extreme = false;
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
      extreme |= blocks.watched.isLarge();
    }
    extreme |= !(mass >= LEAST);
    return cost;
  }

  /** The sum of {@link DoubleCostLoop} over the whole rows. */
  private double costInDouble(DoubleCostLoop.Kind kind, double point) {
    DoubleCostLoop loop = DoubleCostLoop.of(kind);
    pair.openFloats(pRows, qRows, row);
    lanes.clear();
    pair.walk(0, p.vocabulary(), 0, qRows.operand() == Operand.LOGITS ? Float.NEGATIVE_INFINITY : 0);
    while (pair.next()) {
      loop.add(
          (float[]) p.base, (int) p.start, (float[]) q.base, (int) q.start, pair.from(), pair.to(), point, lanes);
    }
    return DoubleCostLoop.finish(lanes);
  }

  private double sum(Cursor of, float excluded) {
    lanes.clear();
    boolean probabilities = true;
    of.walk(0, of.vocabulary(), 0);
    while (of.next()) {
      SumLoop.of(of.source).add(of.base, of.start, of.from, of.to, excluded, lanes, scratch.cost.watched);
      probabilities &= scratch.cost.watched.areValid(Lanes.WIDTH);
    }
    return probabilities ? lanes.finish() : Double.NaN;
  }
}
