package dev.surprisal.kernel.pair;

import dev.surprisal.kernel.loop.PowerLoop;
import dev.surprisal.kernel.loop.WidenLoop;
import dev.surprisal.kernel.loop.WidenLoop.Kind;
import dev.surprisal.kernel.storage.PairCursor;
import dev.surprisal.kernel.storage.Pieces;
import dev.surprisal.kernel.storage.Rows;
import dev.surprisal.kernel.storage.Scratch;
import dev.surprisal.kernel.scalar.DoubleExp;
import dev.surprisal.kernel.scalar.DoubleMath;
import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Sizes;
import java.util.Arrays;

/**
 * Reads two rows for the Rényi divergence of order {@code a = 1 + b}, all in double: with {@code v = log(p/q)},
 *
 * <pre>
 *   D = log S / b        S = sum p^a q^(1-a) = sum p e^(b v)
 * </pre>
 *
 * <p>S is summed about its largest exponent, which may belong to an entry that has next to no mass in either row. Where
 * S is near 1 its logarithm would have lost the digits of D. Then the rows are read once more, and
 *
 * <pre>
 *   S - 1 = b U + a (P - 1) - b (Q - 1)        U = sum p ((e^bv - 1 - bv) / b + (e^-v - 1 + v))
 * </pre>
 *
 * <p>with P and Q the masses of p and q where both are above 0, which are the whole masses less what is outside; every
 * term of U is 0 or more, also in the limit of b = 0, where D is the Kullback-Leibler divergence.
 */
public final class RenyiReader {
  /** Below this size of {@code log S} it is summed as {@code S - 1}: above, D keeps its digits as a logarithm. */
  private static final double NEAR = 0.5;

  private final Pieces pieces;
  private final Pieces.Pass sum = new Pieces.Pass() {
    @Override
    public void piece(int index, Scratch memory) {
      sumPiece(index, memory);
    }
  };
  private final Pieces.Pass sumTerms = new Pieces.Pass() {
    @Override
    public void piece(int index, Scratch memory) {
      sumTermsOfPiece(index, memory);
    }
  };

  // What is read.
  private Rows xRows;
  private Rows yRows;
  private long row;
  private double b;

  private Kind kind;

  /** What logarithms are taken about: a reference, and what is left. */
  private double xReference;
  private double xRest;
  private double yReference;
  private double yRest;

  /** Exponents are kept divided by this, so that no product with b overflows. */
  private double scale;

  private Part[] parts = {new Part()};
  private int count;

  /** A reader for the thread whose pieces these are. */
  public RenyiReader(Pieces pieces) {
    this.pieces = pieces;
  }

  /** The divergence of two rows of logits; the order is not 1. */
  double ofLogits(Rows p, Rows q, long index, double order) {
    begin(p, q, index, order);
    kind = Kind.LOGITS;
    Scratch scratch = pieces.scratch;
    scratch.pair.open(p, q, index);
    xReference = scratch.x.max(0, p.vocabulary(), scratch.max);
    yReference = scratch.y.max(0, q.vocabulary(), scratch.max);
    if (!(Math.abs(xReference) < Double.POSITIVE_INFINITY && Math.abs(yReference) < Double.POSITIVE_INFINITY)) {
      return Double.NaN;
    }
    xRest = 0;
    yRest = 0;
    pieces.each(count, sum);
    Part all = add();
    if (all.lost && b > 0) {
      return Double.POSITIVE_INFINITY;
    }
    xRest = DoubleMath.log(all.p);
    yRest = DoubleMath.log(all.q);
    // The exponents were about the maxima: log S + b (log sum e^y) - a (log sum e^x), divided by b.
    double far = all.far(scale, b) + (yRest - order / b * xRest);
    return finish(far, order, 1, 1);
  }

  /**
   * The divergence of two rows of probabilities, each divided by a number; the order is not 1.
   *
   * @param pDivisor the sum of p, or 1 if it is used as given
   * @param qDivisor the sum of q, or 1 if it is used as given
   * @param pMass the sum of p after the division
   * @param qMass the sum of q after the division
   */
  public double ofProbabilities(
      Rows p, Rows q, long index, double order, double pDivisor, double qDivisor, double pMass, double qMass) {
    begin(p, q, index, order);
    kind = Kind.PROBABILITIES;
    xReference = DoubleMath.log(pDivisor);
    yReference = DoubleMath.log(qDivisor);
    xRest = 0;
    yRest = 0;
    pieces.each(count, sum);
    Part all = add();
    if (all.lost && b > 0) {
      return Double.POSITIVE_INFINITY;
    }
    return finish(all.far(scale, b), order, pMass, qMass);
  }

