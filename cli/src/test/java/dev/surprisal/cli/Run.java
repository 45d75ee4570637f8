package dev.surprisal.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;

/** One run of the tool in this process: its exit code, and what it printed. */
public record Run(int exitCode, String out, String err) {
  public static Run surprisal(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
    int exitCode = Surprisal.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    return new Run(exitCode, out.toString(), err.toString());
  }

  /** The rest of the line that begins with a name. */
  public String line(String name) {
    return out.lines().filter(line -> line.startsWith(name + " ")).map(line -> line.substring(name.length()).strip())
        .findFirst().orElseThrow(() -> new AssertionError("no line '" + name + "' in\n" + out));
  }

  /** The first number in the line that begins with a name. */
  public double number(String name) {
    return Double.parseDouble(line(name).split("[ %]")[0].replace(",", ""));
  }
}
