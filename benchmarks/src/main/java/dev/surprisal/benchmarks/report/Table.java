package dev.surprisal.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rows of text under headings. The first column is aligned to the left, the others, which hold figures, to the right.
 */
public final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * A table without rows.
   *
   * @param headings one a column
   */
  public Table(String... headings) {
    row(headings);
  }

  /**
   * Adds a row.
   *
   * @param cells one a column
   * @return this table
   */
  public Table row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  /** Whether there is nothing under the headings. */
  boolean isEmpty() {
    return rows.size() == 1;
  }

  /** {@return the table for BENCHMARKS.md, a sentence if there is nothing to show} */
  public String markdown() {
    if (isEmpty()) {
      return "(not in these results)";
    }
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < rows.size(); row++) {
      text.append("| ").append(String.join(" | ", rows.get(row))).append(" |\n");
      if (row == 0) {
        text.append("|---|").append("---:|".repeat(rows.get(0).size() - 1)).append('\n');
      }
    }
    return text.toString().stripTrailing();
  }

  /** {@return the table for a terminal} */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        String padding = " ".repeat(width(column) - row.get(column).length());
        line.append(column == 0 ? row.get(0) + padding : "  " + padding + row.get(column));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  /** A cell that may have no value. */
  static <T> String cell(Optional<T> value, java.util.function.Function<T, String> format) {
    return value.map(format).orElse("-");
  }
}
