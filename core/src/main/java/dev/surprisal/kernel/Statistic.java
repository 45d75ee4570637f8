package dev.surprisal.kernel;

import dev.surprisal.kernel.loop.MomentsLoop.Level;
import dev.surprisal.kernel.row.Moments;
import dev.surprisal.kernel.row.RowReader;
import dev.surprisal.kernel.storage.Operand;
import dev.surprisal.kernel.storage.Rows;

/**
 * Every statistic that the library computes: what it takes, and how the kernels compute it. Scorer, warm-up, tests and
 * benchmarks follow this list. Their definitions are in {@code dev.surprisal.reference}.
 *
 * <p>Arguments are not checked again: shapes agree, rows exist, storage is accessible. Special values follow the
 * contract in {@link dev.surprisal.Scorer}.
 */
public enum Statistic {
  /** {@code log sum e^x[i]}. */
  LOG_SUM_EXP {
    @Override
    public boolean takes(Operand x, Operand y) {
      return x == Operand.LOGITS && y == null;
    }

    @Override
    public void compute(Worker by, Arguments a, long from, long to) {
      by.row.open(a.x, to, Level.SUM);
      for (long row = from; row < to; row++) {
        a.out[(int) row] = by.row.read(row, RowReader.NO_TARGET).logSumExp();
      }
    }
  },

  /** {@code -sum p log p}. */
  ENTROPY {
    @Override
    public boolean takes(Operand x, Operand y) {
      return y == null;
    }

    @Override
    public void compute(Worker by, Arguments a, long from, long to) {
      if (isOfLogits(a.x)) {
        by.row.open(a.x, to, Level.ENTROPY);
        for (long row = from; row < to; row++) {
          a.out[(int) row] = by.row.read(row, RowReader.NO_TARGET).entropy();
        }
      } else {
        by.probability.open(a.x, a.x, to);
        for (long row = from; row < to; row++) {
          a.out[(int) row] = by.probability.entropy(row);
        }
      }
    }
  },

  /** {@code -log softmax(x)[target]} of logits, {@code -sum p log q} of probabilities p. */
  CROSS_ENTROPY {
    @Override
    public boolean takes(Operand x, Operand y) {
      return x == Operand.LOGITS ? y == null : y != null;
    }

    @Override
    public void compute(Worker by, Arguments a, long from, long to) {
      if (isOfLogits(a.x)) {
        by.row.open(a.x, to, Level.SUM);
        for (long row = from; row < to; row++) {
          int target = a.target(row);
          a.out[(int) row] = target == Arguments.IGNORE ? 0 : by.row.read(row, target).surprisal();
        }
      } else {
        super.compute(by, a, from, to);
      }
    }

    @Override
    double ofProbabilities(Worker by, Arguments a, long row) {
      return by.probability.crossEntropy(row);
    }
  },

  /** All that one read of a row of logits tells of it and of a target. */
  SCORE {
    @Override
    public boolean takes(Operand x, Operand y) {
      return x == Operand.LOGITS && y == null;
    }

    @Override
    public void compute(Worker by, Arguments a, long from, long to) {
      by.row.open(a.x, to, Level.SCORE);
      for (long row = from; row < to; row++) {
        int target = a.target(row);
        boolean targeted = target != Arguments.IGNORE;
        a.scores.put((int) row, by.row.read(row, targeted ? target : RowReader.NO_TARGET), targeted);
      }
    }
  },

  /** {@code x[i] - log sum e^x[j]}, written as rows of f32. */
  LOG_SOFTMAX {
    @Override
    public boolean takes(Operand x, Operand y) {
      return x == Operand.LOGITS && y == null;
    }

    @Override
    public void compute(Worker by, Arguments a, long from, long to) {
      by.row.open(a.x, to, Level.SUM);
      for (long row = from; row < to; row++) {
        Moments moments = by.row.read(row, RowReader.NO_TARGET);
        by.writer.writeLogSoftmax(a.x, row, moments, a.destination);
      }
    }
  },

  /** {@code sum p log(p/q)}. */
  KL_DIVERGENCE {
    @Override
    public boolean takes(Operand x, Operand y) {
      return x == Operand.LOGITS ? y == Operand.LOGITS : y != null;
    }

    @Override
    double ofLogits(Worker by, Arguments a, long row) {
      return by.pair.klDivergence(row);
    }

    @Override
    double ofProbabilities(Worker by, Arguments a, long row) {
      return by.probability.klDivergence(row);
    }
  },

