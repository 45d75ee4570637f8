package dev.surprisal.kernel.row;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.oracle.DoubleDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Sums about a center, and what is done with them, against sums of 30 digits about the other center. */
class MomentSumsTest {
  private static final double ROUNDING = 4e-16;

  private SplittableRandom random;
  private double[] weights;
  private double[] values;

  private void makeEntries(RepetitionInfo repetition) {
    long seed = 20261129 + repetition.getCurrentRepetition();
    random = new SplittableRandom(seed);
    System.out.println("seed " + seed);
    int count = 1 + random.nextInt(40);
    weights = new double[count];
    values = new double[count];
    for (int i = 0; i < count; i++) {
      weights[i] = Math.exp(10 * random.nextDouble() - 8);
      values[i] = (float) (30 * random.nextDouble() - 25);
    }
  }

  /** The sums by definition, and as the last of them those of absolute values. */
  private MomentSums sums(int from, int to, double center) {
    DoubleDouble mass = DoubleDouble.ZERO;
    DoubleDouble distance = DoubleDouble.ZERO;
    DoubleDouble square = DoubleDouble.ZERO;
    for (int i = from; i < to; i++) {
      DoubleDouble weight = DoubleDouble.of(weights[i]);
      DoubleDouble d = DoubleDouble.sum(center, -values[i]);
      mass = mass.plus(weight);
      distance = distance.plus(weight.times(d));
      square = square.plus(weight.times(d).times(d));
    }
    MomentSums sums = new MomentSums();
    sums.mass = mass.hi();
    sums.distance = distance.hi();
    sums.offset = distance.hi();
    sums.square = square.hi();
    return sums;
  }

  private static void assertClose(MomentSums expected, MomentSums actual, double distanceTerms, double squareTerms) {
    assertEquals(expected.mass, actual.mass, ROUNDING * expected.mass, "mass");
    assertEquals(expected.distance, actual.distance, ROUNDING * distanceTerms, "distance");
    assertEquals(expected.offset, actual.offset, ROUNDING * distanceTerms, "offset");
    assertEquals(expected.square, actual.square, ROUNDING * squareTerms, "square");
  }

  @RepeatedTest(50)
  void recenter(RepetitionInfo repetition) {
    makeEntries(repetition);
    double center = (float) (10 * random.nextDouble() - 5);
    double shift = (float) (20 * random.nextDouble() - 10);
    MomentSums sums = sums(0, values.length, center);
    double terms = sums.square + Math.abs(shift) * (2 * Math.abs(sums.distance) + Math.abs(shift) * sums.mass);
    double distanceTerms = Math.abs(sums.distance) + Math.abs(shift) * sums.mass;
    sums.recenter(shift);
    sums.recenterSpread(shift);
    assertClose(sums(0, values.length, center + shift), sums, 2 * distanceTerms, 4 * terms);
  }

  @RepeatedTest(20)
  void addAndScale(RepetitionInfo repetition) {
    makeEntries(repetition);
    int cut = random.nextInt(values.length + 1);
    MomentSums sums = sums(0, cut, 1);
    MomentSums others = sums(cut, values.length, 1);
    MomentSums all = sums(0, values.length, 1);
    MomentSums left = new MomentSums();
    left.addDifference(all, others);
    double distanceTerms = Math.abs(sums.distance) + Math.abs(others.distance);
    assertEquals(sums.mass, left.mass, 2 * ROUNDING * all.mass, "mass of the difference");
    assertEquals(sums.square, left.square, 2 * ROUNDING * all.square, "square of the difference");
    sums.add(others);
    assertClose(all, sums, distanceTerms, all.square);
    sums.scale(0.25);
    assertEquals(all.mass / 4, sums.mass, ROUNDING * all.mass, "scaled");
    sums.clear();
    assertTrue(sums.mass == 0 && sums.distance == 0 && sums.square == 0, "cleared");
  }
}
