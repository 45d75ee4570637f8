package dev.surprisal.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Figures for people. */
class FiguresTest {
  @ParameterizedTest
  @CsvSource({"1.5, 0.25, 1.50 ± 0.25 nats", "1.5, NaN, 1.50 nats", "NaN, NaN, NaN", "Infinity, NaN, Infinity nats"})
  void estimate(double value, double error, String text) {
    assertEquals(text, Figures.estimate("%.2f", value, "%.2f", error, " nats"));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"9999999 | 0.5 | 0.50 s", "10000000 | 0.5 | 0.50 s, 20 MB/s",
      "2500000000 | 2 | 2.00 s, 1.25 GB/s"})
  void time(long bytes, double seconds, String text) {
    assertEquals(text, Figures.time(bytes, seconds));
  }
}
