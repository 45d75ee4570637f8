package dev.surprisal.cli.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the charts are drawn from. */
class ProfileTest {
  private static ScoredRow row(long row, double nll, int rank, double confidence) {
    return new ScoredRow(row, 0, figure -> switch (figure) {
      case NLL -> nll;
      case RANK -> rank;
      case VARENTROPY -> 1;
      case MAX_LOGIT -> (float) Math.log(confidence);
      default -> 0;
    });
  }

  @Test
  void histogramBins() {
    Histogram histogram = new Histogram(0, 4, 4);
    for (double value : new double[] {-1, 0, 0.999, 1, 3.5, 4, 100, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY,
        Double.NaN}) {
      histogram.add(value);
    }
    assertArrayEquals(new long[] {4, 1, 0, 4}, histogram.counts());
  }

  @Test
  void calibrationOfAModelThatIsRightThreeTimesInFour() {
    Calibration calibration = new Calibration(10);
    for (int i = 0; i < 4; i++) {
      calibration.add(row(i, 0, i == 0 ? 1 : 0, 0.95));
    }
    calibration.add(row(4, 0, 0, 0.45));
    calibration.add(row(5, 0, 0, Double.NaN));
    assertEquals(4, calibration.count(9));
    assertEquals(0.95, calibration.confidence(9), 1e-6);
    assertEquals(0.75, calibration.accuracy(9));
    assertEquals(1, calibration.count(4));
    assertEquals((4 * 0.2 + 0.55) / 5, calibration.error(), 1e-6);
  }

  @Test
  void certaintyIsInTheLastBin() {
    Calibration calibration = new Calibration(10);
    calibration.add(row(0, 0, 0, 1));
    assertEquals(1, calibration.count(9));
  }

  @Test
  void worstRows() {
    WorstRows<ScoredRow> worst = new WorstRows<>(3, ScoredRow::nll, ScoredRow::row);
    double[] nll = {1, 5, Double.NaN, 5, 2, 7, 5, 0.5};
    for (int i = 0; i < nll.length; i++) {
      worst.accept(row(i, nll[i], 0, 0.5));
    }
    assertEquals(List.of(2L, 5L, 1L), worst.worst().stream().map(ScoredRow::row).toList());
  }

  @Test
  void worstOfMany() {
    WorstRows<ScoredRow> worst = new WorstRows<>(5, ScoredRow::nll, ScoredRow::row);
    List<ScoredRow> rows = new Random(1).doubles(10_000).mapToObj(u -> row((long) (u * 1e9), u, 0, 0.5)).toList();
    rows.forEach(worst::accept);
    assertEquals(rows.stream().sorted((a, b) -> Double.compare(b.nll(), a.nll())).limit(5).toList(), worst.worst());
  }
}
