package dev.surprisal.benchmarks.report;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Lines over a logarithmic axis, from zero upwards. */
final class Lines {
  private static final double LEFT = 70;
  private static final double TOP = 70;
  private static final double WIDTH = 720;
  private static final double HEIGHT = 280;
  private static final int STEPS = 5;

  private final String title;
  private final String unit;
  private final Map<String, SortedMap<Double, Double>> lines = new LinkedHashMap<>();

  Lines(String title, String unit) {
    this.title = title;
    this.unit = unit;
  }

  void add(String line, double x, double y) {
    lines.computeIfAbsent(line, name -> new TreeMap<>()).put(x, y);
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  String svg() {
    SortedMap<Double, Double> all = new TreeMap<>();
    lines.values().forEach(line -> line.forEach((x, y) -> all.merge(x, y, Math::max)));
    double largest = 1.15 * all.values().stream().mapToDouble(y -> y).max().orElse(1);
    Svg svg = new Svg().bold(LEFT, 22, "start", title);
    for (int step = 0; step <= STEPS; step++) {
      double y = largest * step / STEPS;
      svg.line(LEFT, down(y, largest), LEFT + WIDTH, down(y, largest), step == 0 ? Svg.INK : Svg.GRID, 1)
          .text(LEFT - 8, down(y, largest) + 4, "end", Figures.number(y));
    }
    all.keySet()
        .forEach(x -> svg.text(across(x, all), TOP + HEIGHT + 20, "middle", String.format(Locale.ROOT, "%,.0f", x)));
    svg.text(LEFT - 8, TOP - 12, "end", unit);
    int drawn = 0;
    for (Map.Entry<String, SortedMap<Double, Double>> line : lines.entrySet()) {
      String colour = Svg.COLOURS.get(drawn);
      svg.rectangle(LEFT + 160 * drawn, 38, 12, 12, colour).text(LEFT + 160 * drawn + 17, 49, "start", line.getKey());
      draw(svg, line.getValue(), all, largest, colour);
      drawn++;
    }
    return svg.file(LEFT + WIDTH + 60, TOP + HEIGHT + 35);
  }

  private static void draw(
      Svg svg, SortedMap<Double, Double> line, SortedMap<Double, Double> all, double largest, String colour) {
    double lastX = Double.NaN;
    for (Map.Entry<Double, Double> point : line.entrySet()) {
      double x = across(point.getKey(), all);
      double y = down(point.getValue(), largest);
      if (!Double.isNaN(lastX)) {
        svg.line(lastX, down(line.get(line.headMap(point.getKey()).lastKey()), largest), x, y, colour, 2);
      }
      svg.dot(x, y, colour);
      lastX = x;
    }
  }

  private static double across(double x, SortedMap<Double, Double> all) {
    double first = Math.log(all.firstKey());
    double last = Math.log(all.lastKey());
    return LEFT + 30 + (WIDTH - 60) * (last == first ? 0.5 : (Math.log(x) - first) / (last - first));
  }

  private static double down(double y, double largest) {
    return TOP + HEIGHT * (1 - y / largest);
  }
}
