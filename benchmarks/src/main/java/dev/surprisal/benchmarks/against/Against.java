package dev.surprisal.benchmarks.against;

import dev.surprisal.benchmarks.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Compares the speed of two builds of core, see the script {@code benchmarks/against}. For each dtype and storage a
 * process of either build is started. When both are warm they are asked in turn, point by point, on the same processor.
 * All of that is done several times.
 */
public final class Against {
  /** Both builds measure every point once in a round. */
  private static final int ROUNDS = 11;
  /** Of the ratio of a point that a second run confirms. */
  private static final double LIMIT = 1.06;
  /** Of the geometric mean of the ratios. */
  private static final double MEAN_LIMIT = 1.02;
  private static final int WORST = 10;
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern LAST_PROCESSOR = Pattern.compile("(?m)^Cpus_allowed_list:.*?(\\d+)$");

  private final Build before;
  private final Build after;
  private final int forks;
  private final Optional<String> processor = lastProcessor();
  private final StringBuilder report = new StringBuilder();
  private String backends;

  private Against(Build before, Build after, int forks) {
    this.before = before;
    this.after = after;
    this.forks = forks;
  }

  /**
   * Compares, and ends with status 0, or 1 if the limits have to be kept and are not, or 2 if something does not run.
   *
   * @param arguments name and class path of the build before, the same of the build after, how many processes of each,
   *     an expression for the points, whether the limits have to be kept, and the file for the report
   */
  public static void main(String[] arguments) {
    try {
      Build before = new Build(arguments[0], arguments[1]);
      Build after = new Build(arguments[2], arguments[3]);
      Against against = new Against(before, after, Integer.parseInt(arguments[4]));
      boolean kept = against.compare(points(Pattern.compile(arguments[5])));
      Files.writeString(Path.of(arguments[7]), against.report);
      System.exit(kept || !Boolean.parseBoolean(arguments[6]) ? 0 : 1);
    } catch (IOException | InterruptedException | IllegalArgumentException e) {
      System.err.println("benchmarks/against: " + e.getMessage());
      System.exit(2);
    }
  }

  private static List<Point> points(Pattern only) {
    List<Point> points = Point.all().stream().filter(point -> only.matcher(point.toString()).find()).toList();
    if (points.isEmpty()) {
      throw new IllegalArgumentException("no point matches " + only + "; a name is like " + Point.all().getFirst());
    }
    return points;
  }

  /** Compares, and {@return whether the limits are kept} */
  private boolean compare(List<Point> points) throws IOException, InterruptedException {
    Map<Point, Comparison> comparisons = measured(points, points);
    say("%nThe core of %s against that of %s, JDK %s, %s.%n", after.name(), before.name(),
        System.getProperty("java.version"), backends);
    say("Nanoseconds a logit and their ratio, medians of %d pairs of processes, and the extremes of the ratios.%n%n%s",
        forks, table(comparisons));
    List<Point> bySpeed = comparisons.keySet().stream().filter(point -> !comparisons.get(point).isNew())
        .sorted(Comparator.comparingDouble((Point point) -> -comparisons.get(point).ratio())).toList();
    if (bySpeed.isEmpty()) {
      throw new IllegalArgumentException(before.name() + " has none of these points");
    }
    say("%nThe largest ratios%n%n%s", table(only(comparisons, bySpeed.subList(0, Math.min(WORST, bySpeed.size())))));
    double mean = Comparison.meanRatio(comparisons.values());
    List<Point> slower = slower(comparisons);
    say("%nGeometric mean of %d ratios: %.3f (limit %.2f)%nRatios above %.2f: %d%n",
        bySpeed.size(), mean, MEAN_LIMIT, LIMIT, slower.size());
    List<Point> confirmed = slower.isEmpty() ? slower : confirmed(points, slower);
    return mean <= MEAN_LIMIT && confirmed.isEmpty();
  }

  /** Measures once more what was slower, and {@return what is again} */
  private List<Point> confirmed(List<Point> points, List<Point> slower) throws IOException, InterruptedException {
    Map<Point, Comparison> again = measured(points, slower);
    List<Point> confirmed = slower(again);
    say("%nMeasured again%n%n%s%nConfirmed above %.2f: %d%n", table(again), LIMIT, confirmed.size());
    confirmed.forEach(point -> say("  %s%n", point));
    return confirmed;
  }

