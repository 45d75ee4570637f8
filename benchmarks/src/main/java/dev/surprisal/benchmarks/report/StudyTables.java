package dev.surprisal.benchmarks.report;

import static dev.surprisal.benchmarks.report.Table.cell;

import dev.surprisal.benchmarks.Job;
import dev.surprisal.benchmarks.results.Measurement;
import dev.surprisal.benchmarks.results.Results;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What speed depends on besides the statistic. */
final class StudyTables {
  private final Results results;

  StudyTables(Results results) {
    this.results = results;
  }

  /** Time against the length of a row. */
  Table vocabularies() {
    Table table = new Table("vocabulary", "entropy, ns/logit", "KL divergence, ns/logit");
    for (Measurement m : results.all("Vocabulary")) {
      if (m.statistic().equals("entropy")) {
        table.row(vocabulary(m), Figures.nanos(m),
            cell(results.find("Vocabulary", "klDivergence", m.params()), Figures::nanos));
      }
    }
    return table;
  }

  /** Time for a row of few classes. */
  Table smallVocabularies() {
    Table table = new Table("statistic", "classes", "ns/row (or pair)", "ns/logit", "B/call");
    for (Measurement m : results.all("SmallVocabulary")) {
      table.row(Job.titleOf(m.statistic()), vocabulary(m), Figures.number(nanosPerRow(m)), Figures.nanos(m),
          Figures.allocation(m));
    }
    return table;
  }

  /** Whether it is of two rows. */
  static boolean isOfPairs(Measurement m) {
    return Job.find(m.statistic()).map(Job::isOfPairs).orElse(false);
  }

  /** Of a row, or of a pair of rows. */
  static double nanosPerRow(Measurement m) {
    int inputs = isOfPairs(m) ? 2 : 1;
    return m.nanosPerLogit() * Integer.parseInt(m.params().get("vocabulary")) * inputs;
  }

  /** A single row, sequential and parallel. */
  Table longRows() {
    Table table = new Table("length of the row", "sequential, ns/logit", "parallel, ns/logit", "speedup", "B/call");
    for (Measurement sequential : results.all("LongRow")) {
      if (sequential.params().get("parallel").equals("false")) {
        Optional<Measurement> parallel = results.find("LongRow", "entropy", changed(sequential, "parallel", "true"));
        table.row(vocabulary(sequential), Figures.nanos(sequential), cell(parallel, Figures::nanos),
            cell(parallel.map(p -> Figures.speedup(p, sequential)), r -> Figures.ratio(r) + " x"),
            cell(parallel, Figures::allocation));
      }
    }
    return table;
  }

  /** Narrower vectors and none. */
  Table backends() {
    Table table = new Table("backend", "entropy, ns/logit", "GB/s");
    for (Measurement m : results.all("Backend")) {
      String backend = m.params().get("backend");
      table.row(switch (backend) {
        case "widest" -> results.environment().backend() + " (default)";
        case "scalar" -> "scalar reference";
        default -> backend + "-bit vectors";
      }, Figures.nanos(m), Figures.gigabytes(m));
    }
    return table;
  }

  /** Rows that need more than one reading. */
  Table rowKinds() {
    Table table =
        new Table("row", "entropy, ns/logit", "to an ordinary row", "KL divergence, ns/logit", "to an ordinary row");
    results.all("RowKind").stream().map(m -> m.params().get("kind")).distinct().forEach(kind -> {
      Optional<Measurement> entropy = results.find("RowKind", "entropy", Map.of("kind", kind));
      Optional<Measurement> kl = results.find("RowKind", "klDivergence", Map.of("kind", kind));
      table.row(kind.toLowerCase(Locale.ROOT).replace('_', ' '), cell(entropy, Figures::nanos),
          cell(entropy, this::toOrdinary), cell(kl, Figures::nanos), cell(kl, this::toOrdinary));
    });
    return table;
  }

  private String toOrdinary(Measurement m) {
    return cell(results.find("RowKind", m.statistic(), Map.of("kind", "ORDINARY"))
        .map(ordinary -> m.nanosPerLogit() / ordinary.nanosPerLogit()), Figures::ratio);
  }

  /** Rows of a language model. */
  Table trigram() {
    Table table =
        new Table("statistic", "L2 cache, ns/logit", "memory, ns/logit", "memory, GB/s", "million words a second");
    for (Measurement m : results.all("Trigram")) {
      if (m.params().get("dataset").equals("L2")) {
        Optional<Measurement> memory = results.find("Trigram", m.statistic(), Map.of("dataset", "MEMORY"));
        table.row(Job.titleOf(m.statistic()), Figures.nanos(m), cell(memory, Figures::nanos),
            cell(memory, Figures::gigabytes), Figures.number(m.score() / 1e6));
      }
    }
    return table;
  }

  /**
   * A fresh process and one that has used everything before.
   *
   * @param clean of its kind
   * @param polluted the same with a past
   */
  record Past(Measurement clean, Measurement polluted) {
    double slowdown() {
      return polluted.nanosPerLogit() / clean.nanosPerLogit();
    }
  }

  List<Past> pasts() {
    List<Past> pasts = new ArrayList<>();
    for (Measurement clean : results.all("Pollution")) {
      if (clean.params().get("polluted").equals("false")) {
        results.find("Pollution", clean.statistic(), changed(clean, "polluted", "true"))
            .ifPresent(polluted -> pasts.add(new Past(clean, polluted)));
      }
    }
    return pasts;
  }

  /** What a process's past costs. */
  Table pollution() {
    Table table = new Table("statistic", "dtype", "storage", "alone, ns/logit", "polluted, ns/logit", "ratio");
    for (Past past : pasts()) {
      table.row(Job.titleOf(past.clean.statistic()), past.clean.params().get("dtype").toLowerCase(Locale.ROOT),
          StatisticTables.storage(past.clean.params().get("storage")), Figures.nanos(past.clean),
          Figures.nanos(past.polluted), Figures.ratio(past.slowdown()));
    }
    return table;
  }

  /** A fresh process. */
  Table warmUp() {
    Table table = new Table("statistic", "`Scorer.warmUp` before, ms", "first call, ms", "90 % of full speed after, ms",
        "rows of 131,072 scored until then");
    for (Measurement m : results.all("WarmUp")) {
      Map<String, Double> counters = m.counters();
      table.row(Job.titleOf(m.statistic()),
          m.params().get("warmedUp").equals("true") ? Figures.number(counters.get("warmUpMillis")) : "not called",
          Figures.number(counters.get("firstCallMillis")),
          Figures.number(counters.get("fullSpeedMillis")), Figures.number(counters.get("fullSpeedRows")));
    }
    return table;
  }

  private static String vocabulary(Measurement m) {
    return String.format(Locale.ROOT, "%,d", Integer.parseInt(m.params().get("vocabulary")));
  }

  private static Map<String, String> changed(Measurement m, String param, String value) {
    Map<String, String> params = new HashMap<>(m.params());
    params.put(param, value);
    return params;
  }
}
