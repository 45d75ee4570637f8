package dev.surprisal.benchmarks.report;

import static dev.surprisal.benchmarks.report.Table.cell;

import dev.surprisal.benchmarks.Job;
import dev.surprisal.benchmarks.results.Measurement;
import dev.surprisal.benchmarks.results.Results;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The library beside others. */
final class PeerTables {
  private final Results results;

  PeerTables(Results results) {
    this.results = results;
  }

  /**
   * The same job by us and by somebody else.
   *
   * @param ours over an array
   * @param theirs on the same values
   */
  record Pair(Measurement ours, Measurement theirs) {
    double speedup() {
      return Figures.speedup(ours, theirs);
    }

    String dataset() {
      return theirs.params().get("dataset");
    }

    String dtype() {
      return dtypeOf(theirs);
    }

    int threads() {
      return threadsOf(theirs);
    }

    /** For people: "entropy of bf16". */
    String title() {
      String dtype = dtype().equals("F32") ? "" : " of " + dtype().toLowerCase(Locale.ROOT);
      return Job.titleOf(theirs.statistic()) + dtype;
    }
  }

  /** Everything that was measured on both sides, in the order of the tables. */
  List<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    for (Measurement theirs : results.peers()) {
      results.ours(theirs.statistic(), ourConfiguration(theirs)).ifPresent(ours -> pairs.add(new Pair(ours, theirs)));
    }
    List<String> order = Job.all().stream().map(Job::name).toList();
    pairs.sort(Comparator.comparingInt((Pair pair) -> order.indexOf(pair.theirs.statistic()))
        .thenComparing(pair -> pair.dtype().equals("F32") ? 0 : 1));
    return pairs;
  }

  private static Map<String, String> ourConfiguration(Measurement theirs) {
    return Figures.configuration(theirs.params().get("dataset"), dtypeOf(theirs), "ARRAY", threadsOf(theirs));
  }

  private static String dtypeOf(Measurement theirs) {
    return theirs.params().getOrDefault("dtype", "F32");
  }

  private static int threadsOf(Measurement theirs) {
    return Integer.parseInt(theirs.params().getOrDefault("threads", "1"));
  }

  /** One comparison. */
  Optional<Pair> pair(String peer, String statistic, String dtype, String dataset, int threads) {
    return pairs().stream()
        .filter(
            p -> p.theirs.benchmark().equals(peer) && p.theirs.statistic().equals(statistic) && p.dtype().equals(dtype)
                && p.dataset().equals(dataset) && p.threads() == threads)
        .findFirst();
  }

  /** All peers on as many threads, over the data in cache and from memory. */
  Table table(int threads, String cache) {
    Table table = new Table("statistic", "who", Figures.dataset(cache) + ", ns/logit", "ours", "we are faster",
        "memory, ns/logit", "ours", "we are faster");
    for (Pair pair : pairs()) {
      if (pair.threads() == threads && pair.dataset().equals(cache)) {
        Optional<Pair> memory = pair(pair.theirs.benchmark(), pair.theirs.statistic(), pair.dtype(), "MEMORY", threads);
        table.row(pair.title(), Figures.peer(pair.theirs.benchmark()), Figures.nanos(pair.theirs),
            Figures.number(pair.ours.nanosPerLogit()), Figures.times(pair.speedup()),
            cell(memory.map(Pair::theirs), Figures::nanos), cell(memory, p -> Figures.number(p.ours.nanosPerLogit())),
            cell(memory.map(Pair::speedup), Figures::times));
      }
    }
    return table;
  }

  /** The comparisons in which somebody else is faster. */
  Table lost() {
    Table table =
        new Table("statistic", "who", "data", "threads", "ours, ns/logit", "theirs, ns/logit", "we are faster");
    pairs().stream().filter(pair -> pair.speedup() < 1).sorted(Comparator.comparingDouble(Pair::speedup))
        .forEach(pair -> table.row(pair.title(), Figures.peer(pair.theirs.benchmark()), Figures.dataset(pair.dataset()),
            Integer.toString(pair.threads()), Figures.nanos(pair.ours), Figures.nanos(pair.theirs),
            Figures.times(pair.speedup())));
    return table;
  }
}
