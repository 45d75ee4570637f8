package dev.surprisal.benchmarks.report;

import static dev.surprisal.benchmarks.report.Figures.configuration;
import static dev.surprisal.benchmarks.report.Table.cell;

import dev.surprisal.benchmarks.Job;
import dev.surprisal.benchmarks.results.Measurement;
import dev.surprisal.benchmarks.results.Results;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The library's statistics beside the plain sum, beside each other, and on more threads. */
final class StatisticTables {
  private final Results results;

  StatisticTables(Results results) {
    this.results = results;
  }

  /** Every statistic over f32 in one storage, on one thread. */
  Table main(String storage) {
    Map<String, String> cache = configuration("L2", "F32", storage, 1);
    Map<String, String> memory = configuration("MEMORY", "F32", storage, 1);
    Table table =
        new Table("statistic", "L2 cache, ns/logit", "GB/s", "memory, ns/logit", "GB/s", "of the plain sum", "B/call");
    Optional<Measurement> sum = results.plainSum(sumIn(memory));
    addRow(table, "plain sum", results.plainSum(sumIn(cache)), sum, sum);
    for (Job job : Job.all()) {
      addRow(table, job.title(), results.ours(job.name(), cache), results.ours(job.name(), memory), sum);
    }
    return table;
  }

  /** The configuration in which the plain sum reads the same values. */
  private static Map<String, String> sumIn(Map<String, String> configuration) {
    return Map.of("dataset", configuration.get("dataset"), "storage", configuration.get("storage"),
        "threads", configuration.get("threads"));
  }

  private static void addRow(
      Table table, String title, Optional<Measurement> cache, Optional<Measurement> memory, Optional<Measurement> sum) {
    if (cache.isEmpty() && memory.isEmpty()) {
      return;
    }
    Optional<Double> ofSum = memory.flatMap(m -> sum.map(s -> m.gigabytesPerSecond() / s.gigabytesPerSecond()));
    table.row(title, cell(cache, Figures::nanos), cell(cache, Figures::gigabytes), cell(memory, Figures::nanos),
        cell(memory, Figures::gigabytes), cell(ofSum, Figures::percent), cell(cache, Figures::allocation));
  }

  /** Values of 16 bits against f32. */
  Table dtypes() {
    Table table = new Table("statistic", "storage", "data", "f32, ns/logit", "bf16, ns/logit", "to f32",
        "f16, ns/logit", "to f32");
    for (Job job : Job.all()) {
      for (String storage : List.of("ARRAY", "OFF_HEAP")) {
        for (String dataset : List.of("L2", "MEMORY")) {
          Optional<Measurement> f32 = results.ours(job.name(), configuration(dataset, "F32", storage, 1));
          Optional<Measurement> bf16 = results.ours(job.name(), configuration(dataset, "BF16", storage, 1));
          Optional<Measurement> f16 = results.ours(job.name(), configuration(dataset, "F16", storage, 1));
          if (bf16.isPresent() || f16.isPresent()) {
            table.row(job.title(), storage(storage), Figures.dataset(dataset), cell(f32, Figures::nanos),
                cell(bf16, Figures::nanos), slowdown(f32, bf16), cell(f16, Figures::nanos), slowdown(f32, f16));
          }
        }
      }
    }
    return table;
  }

  static String storage(String storage) {
    return storage.equals("ARRAY") ? "array" : "off-heap";
  }

  private static String slowdown(Optional<Measurement> base, Optional<Measurement> other) {
    return cell(base.flatMap(b -> other.map(o -> o.nanosPerLogit() / b.nanosPerLogit())), Figures::ratio);
  }

  /** Speed on several threads against one. */
  Table threads() {
    Table table = new Table("statistic", "data", "threads", "one thread, GB/s", "GB/s", "speedup");
    for (Measurement m : results.all("PlainSum")) {
      addThreads(table, "plain sum", m, results.plainSum(oneThread(m)));
    }
    for (Job job : Job.all()) {
      results.measurements().stream().filter(m -> m.suite().equals("statistics") && m.statistic().equals(job.name()))
          .forEach(m -> addThreads(table, job.title(), m, results.ours(job.name(), oneThread(m))));
    }
    return table;
  }

  private static void addThreads(Table table, String title, Measurement many, Optional<Measurement> one) {
    String threads = many.params().get("threads");
    if (!threads.equals("1")) {
      table.row(title, Figures.dataset(many.params().get("dataset")), threads, cell(one, Figures::gigabytes),
          Figures.gigabytes(many),
          cell(one.map(o -> many.gigabytesPerSecond() / o.gigabytesPerSecond()), r -> Figures.ratio(r) + " x"));
    }
  }

  private static Map<String, String> oneThread(Measurement m) {
    Map<String, String> params = new java.util.HashMap<>(m.params());
    params.put("threads", "1");
    return params;
  }
}
