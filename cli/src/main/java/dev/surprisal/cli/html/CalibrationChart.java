package dev.surprisal.cli.html;

import dev.surprisal.cli.scoring.Calibration;

/**
 * Confidence against accuracy as SVG: on the diagonal, a model is right as often as it says.
 * Larger circles stand for more rows.
 */
final class CalibrationChart {
  private static final int SIZE = 300;
  private static final int LEFT = 58;
  private static final int RIGHT = 22;
  private static final int BOTTOM = 40;
  private static final int TOP = 10;
  private static final double LARGEST = 14;
  private static final double SMALLEST = 2.5;

  private CalibrationChart() {}

  static String draw(Calibration calibration) {
    StringBuilder svg = new StringBuilder(Html.format(
        "<svg class=\"chart square\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"accuracy against confidence\">\n",
        LEFT + SIZE + RIGHT, TOP + SIZE + BOTTOM));
    grid(svg);
    long most = 1;
    for (int bin = 0; bin < calibration.bins(); bin++) {
      most = Math.max(most, calibration.count(bin));
    }
    for (int bin = 0; bin < calibration.bins(); bin++) {
      if (calibration.count(bin) > 0) {
        double radius = Math.max(SMALLEST, LARGEST * Math.sqrt((double) calibration.count(bin) / most));
        svg.append(
            Html.format("<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\">", x(calibration.confidence(bin)),
                y(calibration.accuracy(bin)), radius));
        svg.append(Html.format("<title>%,d rows: confidence %.1f %%, accuracy %.1f %%</title></circle>\n",
            calibration.count(bin), 100 * calibration.confidence(bin), 100 * calibration.accuracy(bin)));
      }
    }
    return svg.append("</svg>\n").toString();
  }

  private static void grid(StringBuilder svg) {
    for (int tick = 0; tick <= 4; tick++) {
      double share = tick / 4.0;
      svg.append(Html.format("<line class=\"grid\" x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$.1f\" y2=\"%3$.1f\"/>", x(share),
          y(0), y(1)));
      svg.append(Html.format("<line class=\"grid\" x1=\"%2$.1f\" x2=\"%3$.1f\" y1=\"%1$.1f\" y2=\"%1$.1f\"/>\n",
          y(share), x(0), x(1)));
      svg.append(Html.format("<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%.0f %%</text>",
          x(share), y(0) + 15, 100 * share));
      svg.append(
          Html.format("<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%.0f %%</text>\n", x(0) - 6,
              y(share) + 4, 100 * share));
    }
    svg.append(Html.format("<line class=\"ideal\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>\n", x(0), x(1),
        y(0), y(1)));
    svg.append(Html.format("<text class=\"unit\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">confidence</text>\n",
        x(0.5), y(0) + 33));
    svg.append(Html.format(
        "<text class=\"unit\" transform=\"translate(12 %.1f) rotate(-90)\" text-anchor=\"middle\">accuracy</text>\n",
        y(0.5)));
  }

  private static double x(double share) {
    return LEFT + share * SIZE;
  }

  private static double y(double share) {
    return TOP + (1 - share) * SIZE;
  }
}
