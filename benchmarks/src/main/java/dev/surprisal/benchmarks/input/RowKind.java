package dev.surprisal.benchmarks.input;

/** Rows on which a kernel may have to do more than on ordinary ones. */
public enum RowKind {
  /** Independent Gaussian logits. */
  ORDINARY,
  /** One entry has nearly all the mass. */
  NEAR_DETERMINISTIC {
    @Override
    public float[] row(int vocabulary) {
      float[] row = super.row(vocabulary);
      row[vocabulary / 2] = 60;
      return row;
    }
  },
  /** In ascending order, so that every block has a new maximum. */
  ASCENDING {
    @Override
    public float[] row(int vocabulary) {
      float[] row = new float[vocabulary];
      for (int i = 0; i < vocabulary; i++) {
        row[i] = 100f * i / vocabulary;
      }
      return row;
    }
  },
  /** Negative infinity but for every tenth entry, as after a top-k or grammar mask. */
  MASKED {
    @Override
    public float[] row(int vocabulary) {
      float[] row = super.row(vocabulary);
      for (int i = 0; i < vocabulary; i++) {
        row[i] = i % 10 == 0 ? row[i] : Float.NEGATIVE_INFINITY;
      }
      return row;
    }
  },
  /** Nearly the same in both rows of a pair, so that their divergence is tiny. */
  CLOSE_PAIR {
    @Override
    public float[] other(float[] row) {
      float[] other = row.clone();
      for (int i = 0; i < other.length; i++) {
        other[i] += i % 2 == 0 ? 1e-3f : -1e-3f;
      }
      return other;
    }
  };

  /**
   * A row of this kind.
   *
   * @param vocabulary its length
   * @return logits
   */
  public float[] row(int vocabulary) {
    return SyntheticRows.logits(vocabulary);
  }

  /**
   * The second row of a pair.
   *
   * @param row the first
   * @return logits
   */
  public float[] other(float[] row) {
    return SyntheticRows.student(row);
  }
}