  private void begin(Rows p, Rows q, long index, double order) {
    xRows = p;
    yRows = q;
    row = index;
    b = order - 1;
    scale = Math.max(1, Math.abs(b));
    count = Sizes.pieces(p.vocabulary());
    if (parts.length < count) {
      parts = new Part[count];
      Arrays.setAll(parts, i -> new Part());
    }
  }

  /** {@code far} where it is exact, else the divergence from terms of one sign. */
  private double finish(double far, double order, double pMass, double qMass) {
    if (!(Math.abs(far * b) < NEAR)) {
      return far;
    }
    pieces.each(count, sumTerms);
    double terms = 0;
    double pExcess = pMass - 1;
    double qExcess = qMass - 1;
    for (int i = 0; i < count; i++) {
      terms += parts[i].terms;
      pExcess -= parts[i].pOutside;
      qExcess -= parts[i].qOutside;
    }
    double excess = b * terms + order * pExcess - b * qExcess;
    double divergence = DoubleMath.log1p(excess) / b;
    boolean normalized = pMass == 1 && qMass == 1;
    return normalized ? Math.max(divergence, 0) : divergence;
  }

  /** All parts as one: the exponentials about the largest exponent. */
  private Part add() {
    Part all = parts[0];
    for (int i = 1; i < count; i++) {
      all.add(parts[i], scale);
    }
    return all;
  }

  private void sumPiece(int i, Scratch scratch) {
    Part part = parts[i];
    part.clear();
    PowerLoop.Block block = scratch.powers();
    PairCursor cursor = scratch.pair;
    open(cursor, i);
    while (cursor.next()) {
      for (int from = cursor.from(); from < cursor.to(); from += Sizes.BLOCK) {
        int entries = Math.min(Sizes.BLOCK, cursor.to() - from);
        widen(cursor, from, entries, block);
        part.lost |= block.lost > 0;
        if (kind == Kind.LOGITS) {
          PowerLoop.of().addExponentials(block.x, block.xOut, entries, 0, 1, part.pLanes);
          PowerLoop.of().addExponentials(block.y, block.yOut, entries, 0, 1, part.qLanes);
        }
        double largest = PowerLoop.of().tilt(block, entries, b, scale);
        if (largest > Double.NEGATIVE_INFINITY) {
          part.refer(largest, scale);
          PowerLoop.of().addExponentials(block.tilted, block.nothing, entries, part.largest, scale, part.lanes);
        }
      }
    }
    part.fold();
  }

  private void sumTermsOfPiece(int i, Scratch scratch) {
    Part part = parts[i];
    part.clear();
    PowerLoop.Block block = scratch.powers();
    PairCursor cursor = scratch.pair;
    open(cursor, i);
    double limit = DoubleExp.RANGE / scale;
    while (cursor.next()) {
      for (int from = cursor.from(); from < cursor.to(); from += Sizes.BLOCK) {
        int entries = Math.min(Sizes.BLOCK, cursor.to() - from);
        widen(cursor, from, entries, block);
        if (block.lost + block.gained > 0) {
          addOutside(block, entries, part);
        }
        if (PowerLoop.of().largestRatio(block, entries) <= limit) {
          PowerLoop.of().masses(block, entries);
          PowerLoop.of().addTerms(block, entries, b, part.lanes);
        } else {
          addTermsApart(block, entries, part);
        }
      }
    }
    part.foldTerms();
  }

  /**
   * The terms of a block with entries far apart, one by one: {@code p^a q^(1-a)} where {@code e^(bv)} would overflow.
   */
  private void addTermsApart(PowerLoop.Block block, int entries, Part part) {
    for (int i = 0; i < entries; i++) {
      if (block.xOut[i] + block.yOut[i] == 0) {
        double v = block.x[i] - block.y[i];
        double p = DoubleMath.exp(block.x[i]);
        double q = DoubleMath.exp(block.y[i]);
        int lane = i % Lanes.WIDTH;
        part.lanes[lane] += term(block.x[i], p, q, v);
      }
    }
  }

