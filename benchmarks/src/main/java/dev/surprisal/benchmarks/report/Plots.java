package dev.surprisal.benchmarks.report;

import dev.surprisal.benchmarks.Job;
import dev.surprisal.benchmarks.results.Measurement;
import dev.surprisal.benchmarks.results.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The plots of BENCHMARKS.md. */
final class Plots {
  private final Results results;
  private final Path directory;

  Plots(Results results, Path directory) {
    this.results = results;
    this.directory = directory;
  }

  void draw() throws IOException {
    Files.createDirectories(directory);
    save(peers(), "peers");
    save(roofline(), "roofline");
    save(threads(), "threads");
    Lines vocabularies = vocabularies();
    if (!vocabularies.isEmpty()) {
      Files.writeString(directory.resolve("vocabulary.svg"), vocabularies.svg());
    }
  }

  private void save(Bars bars, String name) throws IOException {
    if (!bars.isEmpty()) {
      Files.writeString(directory.resolve(name + ".svg"), bars.svg());
    }
  }

  /** All who do the same job. */
  private Bars peers() {
    Bars bars = new Bars("ns a logit in cache, one thread (logarithmic; shorter is better)", true);
    for (PeerTables.Pair pair : new PeerTables(results).pairs()) {
      if (pair.threads() == 1 && pair.dataset().equals("L2") && pair.dtype().equals("F32")) {
        bars.add(pair.title(), "Surprisal", pair.ours().nanosPerLogit());
        bars.add(pair.title(), Figures.peer(pair.theirs().benchmark()), pair.theirs().nanosPerLogit());
      }
    }
    return bars;
  }

  /** What each statistic reads in a second, under the plain sum. */
  private Bars roofline() {
    Bars bars = new Bars("GB of input a second, one thread, f32 array (longer is better)", false);
    for (Job job : Job.all()) {
      add(bars, job, "in L2 cache", Figures.configuration("L2", "F32", "ARRAY", 1));
      add(bars, job, "from memory", Figures.configuration("MEMORY", "F32", "ARRAY", 1));
    }
    results.plainSum(Map.of("dataset", "MEMORY", "storage", "ARRAY", "threads", "1"))
        .ifPresent(sum -> bars.mark("plain sum from memory", sum.gigabytesPerSecond()));
    return bars;
  }

  /** What each statistic reads in a second, by threads. */
  private Bars threads() {
    Bars bars = new Bars("GB of input a second from memory, by threads (longer is better)", false);
    for (Job job : Job.all()) {
      if (results.ours(job.name(), Figures.configuration("MEMORY", "F32", "ARRAY", 2)).isPresent()) {
        for (int threads = 1; threads <= results.environment().processors(); threads *= 2) {
          add(bars, job, threads == 1 ? "one thread" : threads + " threads",
              Figures.configuration("MEMORY", "F32", "ARRAY", threads));
        }
      }
    }
    return bars;
  }

  private void add(Bars bars, Job job, String name, Map<String, String> configuration) {
    results.ours(job.name(), configuration).ifPresent(m -> bars.add(job.title(), name, m.gigabytesPerSecond()));
  }

  private Lines vocabularies() {
    Lines lines = new Lines("ns a logit against the length of a row, in cache, one thread", "ns");
    for (Job job : List.of(Job.ENTROPY, Job.KL_DIVERGENCE)) {
      for (Measurement m : results.all("Vocabulary")) {
        if (m.statistic().equals(job.name())) {
          lines.add(job.title(), Double.parseDouble(m.params().get("vocabulary")), m.nanosPerLogit());
        }
      }
    }
    return lines;
  }
}
