package dev.surprisal.cli.output;

import java.util.Locale;

/**
 * Figures for people. A mean that is NaN has neither unit nor error, and an error that is NaN, as
 * that of one row, is left out.
 */
public final class Figures {
  /** Less than this is read in less time than Java needs to start: a rate would be no news of the scoring. */
  private static final long LEAST_BYTES = 10_000_000;

  private Figures() {}

  /**
   * A figure with its unit.
   *
   * @param format how to write it, as for {@link String#format}
   * @param value the figure
   * @param unit what follows it, with the space before
   * @return its text
   */
  static String of(String format, double value, String unit) {
    return Double.isNaN(value) ? "NaN" : String.format(Locale.ROOT, format, value) + unit;
  }

  /**
   * A figure with its standard error and unit.
   *
   * @param format how to write it, as for {@link String#format}
   * @param value the figure
   * @param errorFormat how to write its error
   * @param error its standard error
   * @param unit what follows, with the space before
   * @return its text
   */
  static String estimate(String format, double value, String errorFormat, double error, String unit) {
    return of(format, value, Double.isNaN(error) ? unit : " " + error(errorFormat, error, unit));
  }

  /**
   * What follows a figure.
   *
   * @param format how to write the error, as for {@link String#format}
   * @param error the standard error of the figure
   * @param unit the unit of both, with the space before
   * @return the text; only the unit where there is no error
   */
  public static String error(String format, double error, String unit) {
    return Double.isNaN(error) ? unit : "± " + String.format(Locale.ROOT, format, error) + unit;
  }

  /**
   * How long a run took, and the rate where it says something.
   *
   * @param bytes the bytes read
   * @param seconds the time
   * @return the text
   */
  public static String time(long bytes, double seconds) {
    double rate = bytes / seconds;
    String time = String.format(Locale.ROOT, "%.2f s", seconds);
    if (bytes < LEAST_BYTES) {
      return time;
    }
    return time + ", " + (rate < 1e9 ? of("%.0f", rate / 1e6, " MB/s") : of("%.2f", rate / 1e9, " GB/s"));
  }
}
