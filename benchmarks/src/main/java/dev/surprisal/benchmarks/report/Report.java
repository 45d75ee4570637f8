package dev.surprisal.benchmarks.report;

import dev.surprisal.benchmarks.results.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes BENCHMARKS.md and its plots. The words stand in a template; every figure comes from the results of one run.
 *
 * <p>A place for a table is written <code>{{name}}</code> in the template.
 */
public final class Report {
  private static final Path MODULE = Path.of("benchmarks");

  private Report() {}

  /**
   * Writes the report.
   *
   * @param args a file of results, or nothing for the latest of {@code benchmarks/results}
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    Path file = args.length > 0 ? Path.of(args[0]) : latest();
    Results results = Results.read(file);
    String text = Files.readString(MODULE.resolve("BENCHMARKS.template.md"));
    Answer answer = new Answer(results);
    StatisticTables statistics = new StatisticTables(results);
    PeerTables peers = new PeerTables(results);
    StudyTables studies = new StudyTables(results);
    text = text.replace("{{results}}", "benchmarks/results/" + file.getFileName())
        .replace("{{machine}}", answer.closeToTheMachine())
        .replace("{{times}}", answer.timesFaster().markdown())
        .replace("{{environment}}", answer.environment().markdown())
        .replace("{{array}}", statistics.main("ARRAY").markdown())
        .replace("{{off-heap}}", statistics.main("OFF_HEAP").markdown())
        .replace("{{dtypes}}", statistics.dtypes().markdown())
        .replace("{{threads}}", statistics.threads().markdown())
        .replace("{{peers}}", peers.table(1, "L2").markdown())
        .replace("{{peers-2}}", peers.table(2, "L3").markdown())
        .replace("{{lost}}", lost(peers))
        .replace("{{goals}}", new Goals(results).table().markdown())
        .replace("{{vocabularies}}", studies.vocabularies().markdown())
        .replace("{{small}}", studies.smallVocabularies().markdown())
        .replace("{{long-row}}", studies.longRows().markdown())
        .replace("{{backends}}", studies.backends().markdown())
        .replace("{{kinds}}", studies.rowKinds().markdown())
        .replace("{{trigram}}", studies.trigram().markdown())
        .replace("{{pollution}}", studies.pollution().markdown())
        .replace("{{warm-up}}", studies.warmUp().markdown())
        .replace("{{cold-start}}", Files.readString(MODULE.resolve("results/cold-start.md")).stripTrailing());
    Files.writeString(Path.of("BENCHMARKS.md"), text);
    new Plots(results, MODULE.resolve("plots")).draw();
    System.out.println("BENCHMARKS.md and benchmarks/plots from " + file);
  }

  private static String lost(PeerTables peers) {
    Table lost = peers.lost();
    return lost.isEmpty() ? "Nowhere in this run." : lost.markdown();
  }

  private static Path latest() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(MODULE.resolve("results"))) {
      all.filter(file -> file.toString().endsWith(".json")).forEach(files::add);
    }
    if (files.isEmpty()) {
      throw new IOException("no results: run benchmarks/run first");
    }
    List<Results> results = new ArrayList<>();
    for (Path file : files) {
      results.add(Results.read(file));
    }
    Comparator<Results> byDate = Comparator.comparing(r -> r.environment().date());
    return files.get(results.indexOf(results.stream().max(byDate).orElseThrow()));
  }
}