  /** What p and q have where the other has nothing. */
  private static void addOutside(PowerLoop.Block block, int entries, Part part) {
    for (int i = 0; i < entries; i++) {
      boolean xNone = block.xOut[i] != 0;
      boolean yNone = block.yOut[i] != 0;
      part.pOutside += yNone && !xNone ? DoubleMath.exp(block.x[i]) : 0;
      part.qOutside += xNone && !yNone ? DoubleMath.exp(block.y[i]) : 0;
    }
  }

  /** {@code p ((e^bv - 1 - bv) / b + (e^-v - 1 + v))}; where v is large the two sums would cancel. */
  private double term(double logP, double p, double q, double v) {
    double w = b * v;
    if (Math.abs(v) < 1 && Math.abs(w) < 1) {
      return p * (aboveTangent(w) / b + aboveTangent(-v));
    }
    double power = Math.abs(w) < 1 ? p * StrictMath.expm1(w) : DoubleMath.exp(logP + w) - p;
    return power / b - p + q;
  }

  /** {@code e^v - 1 - v}. */
  private static double aboveTangent(double v) {
    return Math.abs(v) < 1e-3 ? v * v / 2 * (1 + v / 3 * (1 + v / 4 * (1 + v / 5))) : StrictMath.expm1(v) - v;
  }

  private void open(PairCursor cursor, int i) {
    cursor.open(xRows, yRows, row);
    int to = Math.min((i + 1) * Sizes.PIECE, xRows.vocabulary());
    cursor.walk(i * Sizes.PIECE, to, kind.none(), kind.none());
  }

  /** A block as logarithms of p and q. */
  private void widen(PairCursor cursor, int from, int entries, PowerLoop.Block block) {
    boolean logits = kind == Kind.LOGITS;
    WidenLoop.of(cursor.source(), kind).read(
        cursor.x.base, cursor.x.start, cursor.y.base, cursor.y.start, from, from + entries,
        logits ? (float) xReference : 1, logits ? (float) yReference : 1, block);
    if (!logits) {
      PowerLoop.of().log(block.x, entries);
      PowerLoop.of().log(block.y, entries);
    }
    PowerLoop.of().subtract(block.x, entries, xReference, xRest);
    PowerLoop.of().subtract(block.y, entries, yReference, yRest);
  }

  /** What is known of one piece. */
  private static final class Part {
    /** Whether some entry has mass in p and none in q. */
    private boolean lost;

    /** The largest exponent, divided by the scale, and the exponentials about it. */
    private double largest;
    private double sum;

    /** {@code sum p} and {@code sum q} of logits, in the units of their maxima. */
    private double p;
    private double q;

    /** The terms of close rows, and the masses of p and q where the other has none. */
    private double terms;
    private double pOutside;
    private double qOutside;

    private final double[] lanes = new double[Lanes.WIDTH];
    private final double[] pLanes = new double[Lanes.WIDTH];
    private final double[] qLanes = new double[Lanes.WIDTH];

    private void clear() {
      lost = false;
      pOutside = 0;
      qOutside = 0;
      largest = Double.NEGATIVE_INFINITY;
      Arrays.fill(lanes, 0);
      Arrays.fill(pLanes, 0);
      Arrays.fill(qLanes, 0);
    }

    /** Expresses what is summed so far by a larger exponent, if this one is: the online softmax. */
    private void refer(double exponent, double scale) {
      if (exponent > largest) {
        double factor = DoubleMath.exp(scale * (largest - exponent));
        for (int lane = 0; lane < Lanes.WIDTH; lane++) {
          lanes[lane] *= factor;
        }
        largest = exponent;
      }
    }

    private void fold() {
      sum = Lanes.fold(lanes);
      p = Lanes.fold(pLanes);
      q = Lanes.fold(qLanes);
    }

    private void foldTerms() {
      terms = Lanes.fold(lanes);
    }

    private void add(Part other, double scale) {
      lost |= other.lost;
      p += other.p;
      q += other.q;
      if (other.largest > largest) {
        sum = sum * DoubleMath.exp(scale * (largest - other.largest)) + other.sum;
        largest = other.largest;
      } else if (other.largest > Double.NEGATIVE_INFINITY) {
        sum += other.sum * DoubleMath.exp(scale * (other.largest - largest));
      }
    }

    /** {@code log S / b}: positive infinity if no entry has mass in both. */
    private double far(double scale, double b) {
      return largest == Double.NEGATIVE_INFINITY
          ? Double.POSITIVE_INFINITY
          : scale / b * largest + DoubleMath.log(sum) / b;
    }
  }
}
