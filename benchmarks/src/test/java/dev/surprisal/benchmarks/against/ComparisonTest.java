package dev.surprisal.benchmarks.against;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final double[] ABSENT = {Double.NaN, Double.NaN, Double.NaN};

  @Test
  void ratiosAreThoseOfTheSameRound() {
    Comparison comparison = new Comparison();
    // Everything takes twice as long in the second round, and something in the third disturbs the build after.
    comparison.add(new double[] {10, 20, 10}, new double[] {11, 22, 90});
    assertEquals(10, comparison.before());
    assertEquals(22, comparison.after());
    assertEquals(1.1, comparison.ratio());
  }

  @Test
  void pairsCountByTheirMedian() {
    Comparison comparison = new Comparison();
    comparison.add(new double[] {10}, new double[] {30});
    comparison.add(new double[] {20}, new double[] {10});
    comparison.add(new double[] {40}, new double[] {48});
    assertEquals(20, comparison.before());
    assertEquals(30, comparison.after());
    assertEquals(1.2, comparison.ratio());
    assertEquals(0.5, comparison.least());
    assertEquals(3, comparison.largest());
    comparison.add(new double[] {10}, new double[] {14});
    assertEquals(1.3, comparison.ratio(), 1e-15);
  }

  @Test
  void newPointsAreLeftOutOfTheMean() {
    Comparison slower = new Comparison();
    slower.add(new double[] {1, 1, 1}, new double[] {8, 8, 8});
    Comparison faster = new Comparison();
    faster.add(new double[] {2, 2, 2}, new double[] {1, 1, 1});
    Comparison added = new Comparison();
    added.add(ABSENT, new double[] {5, 5, 5});
    assertTrue(added.isNew());
    assertFalse(slower.isNew());
    assertEquals(2, Comparison.meanRatio(List.of(slower, added, faster)), 1e-15);
    assertEquals(Double.NaN, Comparison.meanRatio(List.of(added)));
  }
}
