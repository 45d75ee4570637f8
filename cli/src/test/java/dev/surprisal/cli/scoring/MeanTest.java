package dev.surprisal.cli.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeanTest {
  private static Mean of(double... values) {
    Mean mean = new Mean();
    for (double value : values) {
      mean.add(value);
    }
    return mean;
  }

  @Test
  void meanAndStandardError() {
    Mean mean = of(1, 2, 3, 4);
    assertEquals(4, mean.count());
    assertEquals(2.5, mean.value());
    assertEquals(Math.sqrt(5.0 / 3 / 4), mean.standardError(), 1e-15);
  }

  @Test
  void doesNotCancel() {
    assertEquals(Math.sqrt(1.0 / 3), of(1e9, 1e9 + 1, 1e9 + 2).standardError(), 1e-12);
  }

  @Test
  void tooFew() {
    assertEquals(Double.NaN, of().value());
    assertEquals(7, of(7).value());
    assertEquals(Double.NaN, of(7).standardError());
  }

  @ParameterizedTest
  @CsvSource({"Infinity, 1, Infinity", "1, Infinity, Infinity", "Infinity, Infinity, Infinity", "Infinity, NaN, NaN",
      "NaN, 1, NaN", "Infinity, -Infinity, NaN"})
  void specialValues(double a, double b, double expected) {
    assertEquals(expected, of(a, b).value());
    assertEquals(Double.NaN, of(a, b).standardError());
  }
}
