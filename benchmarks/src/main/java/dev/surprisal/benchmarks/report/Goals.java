package dev.surprisal.benchmarks.report;

import static dev.surprisal.benchmarks.report.Figures.configuration;

import dev.surprisal.benchmarks.Job;
import dev.surprisal.benchmarks.results.Measurement;
import dev.surprisal.benchmarks.results.Results;
import dev.surprisal.kernel.Statistic;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the library set out to reach, and whether it does: ratios of two measurements of the same run. */
final class Goals {
  private final Results results;
  private final PeerTables peers;
  private final Table table = new Table("goal", "at", "measured", "wanted", "", "the plain sum would have");

  Goals(Results results) {
    this.results = results;
    this.peers = new PeerTables(results);
  }

  Table table() {
    ofThePlainSum();
    betweenStatistics();
    threads();
    peers();
    shapes();
    pollution();
    allocation();
    return table;
  }

  private void ofThePlainSum() {
    for (String storage : List.of("ARRAY", "OFF_HEAP")) {
      Optional<Measurement> sum = results.plainSum(Map.of("dataset", "MEMORY", "storage", storage, "threads", "1"));
      for (Job job : List.of(Job.CROSS_ENTROPY, Job.ENTROPY, Job.KL_DIVERGENCE)) {
        Optional<Measurement> ours = results.ours(job.name(), configuration("MEMORY", "F32", storage, 1));
        atLeast(0.85, job.title() + " reads as fast as the plain sum", "memory, " + StatisticTables.storage(storage),
            sum.flatMap(s -> ours.map(o -> o.gigabytesPerSecond() / s.gigabytesPerSecond())));
      }
    }
  }

  private void betweenStatistics() {
    for (String dataset : List.of("L2", "MEMORY")) {
      boolean cache = dataset.equals("L2");
      toEntropy("score takes no longer than entropy", Job.SCORE, "F32", dataset, cache ? 1.4 : 1.25);
      toEntropy("entropy of bf16 takes no longer than of f32", Job.ENTROPY, "BF16", dataset, 1.25);
      toEntropy("entropy of f16 takes no longer than of f32", Job.ENTROPY, "F16", dataset, 1.5);
      for (Job job : List.of(Job.ofProbabilities(Statistic.ENTROPY), Job.ofProbabilities(Statistic.CROSS_ENTROPY),
          Job.ofProbabilities(Statistic.KL_DIVERGENCE))) {
        toEntropy(job.title() + " takes no longer than entropy from logits", job, "F32", dataset, cache ? 2 : 1.5);
      }
    }
    toEntropy("log-softmax takes no longer than entropy", Job.LOG_SOFTMAX, "F32", "L2", 2);
  }

  private void toEntropy(String goal, Job job, String dtype, String dataset, double most) {
    Optional<Measurement> entropy = results.ours("entropy", configuration(dataset, "F32", "ARRAY", 1));
    Optional<Measurement> other = results.ours(job.name(), configuration(dataset, dtype, "ARRAY", 1));
    atMost(most, goal, Figures.dataset(dataset),
        entropy.flatMap(e -> other.map(o -> o.nanosPerLogit() / e.nanosPerLogit())));
  }

  private void threads() {
    for (Job job : List.of(Job.CROSS_ENTROPY, Job.ENTROPY, Job.KL_DIVERGENCE)) {
      for (String dataset : List.of("L3", "MEMORY")) {
        Optional<Measurement> one = results.ours(job.name(), configuration(dataset, "F32", "ARRAY", 1));
        Optional<Measurement> two = results.ours(job.name(), configuration(dataset, "F32", "ARRAY", 2));
        atLeast(dataset.equals("L3") ? 1.85 : 1.6, job.title() + " on two threads", Figures.dataset(dataset),
            one.flatMap(o -> two.map(t -> Figures.speedup(t, o))));
      }
    }
  }

