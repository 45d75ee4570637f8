package dev.surprisal.benchmarks.report;

import static dev.surprisal.benchmarks.report.Figures.configuration;

import dev.surprisal.benchmarks.Job;
import dev.surprisal.benchmarks.results.Environment;
import dev.surprisal.benchmarks.results.Measurement;
import dev.surprisal.benchmarks.results.Results;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How many times faster, and how close to the machine. */
final class Answer {
  private final Results results;
  private final PeerTables peers;

  Answer(Results results) {
    this.results = results;
    this.peers = new PeerTables(results);
  }

  /** One sentence a statistic. */
  String closeToTheMachine() {
    StringBuilder text = new StringBuilder();
    for (Job job : List.of(Job.CROSS_ENTROPY, Job.ENTROPY, Job.SCORE, Job.KL_DIVERGENCE)) {
      Optional<Measurement> cache = results.ours(job.name(), configuration("L2", "F32", "ARRAY", 1));
      Optional<Measurement> memory = results.ours(job.name(), configuration("MEMORY", "F32", "ARRAY", 1));
      Optional<Measurement> sum =
          results.plainSum(Map.of("dataset", "MEMORY", "storage", "ARRAY", "threads", "1"));
      if (cache.isPresent() && memory.isPresent() && sum.isPresent()) {
        text.append("- **").append(job.title()).append("**: ").append(Figures.number(cache.get().nanosPerLogit()))
            .append(" ns a logit in cache (").append(Figures.gigabytes(cache.get())).append(" GB/s), ")
            .append(Figures.number(memory.get().nanosPerLogit())).append(" ns from memory (")
            .append(Figures.gigabytes(memory.get())).append(" GB/s, ")
            .append(Figures.percent(memory.get().gigabytesPerSecond() / sum.get().gigabytesPerSecond()))
            .append(" of what a plain vector sum reads)\n");
      }
    }
    return text.isEmpty() ? "(not in these results)" : text.toString().stripTrailing();
  }

  /** How many times faster than each of the others on one thread, in cache and from memory. */
  Table timesFaster() {
    List<String> names = peers.pairs().stream().map(pair -> pair.theirs().benchmark()).distinct().sorted(
        Comparator
            .comparingInt(List.of("PyTorch", "OnnxRuntime", "LanewiseExp", "PlainJava", "Nd4j", "Smile")::indexOf))
        .toList();
    List<String> headings = new ArrayList<>(List.of("faster than"));
    names.forEach(name -> headings.add(Figures.peer(name)));
    Table table = new Table(headings.toArray(String[]::new));
    for (Job job : Job.all()) {
      for (String dtype : List.of("F32", "BF16")) {
        List<String> cells = names.stream().map(name -> bothDatasets(name, job, dtype)).toList();
        if (!cells.stream().allMatch(String::isEmpty)) {
          List<String> row = new ArrayList<>(List.of(job.title() + (dtype.equals("BF16") ? " of bf16" : "")));
          row.addAll(cells);
          table.row(row.toArray(String[]::new));
        }
      }
    }
    return table;
  }

  private String bothDatasets(String peer, Job job, String dtype) {
    List<String> times = new ArrayList<>();
    for (String dataset : List.of("L2", "MEMORY")) {
      peers.pair(peer, job.name(), dtype, dataset, 1).ifPresent(pair -> times.add(Figures.times(pair.speedup())));
    }
    return String.join(" / ", times);
  }

  /** Where this was measured. */
  Table environment() {
    Environment e = results.environment();
    return new Table("", "").row("processor", e.processor() + ", " + e.processors() + " available")
        .row("caches", e.caches()).row("backend", e.backend()).row("JDK", e.jdk()).row("operating system", e.os())
        .row("kernel", e.kernel()).row("huge pages", e.hugePages()).row("date", e.date() + " UTC")
        .row("commit", e.commit())
        .row("run", results.forks() + " forks, " + results.measurements().size() + " measurements, "
            + Figures.number(results.minutes()) + " minutes");
  }
}
