package dev.surprisal.cli.html;

import dev.surprisal.cli.output.TableColumn;
import java.util.List;

/** A table of text and numbers. */
public final class Table {
  private Table() {}

  /**
   * Draws a table.
   *
   * @param columns its columns
   * @param rows its rows
   * @param <R> what a row tells of
   * @return the table in HTML
   */
  public static <R> String of(List<TableColumn<R>> columns, List<R> rows) {
    StringBuilder html = new StringBuilder("<div class=\"scroll\"><table>\n<thead><tr>");
    columns.forEach(column -> html.append("<th>").append(Html.escape(column.head())).append("</th>"));
    html.append("</tr></thead>\n<tbody>\n");
    for (R row : rows) {
      html.append("<tr>");
      columns.forEach(column -> html.append("<td>").append(Html.escape(column.text().apply(row))).append("</td>"));
      html.append("</tr>\n");
    }
    return html.append("</tbody></table></div>\n").toString();
  }
}
