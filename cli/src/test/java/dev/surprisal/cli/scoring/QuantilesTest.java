package dev.surprisal.cli.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantilesTest {
  private static double quantile(double share, double... values) throws IOException {
    try (Quantiles quantiles = new Quantiles()) {
      for (double value : values) {
        quantiles.add(value);
      }
      return quantiles.quantile(share);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1000, 30_000})
  void agreeWithSorting(int count) throws IOException {
    Random random = new Random(count);
    double[] values =
        random.doubles(count).map(u -> Math.exp(40 * (u - 0.5)) * (random.nextInt(4) == 0 ? 0 : 1)).toArray();
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    for (double share : new double[] {0, 0.1, 0.5, 0.9, 0.99, 0.999, 1}) {
      double place = share * (count - 1);
      int below = (int) place;
      int above = Math.min(below + 1, count - 1);
      double expected = sorted[below] + (place - below) * (sorted[above] - sorted[below]);
      assertEquals(expected, quantile(share, values), 1e-14 * expected, "share " + share);
    }
  }

  @Test
  void specialValues() throws IOException {
    assertEquals(Double.NaN, quantile(0.5));
    assertEquals(0, quantile(0.5, 0, -0.0, 0));
    assertEquals(3, quantile(0.5, 1, 3, Double.POSITIVE_INFINITY));
    assertEquals(Double.POSITIVE_INFINITY, quantile(0.75, 1, 3, Double.POSITIVE_INFINITY));
    assertEquals(Double.POSITIVE_INFINITY, quantile(0.75, 1, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY));
    assertEquals(Double.NaN, quantile(1, 1, Double.NaN, Double.POSITIVE_INFINITY));
    assertEquals(1, quantile(0, 1, Double.NaN, Double.POSITIVE_INFINITY));
  }

  @Test
  void moreNumbersAfterAQuantile() throws IOException {
    try (Quantiles quantiles = new Quantiles()) {
      quantiles.add(1);
      assertEquals(1, quantiles.quantile(1));
      quantiles.add(5);
      assertEquals(5, quantiles.quantile(1));
      assertEquals(3, quantiles.quantile(0.5));
    }
  }
}
