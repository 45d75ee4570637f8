package dev.surprisal.data;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;

/** All that is wrong, not only the first thing. */
public final class Mismatches {
  private static final int SHOWN = 12;

  private final List<String> shown = new ArrayList<>();
  private int checks;
  private int count;

  /** Compares with the oracle every row of a workload, for results from somewhere. */
  public void check(Figure figure, Workload workload, double[] actual, Object where) {
    for (int row = 0; row < workload.rows(); row++) {
      double expected = workload.expected(figure, row);
      if (!Tolerance.allows(figure, expected, actual[row], workload.cancelled(figure, row, expected))) {
        add(figure + " of " + workload.name(row) + ", " + where + ": expected " + expected + ", got " + actual[row]
            + ", relative error " + Math.abs(actual[row] / expected - 1));
      }
      checks++;
    }
  }

  /** Compares bits of results that must be the same. */
  public void checkSameBits(Figure figure, Workload workload, double[] expected, double[] actual, Object where) {
    for (int row = 0; row < workload.rows(); row++) {
      if (Double.doubleToLongBits(expected[row]) != Double.doubleToLongBits(actual[row])) {
        add(figure + " of " + workload.name(row) + ", " + where + ": expected the bits of " + expected[row]
            + ", got " + actual[row]);
      }
      checks++;
    }
  }

  public void add(String mismatch) {
    count++;
    if (shown.size() < SHOWN) {
      shown.add(mismatch);
    }
  }

  /** Fails with what was added, and also if nothing was ever checked. */
  public void assertNone() {
    if (checks == 0) {
      fail("nothing was checked");
    }
    if (count > 0) {
      fail(count + " of " + checks + " are wrong:\n  " + String.join("\n  ", shown));
    }
  }
}