  private void peers() {
    for (int threads = 1; threads <= 2; threads++) {
      for (String dataset : List.of(threads == 1 ? "L2" : "L3", "MEMORY")) {
        faster("PyTorch", Job.ENTROPY, "F32", dataset, threads, 9);
        faster("PyTorch", Job.KL_DIVERGENCE, "F32", dataset, threads, 9);
        faster("PyTorch", Job.CROSS_ENTROPY, "F32", dataset, threads, 6);
        faster("PyTorch", Job.CROSS_ENTROPY, "BF16", dataset, threads, 5);
        faster("OnnxRuntime", Job.LOG_SOFTMAX, "F32", dataset, threads, 1.5);
        faster("OnnxRuntime", Job.CROSS_ENTROPY, "F32", dataset, threads, 6);
      }
    }
  }

  private void faster(String peer, Job job, String dtype, String dataset, int threads, double least) {
    Optional<PeerTables.Pair> pair = peers.pair(peer, job.name(), dtype, dataset, threads);
    // From memory there is a limit to it, whatever the statistic.
    Optional<Measurement> sum = dataset.equals("MEMORY")
        ? results.plainSum(Map.of("dataset", dataset, "storage", "ARRAY", "threads", Integer.toString(threads)))
        : Optional.empty();
    pair.ifPresent(p -> row(p.title() + ": faster than " + Figures.peer(p.theirs().benchmark()),
        Figures.dataset(dataset) + ", threads: " + threads, p.speedup(), "≥ " + Figures.number(least),
        p.speedup() >= least,
        sum.map(s -> Figures.number(s.gigabytesPerSecond() / p.theirs().gigabytesPerSecond())).orElse("")));
  }

  private void shapes() {
    for (Job job : List.of(Job.ENTROPY, Job.KL_DIVERGENCE)) {
      double[] nanos = results.all("Vocabulary").stream().filter(m -> m.statistic().equals(job.name()))
          .mapToDouble(Measurement::nanosPerLogit).sorted().toArray();
      atMost(1.5, job.title() + ": the slowest vocabulary to the fastest", "L2 cache",
          nanos.length == 0 ? Optional.empty() : Optional.of(nanos[nanos.length - 1] / nanos[0]));
    }
    for (Measurement m : results.all("SmallVocabulary")) {
      if (StudyTables.isOfPairs(m)) {
        continue;
      }
      String classes = m.params().get("vocabulary");
      atMost(classes.equals("5") ? 60 : 150, Job.titleOf(m.statistic()) + " of " + classes + " classes, ns a row",
          "a million rows", Optional.of(StudyTables.nanosPerRow(m)));
    }
    parallelRow("262144", 1.5);
    parallelRow("32000", 1);
  }

  private void parallelRow(String vocabulary, double least) {
    Optional<Measurement> one =
        results.find("LongRow", "entropy", Map.of("vocabulary", vocabulary, "parallel", "false"));
    Optional<Measurement> both =
        results.find("LongRow", "entropy", Map.of("vocabulary", vocabulary, "parallel", "true"));
    atLeast(least, "one row of " + vocabulary + ", parallel against sequential", "L2 cache",
        one.flatMap(o -> both.map(b -> Figures.speedup(b, o))));
  }

  private void pollution() {
    new StudyTables(results).pasts().stream().mapToDouble(StudyTables.Past::slowdown).max()
        .ifPresent(worst -> atMost(1.1, "the worst of all statistics in a process that has used everything", "L2 cache",
            Optional.of(worst)));
  }

  private void allocation() {
    // In short calls only: what JMH itself allocates in an iteration is shared out among its calls.
    double bytes = results.measurements().stream()
        .filter(m -> m.suite().equals("statistics") && "L2".equals(m.params().get("dataset")))
        .mapToDouble(Measurement::allocation).max().orElse(Double.NaN);
    atMost(1, "the most that any statistic allocates in a call, bytes", "L2 cache", Optional.of(bytes));
  }

  private void atLeast(double wanted, String goal, String at, Optional<Double> measured) {
    measured.ifPresent(value -> row(goal, at, value, "≥ " + Figures.number(wanted), value >= wanted, ""));
  }

  private void atMost(double wanted, String goal, String at, Optional<Double> measured) {
    measured.ifPresent(value -> row(goal, at, value, "≤ " + Figures.number(wanted), value <= wanted, ""));
  }

  private void row(String goal, String at, double measured, String wanted, boolean reached, String limit) {
    table.row(goal, at, Figures.number(measured), wanted, reached ? "reached" : "**missed**", limit);
  }
}
