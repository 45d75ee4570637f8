package dev.surprisal.cli.html;

import java.util.List;

/** A table of text and numbers. */
public final class Table {
  private final StringBuilder html = new StringBuilder("<div class=\"scroll\"><table>\n");

  /**
   * A table without rows.
   *
   * @param columns their heads
   */
  public Table(String... columns) {
    html.append("<thead><tr>");
    List.of(columns).forEach(column -> html.append("<th>").append(Html.escape(column)).append("</th>"));
    html.append("</tr></thead>\n<tbody>\n");
  }

  /**
   * Adds a row.
   *
   * @param cells its text in each column
   * @return this table
   */
  public Table row(String... cells) {
    html.append("<tr>");
    List.of(cells).forEach(cell -> html.append("<td>").append(Html.escape(cell)).append("</td>"));
    html.append("</tr>\n");
    return this;
  }

  /** {@return the table in HTML} */
  public String draw() {
    return html + "</tbody></table></div>\n";
  }
}
