package dev.surprisal.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Horizontal bars in groups, each with its figure at its end. */
final class Bars {
  private static final double LABELS = 220;
  private static final double PLOT = 560;
  private static final double FIGURES = 70;
  private static final double TOP = 70;
  private static final double BAR = 15;
  private static final double GAP = 10;

  private final String title;
  private final boolean logarithmic;
  private final Map<String, Map<String, Double>> groups = new LinkedHashMap<>();
  private String markName;
  private double mark = Double.NaN;

  Bars(String title, boolean logarithmic) {
    this.title = title;
    this.logarithmic = logarithmic;
  }

  void add(String group, String bar, double value) {
    groups.computeIfAbsent(group, name -> new LinkedHashMap<>()).put(bar, value);
  }

  /** A line across all bars. */
  void mark(String name, double value) {
    markName = name;
    mark = value;
  }

  boolean isEmpty() {
    return groups.isEmpty();
  }

  String svg() {
    Svg svg = new Svg();
    List<String> names = groups.values().stream().flatMap(bars -> bars.keySet().stream()).distinct().toList();
    svg.bold(10, 22, "start", title);
    legend(svg, names);
    double y = TOP;
    for (Map.Entry<String, Map<String, Double>> group : groups.entrySet()) {
      svg.text(LABELS - 10, y + BAR * group.getValue().size() / 2 + 5, "end", group.getKey());
      for (Map.Entry<String, Double> bar : group.getValue().entrySet()) {
        double length = position(bar.getValue());
        svg.rectangle(LABELS, y, length, BAR - 2, Svg.COLOURS.get(names.indexOf(bar.getKey())));
        svg.text(LABELS + length + 5, y + BAR - 4, "start", Figures.number(bar.getValue()));
        y += BAR;
      }
      y += GAP;
    }
    svg.line(LABELS, TOP - 5, LABELS, y, Svg.INK, 1);
    if (markName != null) {
      double x = LABELS + position(mark);
      svg.line(x, TOP - 5, x, y, Svg.INK, 1.5).text(x, y + 14, "middle", markName + " " + Figures.number(mark));
    }
    return svg.file(LABELS + PLOT + FIGURES, y + 24);
  }

  private static void legend(Svg svg, List<String> names) {
    double x = 10;
    for (String name : names) {
      svg.rectangle(x, 38, 12, 12, Svg.COLOURS.get(names.indexOf(name))).text(x + 17, 49, "start", name);
      x += 30 + 6.6 * name.length();
    }
  }

  private double position(double value) {
    if (!logarithmic) {
      return PLOT * value / largest();
    }
    double least = Math.log(smallest() / 2);
    return PLOT * (Math.log(value) - least) / (Math.log(largest()) - least);
  }

  private double largest() {
    return Math.max(values().stream().mapToDouble(v -> v).max().orElse(1), Double.isNaN(mark) ? 0 : mark);
  }

  private double smallest() {
    return values().stream().mapToDouble(v -> v).min().orElse(1);
  }

  private List<Double> values() {
    List<Double> values = new ArrayList<>();
    groups.values().forEach(bars -> values.addAll(bars.values()));
    return values;
  }
}
