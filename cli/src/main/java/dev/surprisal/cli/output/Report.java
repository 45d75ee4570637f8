package dev.surprisal.cli.output;

import java.util.Map;

/** What a command found. */
public interface Report {
  /**
   * Prints the report for people.
   *
   * @param lines where it goes
   */
  void print(Lines lines);

  /** {@return the figures by their names in JSON} */
  Map<String, Number> figures();

  /** {@return the figures as one JSON object} */
  default String json() {
    return Json.object(figures());
  }
}
