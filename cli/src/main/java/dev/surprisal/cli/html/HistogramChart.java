package dev.surprisal.cli.html;

import dev.surprisal.cli.scoring.Histogram;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;

/** A histogram drawn as SVG; of two, the second is an outline over the first. */
final class HistogramChart {
  private static final int WIDTH = 560;
  private static final int HEIGHT = 220;
  private static final int LEFT = 8;
  private static final int RIGHT = 8;
  private static final int TOP = 12;
  private static final int BOTTOM = 40;
  private static final int TICKS = 5;

  private final String unit;
  private final DoubleFunction<String> label;

  /**
   * A way to draw histograms.
   *
   * @param unit what the horizontal axis shows
   * @param label a number on it
   */
  HistogramChart(String unit, DoubleFunction<String> label) {
    this.unit = unit;
    this.label = label;
  }

  /** The drawing; all histograms have the same bins. */
  String draw(Histogram... histograms) {
    long most = Math.max(1, Arrays.stream(histograms).flatMapToLong(h -> Arrays.stream(h.counts())).max().orElse(1));
    StringBuilder svg = new StringBuilder(Html.format(
        "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"histogram, %s\">\n", WIDTH, HEIGHT,
        Html.escape(unit)));
    bars(svg, histograms[0], most);
    for (Histogram outline : List.of(histograms).subList(1, histograms.length)) {
      outline(svg, outline, most);
    }
    axis(svg, histograms[0]);
    return svg.append("</svg>\n").toString();
  }

  private void bars(StringBuilder svg, Histogram histogram, long most) {
    long[] counts = histogram.counts();
    for (int bin = 0; bin < counts.length; bin++) {
      double left = x(bin, counts.length);
      double top = y(counts[bin], most);
      svg.append(
          Html.format("<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">", left + 0.5, top,
              x(bin + 1, counts.length) - left - 1, y(0, most) - top));
      svg.append(Html.format("<title>%s: %,d rows</title></rect>\n", Html.escape(range(histogram, bin, counts.length)),
          counts[bin]));
    }
  }

  private static void outline(StringBuilder svg, Histogram histogram, long most) {
    long[] counts = histogram.counts();
    StringBuilder path = new StringBuilder(Html.format("M%.1f %.1f", x(0, counts.length), y(0, most)));
    for (int bin = 0; bin < counts.length; bin++) {
      path.append(Html.format("V%.1fH%.1f", y(counts[bin], most), x(bin + 1, counts.length)));
    }
    svg.append("<path class=\"outline\" d=\"").append(path).append(Html.format("V%.1f", y(0, most))).append("\"/>\n");
  }

  private void axis(StringBuilder svg, Histogram histogram) {
    double bottom = y(0, 1);
    svg.append(Html.format("<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>\n", LEFT, WIDTH - RIGHT,
        bottom, bottom));
    for (int tick = 0; tick < TICKS; tick++) {
      double share = (double) tick / (TICKS - 1);
      double value = histogram.low() + share * (histogram.high() - histogram.low());
      String anchor = tick == 0 ? "start" : tick == TICKS - 1 ? "end" : "middle";
      svg.append(Html.format("<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
          LEFT + share * (WIDTH - LEFT - RIGHT), bottom + 15, anchor, Html.escape(label.apply(value))));
    }
    svg.append(
        Html.format("<text class=\"unit\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", WIDTH / 2, HEIGHT - 6,
            Html.escape(unit)));
  }

  /** The numbers in a bin; the last one is open ended, and so is the first unless it begins at 0. */
  private String range(Histogram histogram, int bin, int bins) {
    double width = (histogram.high() - histogram.low()) / bins;
    double from = histogram.low() + bin * width;
    if (bin == 0 && from != 0) {
      return label.apply(from + width) + " or less";
    }
    return bin == bins - 1 ? label.apply(from) + " or more" : label.apply(from) + " to " + label.apply(from + width);
  }

  private static double x(int bin, int bins) {
    return LEFT + (double) bin / bins * (WIDTH - LEFT - RIGHT);
  }

  private static double y(long count, long most) {
    return TOP + (1 - (double) count / most) * (HEIGHT - TOP - BOTTOM);
  }
}
