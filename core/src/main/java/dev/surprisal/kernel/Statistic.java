package dev.surprisal.kernel;

import dev.surprisal.kernel.loop.MomentsLoop.Level;
import dev.surprisal.kernel.row.Moments;
import dev.surprisal.kernel.row.RowReader;
import dev.surprisal.kernel.storage.Operand;
import dev.surprisal.kernel.storage.Rows;
import dev.surprisal.reference.LogitsReference;
import dev.surprisal.reference.ProbabilitiesReference;

/**
 * Every statistic that the library computes: what it takes, its definition, and how the kernels compute it. Scorer,
 * warm-up, tests and benchmarks follow this list.
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
    void define(Definitions by, Arguments a, long row) {
      a.out[(int) row] = LogitsReference.logSumExp(by.first(a.x, row));
    }

    @Override
    void compute(Kernels by, Arguments a, long from, long to) {
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
    void define(Definitions by, Arguments a, long row) {
      double[] x = by.first(a.x, row);
      a.out[(int) row] = isOfLogits(a.x) ? LogitsReference.entropy(x) : ProbabilitiesReference.entropy(x);
    }

    @Override
    void compute(Kernels by, Arguments a, long from, long to) {
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
    void define(Definitions by, Arguments a, long row) {
      if (isOfLogits(a.x)) {
        int target = a.target(row);
        double[] x = by.first(a.x, row);
        a.out[(int) row] = target == Arguments.IGNORE ? 0 : LogitsReference.crossEntropy(x, target);
      } else {
        super.define(by, a, row);
      }
    }

    @Override
    double defineOfProbabilities(double[] p, double[] y, Arguments a) {
      return isOfLogits(a.y)
          ? ProbabilitiesReference.crossEntropyOfLogits(p, y)
          : ProbabilitiesReference.crossEntropy(p, y);
    }

    @Override
    void compute(Kernels by, Arguments a, long from, long to) {
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
    double ofProbabilities(Kernels by, Arguments a, long row) {
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
    void define(Definitions by, Arguments a, long row) {
      double[] x = by.first(a.x, row);
      int target = a.target(row);
      int i = (int) row;
      ScoreColumns scores = a.scores;
      scores.logSumExp[i] = LogitsReference.logSumExp(x);
      scores.entropy[i] = LogitsReference.entropy(x);
      scores.varentropy[i] = LogitsReference.varentropy(x);
      boolean distribution = !Double.isNaN(scores.entropy[i]);
      scores.argmax[i] = distribution ? LogitsReference.argmax(x) : -1;
      scores.maxLogit[i] = distribution ? (float) x[scores.argmax[i]]
          : scores.logSumExp[i] == Double.NEGATIVE_INFINITY ? Float.NEGATIVE_INFINITY : Float.NaN;
      boolean targeted = target != Arguments.IGNORE;
      scores.targetLogProbability[i] = targeted ? LogitsReference.logSoftmax(x)[target] : 0;
      scores.targetRank[i] = targeted && distribution ? LogitsReference.rank(x, target) : -1;
    }

    @Override
    void compute(Kernels by, Arguments a, long from, long to) {
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
    void define(Definitions by, Arguments a, long row) {
      double[] logs = LogitsReference.logSoftmax(by.first(a.x, row));
      float[] rounded = new float[logs.length];
      for (int i = 0; i < logs.length; i++) {
        rounded[i] = (float) logs[i];
      }
      a.destination.store(row, 0, rounded, rounded.length);
    }

    @Override
    void compute(Kernels by, Arguments a, long from, long to) {
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
    double defineOfLogits(double[] x, double[] y, Arguments a) {
      return LogitsReference.klDivergence(x, y);
    }

    @Override
    double defineOfProbabilities(double[] p, double[] y, Arguments a) {
      return isOfLogits(a.y)
          ? ProbabilitiesReference.klDivergenceOfLogits(p, y)
          : ProbabilitiesReference.klDivergence(p, y);
    }

    @Override
    double ofLogits(Kernels by, Arguments a, long row) {
      return by.pair.klDivergence(row);
    }

    @Override
    double ofProbabilities(Kernels by, Arguments a, long row) {
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
    double defineOfLogits(double[] x, double[] y, Arguments a) {
      return LogitsReference.jensenShannon(x, y);
    }

    @Override
    double defineOfProbabilities(double[] p, double[] y, Arguments a) {
      return ProbabilitiesReference.jensenShannon(p, y);
    }

    @Override
    double ofLogits(Kernels by, Arguments a, long row) {
      return by.pair.jensenShannon(row);
    }

    @Override
    double ofProbabilities(Kernels by, Arguments a, long row) {
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
    double defineOfLogits(double[] x, double[] y, Arguments a) {
      return LogitsReference.renyiDivergence(x, y, a.order);
    }

    @Override
    double defineOfProbabilities(double[] p, double[] y, Arguments a) {
      return ProbabilitiesReference.renyiDivergence(p, y, a.order);
    }

    @Override
    double ofLogits(Kernels by, Arguments a, long row) {
      return a.order == 1 ? by.pair.klDivergence(row) : by.pair.renyiDivergence(a.order, row);
    }

    @Override
    double ofProbabilities(Kernels by, Arguments a, long row) {
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
    double defineOfLogits(double[] x, double[] y, Arguments a) {
      return LogitsReference.totalVariation(x, y);
    }

    @Override
    double defineOfProbabilities(double[] p, double[] y, Arguments a) {
      return ProbabilitiesReference.totalVariation(p, y);
    }

    @Override
    double ofLogits(Kernels by, Arguments a, long row) {
      return by.pair.totalVariation(row);
    }

    @Override
    double ofProbabilities(Kernels by, Arguments a, long row) {
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
    void define(Definitions by, Arguments a, long row) {
      double sum = 0;
      for (double value : by.first(a.x.as(Operand.PROBABILITIES), row)) {
        sum += value;
      }
      a.out[(int) row] = sum;
    }

    @Override
    void compute(Kernels by, Arguments a, long from, long to) {
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
    void define(Definitions by, Arguments a, long row) {
      double[] values = by.first(a.x.as(Operand.PROBABILITIES), row);
      for (int i = 0; i < values.length; i++) {
        a.out[i] += values[i];
      }
    }

    @Override
    void compute(Kernels by, Arguments a, long from, long to) {
      by.probability.open(a.x, a.x, to);
      for (long row = from; row < to; row++) {
        by.probability.addTo(a.out, row);
      }
    }
  };

  /** Whether it is a statistic of such rows; the second is null for statistics of one row. */
  public abstract boolean takes(Operand x, Operand y);

  // A statistic of two rows overrides the four methods that say what it is of two rows of a kind; others override the
  // two after them, which say how rows are read and where results go.

  /** Of two rows of logits, by the definition. */
  double defineOfLogits(double[] x, double[] y, Arguments a) {
    throw new IllegalStateException(this + " is not of two rows of logits");
  }

  /** Of a row of probabilities and a second one, by the definition. */
  double defineOfProbabilities(double[] p, double[] y, Arguments a) {
    throw new IllegalStateException(this + " is not of two rows of probabilities");
  }

  /** Of two rows of logits, by the kernels. */
  double ofLogits(Kernels by, Arguments a, long row) {
    throw new IllegalStateException(this + " is not of two rows of logits");
  }

  /** Of a row of probabilities and a second one, by the kernels. */
  double ofProbabilities(Kernels by, Arguments a, long row) {
    throw new IllegalStateException(this + " is not of two rows of probabilities");
  }

  /** One row, by the definition. */
  void define(Definitions by, Arguments a, long row) {
    double[] x = by.first(a.x, row);
    double[] y = by.second(a.y, row);
    a.out[(int) row] = isOfLogits(a.x) ? defineOfLogits(x, y, a) : defineOfProbabilities(x, y, a);
  }

  /** The rows {@code from .. to - 1}, by the kernels. */
  void compute(Kernels by, Arguments a, long from, long to) {
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

  /** Computes the rows {@code from .. to - 1} and stores their results; rows are independent of each other. */
  public final void compute(Worker worker, Arguments arguments, long from, long to) {
    if (worker instanceof Kernels kernels) {
      compute(kernels, arguments, from, to);
    } else {
      Definitions definitions = (Definitions) worker;
      for (long row = from; row < to; row++) {
        define(definitions, arguments, row);
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
