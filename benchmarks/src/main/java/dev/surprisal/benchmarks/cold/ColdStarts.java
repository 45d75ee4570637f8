package dev.surprisal.benchmarks.cold;

import dev.surprisal.benchmarks.report.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Compares the first seconds of fresh processes of two builds of core, see the script {@code benchmarks/cold}: many
 * of either, in turn, with all processors and with one, and in JVMs where vectors are slow.
 */
public final class ColdStarts {
  private static final List<String> FIGURES =
      List.of("scorer and first row, ms", "of which the call, ms", "worst of the next 200, ms", "all of these, ms",
          "until 90 % of full speed, ms", "then ns a logit");

  /**
   * How a JVM is started.
   *
   * @param name for people
   * @param prefix what comes before java
   * @param options what comes behind it
   */
  private record Setting(String name, List<String> prefix, List<String> options) {}

  /**
   * A build of core.
   *
   * @param name of the commit
   * @param classPath its classes, those of {@link ColdStart}, and none of the other build
   */
  private record Build(String name, String classPath) {}

  private static final String MODULE = "--add-modules=jdk.incubator.vector";
  private static final List<Setting> SETTINGS = List.of(
      new Setting("all processors", List.of(), List.of(MODULE)),
      new Setting("one processor", List.of("taskset", "-c", "0"), List.of(MODULE)),
      new Setting("without the module", List.of(), List.of()),
      new Setting("-XX:TieredStopAtLevel=1", List.of(), List.of(MODULE, "-XX:TieredStopAtLevel=1")),
      new Setting("-XX:-UseFMA", List.of(), List.of(MODULE, "-XX:-UseFMA")),
      new Setting("-XX:UseAVX=0", List.of(), List.of(MODULE, "-XX:UseAVX=0")),
      new Setting("-Xint", List.of(), List.of(MODULE, "-Xint")));

  private ColdStarts() {}

  /**
   * Compares, and ends with status 0, or 2 if something does not run.
   *
   * @param arguments name and class path of the build before, the same of the build after, and how many processes of
   *     each
   */
  public static void main(String[] arguments) {
    try {
      Build before = new Build(arguments[0], arguments[1]);
      Build after = new Build(arguments[2], arguments[3]);
      int processes = Integer.parseInt(arguments[4]);
      Table table = new Table(Stream.concat(Stream.of("JVM"), FIGURES.stream()).toArray(String[]::new));
      for (Setting setting : SETTINGS) {
        compare(setting, before, after, processes, table);
        System.err.println(setting.name());
      }
      System.out.println("Entropy of a row of 131,072, one after the other, " + before.name() + " -> " + after.name()
          + ". Medians of " + processes + " processes of either build, in turn; JDK "
          + System.getProperty("java.version") + ".\n\n" + table.markdown());
    } catch (IOException | InterruptedException e) {
      System.err.println("benchmarks/cold: " + e.getMessage());
      System.exit(2);
    }
  }

  private static void compare(Setting setting, Build before, Build after, int processes, Table table)
      throws IOException, InterruptedException {
    List<double[]> first = new ArrayList<>();
    List<double[]> second = new ArrayList<>();
    for (int i = 0; i < processes; i++) {
      first.add(run(setting, before));
      second.add(run(setting, after));
    }
    String[] cells = new String[FIGURES.size() + 1];
    cells[0] = setting.name();
    for (int figure = 0; figure < FIGURES.size(); figure++) {
      cells[figure + 1] = number(median(first, figure)) + " -> " + number(median(second, figure));
    }
    table.row(cells);
  }

  private static double[] run(Setting setting, Build build) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(setting.prefix());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(setting.options());
    command.addAll(List.of("-cp", build.classPath(), ColdStart.class.getName()));
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String answer = new String(process.getInputStream().readAllBytes()).strip();
    if (process.waitFor() != 0 || answer.isEmpty()) {
      throw new IOException("a process of " + build.name() + " has failed: " + String.join(" ", command));
    }
    return Arrays.stream(answer.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  private static double median(List<double[]> of, int figure) {
    double[] sorted = of.stream().mapToDouble(figures -> figures[figure]).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
  }
}
