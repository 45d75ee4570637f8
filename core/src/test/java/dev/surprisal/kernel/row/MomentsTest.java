package dev.surprisal.kernel.row;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.data.RowKind;
import dev.surprisal.oracle.DoubleDouble;
import dev.surprisal.oracle.Measure;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Moments made from the oracle of parts of a row, merged, against the oracle of the whole: what is
 * lost is lost in the merge.
 */
class MomentsTest {
  private static final long SEED = 20261129;

  private static final double RELATIVE = 1e-13;

  private static Moments moments(float[] x, float target) {
    Moments moments = new Moments();
    int argmax = 0;
    for (int i = 0; i < x.length; i++) {
      argmax = x[i] > x[argmax] ? i : argmax;
      moments.above += x[i] > target ? 1 : 0;
    }
    Measure measure = Measure.ofLogits(x);
    moments.target = target;
    if (!measure.isDistribution()) {
      moments.setNoDistribution(
          x.length == 0 || x[argmax] == Float.NEGATIVE_INFINITY ? Float.NEGATIVE_INFINITY : Float.NaN);
      return moments;
    }
    moments.base = x[argmax];
    moments.max = x[argmax];
    moments.argmax = argmax;
    DoubleDouble logSum = measure.logP(argmax).negated();
    moments.logSum = logSum.hi();
    moments.meanDistance = measure.entropy().minus(logSum).hi();
    moments.variance = measure.varentropy().hi();
    return moments;
  }

  private static void assertSame(Moments expected, Moments actual, String of) {
    assertEquals(expected.isDistribution(), actual.isDistribution(), of);
    assertEquals(expected.max(), actual.max(), of + ": maximum");
    assertEquals(expected.argmax(), actual.argmax(), of + ": argmax");
    assertEquals(expected.above(), actual.above(), of + ": above");
    close(expected.logSumExp(), actual.logSumExp(), Math.max(Math.abs(expected.base()), 1), of + ": log-sum-exp");
    close(expected.entropy(), actual.entropy(), expected.entropy(), of + ": entropy");
    close(expected.surprisal(), actual.surprisal(), Math.abs(expected.surprisal()), of + ": surprisal");
    // A difference of means between the parts has the rounding of these.
    double square = expected.varentropy() + expected.entropy() * expected.entropy();
    close(expected.varentropy(), actual.varentropy(), square, of + ": varentropy");
  }

  private static void close(double expected, double actual, double size, String what) {
    if (Double.isNaN(expected) || Double.isInfinite(expected)) {
      assertEquals(expected, actual, what);
    } else {
      assertEquals(expected, actual, RELATIVE * size, what);
    }
  }

  @ParameterizedTest
  @EnumSource
  void mergeInAnyGrouping(RowKind kind) {
    SplittableRandom random = new SplittableRandom(SEED + kind.ordinal());
    for (int length : new int[] {3, 17, 200}) {
      float[] x = kind.row(random, length);
      float target = x[random.nextInt(length)];
      int first = 1 + random.nextInt(length - 2);
      int second = first + 1 + random.nextInt(length - first - 1);
      float[][] parts =
          {Arrays.copyOfRange(x, 0, first), Arrays.copyOfRange(x, first, second),
              Arrays.copyOfRange(x, second, length)};
      Moments whole = moments(x, target);
      String of = kind + " of " + length + " cut at " + first + " and " + second + ", seed " + SEED;

      Moments left = moments(parts[0], target);
      left.merge(moments(parts[1], target), first);
      left.merge(moments(parts[2], target), second);
      assertSame(whole, left, of + ", from the left");

      Moments right = moments(parts[1], target);
      right.merge(moments(parts[2], target), second - first);
      Moments all = moments(parts[0], target);
      all.merge(right, first);
      assertSame(whole, all, of + ", from the right");
    }
  }

  @Test
  void partsOfNothing() {
    float[] masked = {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY};
    float[] x = {1, 3, 2};
    Moments before = moments(masked, 2);
    before.merge(moments(x, 2), 2);
    assertSame(moments(new float[] {masked[0], masked[1], 1, 3, 2}, 2), before, "a masked part before");
    Moments behind = moments(x, 2);
    behind.merge(moments(masked, 2), 3);
    assertSame(moments(new float[] {1, 3, 2, masked[0], masked[1]}, 2), behind, "a masked part behind");
    Moments nothing = moments(masked, 2);
    nothing.merge(moments(masked, 2), 2);
    assertFalse(nothing.isDistribution());
    assertEquals(Double.NEGATIVE_INFINITY, nothing.logSumExp());
    assertEquals(Float.NEGATIVE_INFINITY, nothing.max());
    Moments none = new Moments();
    none.merge(moments(x, 2), 0);
    assertEquals(moments(x, 2).entropy(), none.entropy(), "merged into nothing");
  }

  @Test
  void aNaNMakesAllNaN() {
    for (boolean first : new boolean[] {true, false}) {
      float[] bad = {0, Float.NaN};
      float[] good = {1, 2};
      Moments moments = moments(first ? bad : good, 1);
      moments.merge(moments(first ? good : bad, 1), 2);
      assertFalse(moments.isDistribution());
      assertTrue(Double.isNaN(moments.logSumExp()) && Double.isNaN(moments.entropy()) && Float.isNaN(moments.max()));
      assertEquals(-1, moments.argmax());
    }
  }

  @Test
  void theFirstOfEqualMaximaIsTheArgmax() {
    Moments behind = moments(new float[] {5, 1}, 1);
    behind.merge(moments(new float[] {0, 5}, 1), 2);
    assertEquals(0, behind.argmax());
    Moments other = moments(new float[] {0, 5}, 1);
    other.merge(moments(new float[] {5, 1}, 1), -2);
    assertEquals(-2, other.argmax(), "a part that lies before");
  }
}
