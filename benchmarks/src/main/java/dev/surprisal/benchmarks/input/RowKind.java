package dev.surprisal.benchmarks.input;

/** Kinds of rows of logits: ordinary ones, and those that cost a kernel time or a formula digits. */
public enum RowKind {
  /** Independent Gaussian logits with a standard deviation of 3. */
  ORDINARY(1),
  /** One entry has nearly all the mass. */
  NEAR_DETERMINISTIC(1) {
    @Override
    float shaped(float logit, int i, int vocabulary) {
      return i == vocabulary / 2 ? 30 : logit;
    }
  },
  /** In ascending order from 0 to 100, so that every block has a new maximum. */
  ASCENDING(1) {
    @Override
    float shaped(float logit, int i, int vocabulary) {
      return 100f * i / vocabulary;
    }
  },
  /** Negative infinity in eight entries here and there, as where words may not be said. */
  FEW_MASKED(1) {
    @Override
    float shaped(float logit, int i, int vocabulary) {
      return i % (vocabulary / 8) == 99 ? Float.NEGATIVE_INFINITY : logit;
    }
  },
  /** Negative infinity but for every tenth entry, as after a mask. */
  MASKED(1) {
    @Override
    float shaped(float logit, int i, int vocabulary) {
      return i % 10 == 0 ? logit : Float.NEGATIVE_INFINITY;
    }
  },
  /** Ordinary, and nearly the same in both rows of a pair, so that their divergence is tiny. */
  CLOSE_PAIR(1) {
    @Override
    double disagreement() {
      return 1e-3;
    }
  },
  /** Ordinary, and the second row of a pair is another that has nothing to do with the first. */
  FAR_PAIR(1) {
    @Override
    public float[] other(float[] row, long seed) {
      return SyntheticRows.gaussian(row.length, SPREAD, ~seed);
    }
  },
  /** Ordinary, and the second row of a pair is 10 higher, for which a softmax makes no difference. */
  SHIFTED_PAIR(1) {
    @Override
    public float[] other(float[] row, long seed) {
      float[] other = super.other(row, seed);
      for (int i = 0; i < other.length; i++) {
        other[i] += 10;
      }
      return other;
    }
  },
  /** All logits nearly the same. */
  NARROW(1e-4),
  /** Logits in the thousands. */
  WIDE(1000),
  /** Ordinary, plus 10,000. */
  FAR_FROM_ZERO(1) {
    @Override
    float shaped(float logit, int i, int vocabulary) {
      return logit + 10_000;
    }
  };

  private static final double SPREAD = 3;

  private final double scale;

  RowKind(double scale) {
    this.scale = scale;
  }

  /**
   * A row of this kind.
   *
   * @param vocabulary its length
   * @param seed of the generator
   * @return logits
   */
  public float[] row(int vocabulary, long seed) {
    float[] row = SyntheticRows.gaussian(vocabulary, SPREAD * scale, seed);
    for (int i = 0; i < vocabulary; i++) {
      row[i] = shaped(row[i], i, vocabulary);
    }
    return row;
  }

  /**
   * The second row of a pair.
   *
   * @param row the first
   * @param seed of the generator
   * @return its logits with Gaussian noise
   */
  public float[] other(float[] row, long seed) {
    float[] other = SyntheticRows.gaussian(row.length, disagreement() * scale, ~seed);
    for (int i = 0; i < other.length; i++) {
      other[i] += row[i];
    }
    return other;
  }

  /** What an ordinary logit becomes. */
  float shaped(float logit, int i, int vocabulary) {
    return logit;
  }

  /** Standard deviation of the noise between the rows of a pair. */
  double disagreement() {
    return 1;
  }
}
