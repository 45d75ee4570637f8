package dev.surprisal.cli.scoring;

/** How the differences of two files are distributed, for charts; rows to be ignored are left out. */
public final class CompareProfile implements RowSink<ComparedRow> {
  private static final double LEAST_LOG10_KL = -10;
  private static final double MOST_LOG10_KL = 2;
  private static final double MOST_TARGET_CHANGE = 0.1;
  private static final int BINS = 48;
  private static final int WORST = 12;

  private final ScoreProfile base;
  private final ScoreProfile other;
  private final Histogram log10Kl = new Histogram(LEAST_LOG10_KL, MOST_LOG10_KL, BINS);
  private final Histogram targetChange = new Histogram(-MOST_TARGET_CHANGE, MOST_TARGET_CHANGE, BINS);
  private final WorstRows<ComparedRow> worst = new WorstRows<>(WORST, ComparedRow::kl, ComparedRow::row);

  /**
   * The profile of no rows yet.
   *
   * @param vocabulary the length of a row
   */
  public CompareProfile(int vocabulary) {
    this.base = new ScoreProfile(vocabulary);
    this.other = new ScoreProfile(vocabulary);
  }

  @Override
  public void accept(ComparedRow row) {
    base.accept(row.base());
    other.accept(row.other());
    if (row.base().isIgnored()) {
      return;
    }
    log10Kl.add(Math.log10(row.kl()));
    worst.accept(row);
    if (row.base().isScored()) {
      targetChange.add(row.targetChange());
    }
  }

  /** {@return the profile of the first file} */
  public ScoreProfile base() {
    return base;
  }

  /** {@return the profile of the second file} */
  public ScoreProfile other() {
    return other;
  }

  /** {@return decimal logarithms of KL(base || other)} */
  public Histogram log10Kl() {
    return log10Kl;
  }

  /** {@return changes of the target's probability} */
  public Histogram targetChange() {
    return targetChange;
  }

  /** {@return the rows in which the files differ most} */
  public WorstRows<ComparedRow> worst() {
    return worst;
  }
}
