package dev.surprisal.cli.scoring;

/** How the scores of a file are distributed, for charts; rows to be ignored are left out. Natural logarithms. */
public final class ScoreProfile implements RowSink<ScoredRow> {
  private static final double MOST_NLL = 16;
  private static final int BINS = 48;
  private static final int CALIBRATION_BINS = 10;
  private static final int WORST = 12;

  private final Histogram nll = new Histogram(0, MOST_NLL, BINS);
  private final Histogram entropy;
  private final Calibration calibration = new Calibration(CALIBRATION_BINS);
  private final WorstRows<ScoredRow> worst = new WorstRows<>(WORST, ScoredRow::nll, ScoredRow::row);

  /**
   * The profile of no rows yet.
   *
   * @param vocabulary the length of a row, which bounds its entropy
   */
  public ScoreProfile(int vocabulary) {
    this.entropy = new Histogram(0, Math.max(1, Math.log(vocabulary)), BINS);
  }

  @Override
  public void accept(ScoredRow row) {
    if (row.isIgnored()) {
      return;
    }
    entropy.add(row.entropy());
    if (row.isScored()) {
      nll.add(row.nll());
      calibration.add(row);
      worst.accept(row);
    }
  }

  /** {@return the negative log-likelihoods of the targets} */
  public Histogram nll() {
    return nll;
  }

  /** {@return the entropies} */
  public Histogram entropy() {
    return entropy;
  }

  /** {@return confidence against accuracy} */
  public Calibration calibration() {
    return calibration;
  }

  /** {@return the rows whose targets are the least likely} */
  public WorstRows<ScoredRow> worst() {
    return worst;
  }
}
