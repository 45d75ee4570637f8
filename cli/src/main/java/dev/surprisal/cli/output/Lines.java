package dev.surprisal.cli.output;

import java.io.PrintWriter;
import java.util.Locale;

/** A report for people: one line a figure, the names in a column. */
public final class Lines {
  private static final int NAME_WIDTH = 17;

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
    out.println(
        terminal.bold(String.format("%-" + NAME_WIDTH + "s", name)) + String.format(Locale.ROOT, format, values));
  }

  /**
   * Prints the head of a table.
   *
   * @param format its line, as for {@link String#format}
   * @param names the names of the columns
   */
  public void head(String format, Object... names) {
    out.println(terminal.bold(String.format(Locale.ROOT, format, names)));
  }

  /**
   * Prints a line of a table.
   *
   * @param format the line, as for {@link String#format}
   * @param values the values
   */
  public void row(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }

  /** Prints an empty line. */
  public void gap() {
    out.println();
  }
}