  /**
   * Measures points.
   *
   * @param warm points that are warmed up, since what the compiler has seen decides what it makes of the next
   * @param points some of these
   * @return one comparison a point
   */
  private Map<Point, Comparison> measured(List<Point> warm, List<Point> points)
      throws IOException, InterruptedException {
    Map<Point, Comparison> comparisons = new LinkedHashMap<>();
    points.forEach(point -> comparisons.put(point, new Comparison()));
    Map<String, List<Point>> kinds = points.stream()
        .collect(Collectors.groupingBy(Point::kind, LinkedHashMap::new, Collectors.toList()));
    for (int fork = 1; fork <= forks; fork++) {
      for (Map.Entry<String, List<Point>> kind : kinds.entrySet()) {
        long start = System.nanoTime();
        List<Point> ofKind = warm.stream().filter(point -> point.kind().equals(kind.getKey())).toList();
        measurePair(ofKind, only(comparisons, kind.getValue()));
        double seconds = 1e-9 * (System.nanoTime() - start);
        System.out.printf(Locale.ROOT, "%s, %d of %d: %.0f s%n", kind.getKey(), fork, forks, seconds);
      }
    }
    return comparisons;
  }

  /** Measures with one process of each build. Which is asked first alternates. */
  private void measurePair(List<Point> warm, Map<Point, Comparison> comparisons)
      throws IOException, InterruptedException {
    try (Build.Running old = before.start(warm); Build.Running young = after.start(warm)) {
      backends = old.backend() + " before, " + young.backend() + " after";
      if (processor.isPresent()) {
        old.stayOn(processor.get());
        young.stayOn(processor.get());
      }
      Map<Point, double[]> oldTimes = new LinkedHashMap<>();
      Map<Point, double[]> youngTimes = new LinkedHashMap<>();
      for (Point point : comparisons.keySet()) {
        oldTimes.put(point, new double[ROUNDS]);
        youngTimes.put(point, new double[ROUNDS]);
      }
      for (int round = 0; round < ROUNDS; round++) {
        for (Point point : comparisons.keySet()) {
          if (round % 2 == 0) {
            oldTimes.get(point)[round] = old.nanosPerLogit(point);
          }
          youngTimes.get(point)[round] = young.nanosPerLogit(point);
          if (round % 2 == 1) {
            oldTimes.get(point)[round] = old.nanosPerLogit(point);
          }
        }
      }
      for (Map.Entry<Point, Comparison> comparison : comparisons.entrySet()) {
        double[] times = youngTimes.get(comparison.getKey());
        if (Double.isNaN(times[0])) {
          throw new IOException(after.name() + " cannot compute " + comparison.getKey());
        }
        comparison.getValue().add(oldTimes.get(comparison.getKey()), times);
      }
    }
  }

  private static List<Point> slower(Map<Point, Comparison> comparisons) {
    return comparisons.keySet().stream().filter(point -> comparisons.get(point).ratio() > LIMIT).toList();
  }

  private static Map<Point, Comparison> only(Map<Point, Comparison> comparisons, List<Point> points) {
    Map<Point, Comparison> some = new LinkedHashMap<>();
    points.forEach(point -> some.put(point, comparisons.get(point)));
    return some;
  }

  private static String table(Map<Point, Comparison> comparisons) {
    Table table = new Table("", "before", "after", "ratio", "least", "largest");
    comparisons.forEach((point, comparison) -> {
      List<String> cells = new ArrayList<>(List.of(point.toString()));
      if (comparison.isNew()) {
        cells.addAll(List.of("-", nanos(comparison.after()), "new", "", ""));
      } else {
        cells.addAll(List.of(nanos(comparison.before()), nanos(comparison.after()),
            ratio(comparison.ratio()), ratio(comparison.least()), ratio(comparison.largest())));
      }
      table.row(cells.toArray(String[]::new));
    });
    return table.text();
  }

  private static String nanos(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private void say(String format, Object... values) {
    String text = String.format(Locale.ROOT, format, values);
    report.append(text);
    System.out.print(text);
  }

  /** The last processor that this process may use: the first one has most of the interrupts. */
  private static Optional<String> lastProcessor() {
    try {
      Matcher line = LAST_PROCESSOR.matcher(Files.readString(STATUS));
      return line.find() ? Optional.of(line.group(1)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
