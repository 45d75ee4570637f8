package dev.surprisal.benchmarks.report;

import java.util.List;
import java.util.Locale;

/** A drawing as SVG text: lines, rectangles and labels on white. */
final class Svg {
  /** Colours that people with most kinds of colour blindness tell apart (Okabe and Ito); ours is the first. */
  static final List<String> COLOURS =
      List.of("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#999999", "#f0e442");

  static final String INK = "#222222";
  static final String GRID = "#dddddd";

  private final StringBuilder elements = new StringBuilder();

  Svg line(double x1, double y1, double x2, double y2, String colour, double width) {
    return add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\"/>",
        x1, y1, x2, y2, colour, width);
  }

  Svg rectangle(double x, double y, double width, double height, String colour) {
    return add("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>", x, y, width, height, colour);
  }

  Svg dot(double x, double y, String colour) {
    return add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>", x, y, colour);
  }

  /** Text; the anchor is {@code start}, {@code middle} or {@code end}. */
  Svg text(double x, double y, String anchor, String text) {
    return styled(x, y, anchor, "", text);
  }

  Svg bold(double x, double y, String anchor, String text) {
    return styled(x, y, anchor, " font-weight=\"bold\"", text);
  }

  private Svg styled(double x, double y, String anchor, String style, String text) {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
    return add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>", x, y, anchor, style, escaped);
  }

  private Svg add(String element, Object... values) {
    elements.append(String.format(Locale.ROOT, element, values)).append('\n');
    return this;
  }

  /** The whole file. */
  String file(double width, double height) {
    return String.format(Locale.ROOT, """
        <svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" \
        font-family="sans-serif" font-size="13" fill="%s">
        <rect width="100%%" height="100%%" fill="#ffffff"/>
        """, width, height, width, height, INK) + elements + "</svg>\n";
  }
}
