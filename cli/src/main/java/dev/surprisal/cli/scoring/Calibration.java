package dev.surprisal.cli.scoring;

/**
 * Confidence against accuracy: rows in bins by the probability of their most likely entry, and how often that entry was
 * the target. A calibrated model is right as often as it says.
 */
public final class Calibration {
  private final Mean[] confidence;
  private final Mean[] accuracy;

  /**
   * No rows yet.
   *
   * @param bins how many bins of equal width
   */
  public Calibration(int bins) {
    this.confidence = new Mean[bins];
    this.accuracy = new Mean[bins];
    for (int bin = 0; bin < bins; bin++) {
      confidence[bin] = new Mean();
      accuracy[bin] = new Mean();
    }
  }

  /**
   * Counts a row.
   *
   * @param row a row with a target; one that is no distribution does not count
   */
  public void add(ScoredRow row) {
    double value = row.confidence();
    if (!Double.isNaN(value)) {
      int bin = (int) Math.clamp(value * confidence.length, 0, confidence.length - 1);
      confidence[bin].add(value);
      accuracy[bin].add(row.isHit() ? 1 : 0);
    }
  }

  /** {@return the number of bins} */
  public int bins() {
    return confidence.length;
  }

  /**
   * The rows of a bin.
   *
   * @param bin its index
   * @return how many rows are in it
   */
  public long count(int bin) {
    return confidence[bin].count();
  }

  /**
   * What the model says.
   *
   * @param bin index of a bin
   * @return the mean probability of the most likely entry
   */
  public double confidence(int bin) {
    return confidence[bin].value();
  }

  /**
   * What came.
   *
   * @param bin index of a bin
   * @return the share of rows whose most likely entry was the target
   */
  public double accuracy(int bin) {
    return accuracy[bin].value();
  }

  /** {@return the expected calibration error: the mean distance of confidence and accuracy, each bin by its rows} */
  public double error() {
    long rows = 0;
    double sum = 0;
    for (int bin = 0; bin < bins(); bin++) {
      if (count(bin) > 0) {
        rows += count(bin);
        sum += count(bin) * Math.abs(confidence(bin) - accuracy(bin));
      }
    }
    return sum / rows;
  }
}
