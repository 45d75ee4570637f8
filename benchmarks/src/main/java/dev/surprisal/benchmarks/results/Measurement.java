package dev.surprisal.benchmarks.results;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.surprisal.benchmarks.JobBenchmark;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * What JMH says of one configuration of one benchmark.
 *
 * @param suite the package: {@code statistics}, {@code studies} or {@code peers}
 * @param benchmark the class, without the ending "Benchmark"
 * @param statistic the parameter of that name, or the method
 * @param params the configuration, but for the statistic
 * @param unit of the score
 * @param score mean of all samples
 * @param error half the width of its 99.9 % confidence interval, NaN for fewer than three samples
 * @param counters means of what was counted beside it
 * @param samples one score an iteration, one list a fork
 */
public record Measurement(String suite, String benchmark, String statistic, Map<String, String> params, String unit,
    double score, double error, Map<String, Double> counters, List<List<Double>> samples) {
  private static final String EVENTS = "#";
  private static final String ALLOCATION = "gc.alloc.rate.norm";

  /**
   * A result of JMH.
   *
   * @param result all forks of one configuration
   * @return what is worth keeping of it
   */
  public static Measurement of(RunResult result) {
    BenchmarkParams run = result.getParams();
    String[] name = run.getBenchmark().split("\\.");
    Map<String, String> params = new LinkedHashMap<>();
    run.getParamsKeys().forEach(key -> params.put(key, run.getParam(key)));
    String method = name[name.length - 1];
    String statistic = params.containsKey(JobBenchmark.PARAMETER) ? params.remove(JobBenchmark.PARAMETER) : method;
    Map<String, Double> counters = new LinkedHashMap<>();
    int iterations = result.getBenchmarkResults().stream().mapToInt(fork -> fork.getIterationResults().size()).sum();
    result.getSecondaryResults().forEach((label, counter) -> {
      if (!label.startsWith("gc.") || label.equals(ALLOCATION)) {
        // JMH adds events up over the forks.
        counters.put(label,
            counter.getScoreUnit().equals(EVENTS) ? counter.getScore() / iterations : counter.getScore());
      }
    });
    Result<?> primary = result.getPrimaryResult();
    return new Measurement(name[name.length - 3], name[name.length - 2].replaceFirst("Benchmark$", ""), statistic,
        params, primary.getScoreUnit(), primary.getScore(), primary.getScoreError(), counters,
        result.getBenchmarkResults().stream().map(Measurement::samples).toList());
  }

  private static List<Double> samples(BenchmarkResult fork) {
    Collection<IterationResult> iterations = fork.getIterationResults();
    return iterations.stream().map(iteration -> iteration.getPrimaryResult().getScore()).toList();
  }

  /** {@return time for one value of the input} */
  @JsonIgnore
  public double nanosPerLogit() {
    return 1 / counters.get("gigalogits");
  }

  /** {@return input read in a second} */
  @JsonIgnore
  public double gigabytesPerSecond() {
    return counters.get("gigabytes");
  }

  /** {@return the error as a part of the score, NaN if there is none} */
  @JsonIgnore
  public double relativeError() {
    return error / score;
  }

  /** {@return bytes allocated in a call} */
  @JsonIgnore
  public double allocation() {
    return counters.getOrDefault(ALLOCATION, Double.NaN);
  }

  /**
   * Whether another is of the same configuration.
   *
   * @param other a measurement
   * @return true if so
   */
  boolean isOfTheSame(Measurement other) {
    return suite.equals(other.suite) && benchmark.equals(other.benchmark) && statistic.equals(other.statistic)
        && params.equals(other.params);
  }

  /**
   * Whether the configuration has all of some values.
   *
   * @param values by name of the parameter
   * @return true if it does
   */
  public boolean has(Map<String, String> values) {
    return params.entrySet().containsAll(values.entrySet());
  }
}