  /** {@code (KL(p||m) + KL(q||m)) / 2} with {@code m = (p + q) / 2}. */
  JENSEN_SHANNON {
    @Override
    public boolean takes(Operand x, Operand y) {
      return isOfAKind(x, y);
    }

    @Override
    double ofLogits(Worker by, Arguments a, long row) {
      return by.pair.jensenShannon(row);
    }

    @Override
    double ofProbabilities(Worker by, Arguments a, long row) {
      return by.probability.jensenShannon(row);
    }
  },

  /** {@code log(sum p^a q^(1-a)) / (a - 1)} of an order a; of order 1 it is {@link #KL_DIVERGENCE}. */
  RENYI_DIVERGENCE {
    @Override
    public boolean takes(Operand x, Operand y) {
      return isOfAKind(x, y);
    }

    @Override
    double ofLogits(Worker by, Arguments a, long row) {
      return a.order == 1 ? by.pair.klDivergence(row) : by.pair.renyiDivergence(a.order, row);
    }

    @Override
    double ofProbabilities(Worker by, Arguments a, long row) {
      return a.order == 1 ? by.probability.klDivergence(row) : by.probability.renyiDivergence(a.order, row);
    }
  },

  /** {@code sum |p - q| / 2}. */
  TOTAL_VARIATION {
    @Override
    public boolean takes(Operand x, Operand y) {
      return isOfAKind(x, y);
    }

    @Override
    double ofLogits(Worker by, Arguments a, long row) {
      return by.pair.totalVariation(row);
    }

    @Override
    double ofProbabilities(Worker by, Arguments a, long row) {
      return by.probability.totalVariation(row);
    }
  },

  /** {@code sum p} of each row. */
  ROW_SUM {
    @Override
    public boolean takes(Operand x, Operand y) {
      return x != Operand.LOGITS && y == null;
    }

    @Override
    public void compute(Worker by, Arguments a, long from, long to) {
      by.probability.open(a.x, a.x, to);
      for (long row = from; row < to; row++) {
        a.out[(int) row] = by.probability.sum(row);
      }
    }
  },

  /** {@code sum p} of each column, added to what is there: not for several threads. */
  COLUMN_SUMS {
    @Override
    public boolean takes(Operand x, Operand y) {
      return x != Operand.LOGITS && y == null;
    }

    @Override
    public void compute(Worker by, Arguments a, long from, long to) {
      by.probability.open(a.x, a.x, to);
      for (long row = from; row < to; row++) {
        by.probability.addTo(a.out, row);
      }
    }
  };

  /** Whether it is a statistic of such rows; the second is null for statistics of one row. */
  public abstract boolean takes(Operand x, Operand y);

  // A statistic of two rows overrides the two methods that say what it is of two rows of a kind; others override the
  // one after them, which says how rows are read and where results go.

  /** Of two rows of logits. */
  double ofLogits(Worker by, Arguments a, long row) {
    throw new IllegalStateException(this + " is not of two rows of logits");
  }

  /** Of a row of probabilities and a second one. */
  double ofProbabilities(Worker by, Arguments a, long row) {
    throw new IllegalStateException(this + " is not of two rows of probabilities");
  }

  /** Computes the rows {@code from .. to - 1} and stores their results; rows are independent of each other. */
  public void compute(Worker by, Arguments a, long from, long to) {
    if (isOfLogits(a.x)) {
      by.pair.open(a.x, a.y, to);
      for (long row = from; row < to; row++) {
        a.out[(int) row] = ofLogits(by, a, row);
      }
    } else {
      by.probability.open(a.x, a.y, to);
      for (long row = from; row < to; row++) {
        a.out[(int) row] = ofProbabilities(by, a, row);
      }
    }
  }

  private static boolean isOfLogits(Rows rows) {
    return rows.operand() == Operand.LOGITS;
  }

  /** Whether both are logits, or neither is. */
  private static boolean isOfAKind(Operand x, Operand y) {
    return y != null && (x == Operand.LOGITS) == (y == Operand.LOGITS);
  }
}
