package dev.surprisal.cli.output;

import java.io.PrintWriter;

/** A report for people: one line a figure, the names in a column. */
public final class Lines {
  private static final int NAME_WIDTH = 14;

  private final PrintWriter out;
  private final Terminal terminal;

  /**
   * A report.
   *
   * @param out where it goes
   * @param terminal how it looks there
   */
  public Lines(PrintWriter out, Terminal terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /**
   * Prints a figure.
   *
   * @param name what it is
   * @param format its value, as for {@link String#format}
   * @param values the values
   */
  public void print(String name, String format, Object... values) {
    out.println(terminal.bold(String.format("%-" + NAME_WIDTH + "s", name)) + String.format(java.util.Locale.ROOT, format, values));
  }
}
