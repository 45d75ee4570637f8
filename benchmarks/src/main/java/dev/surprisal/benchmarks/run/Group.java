package dev.surprisal.benchmarks.run;

import dev.surprisal.benchmarks.Job;
import dev.surprisal.benchmarks.JobBenchmark;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Benchmarks and the values of their parameters, every combination of which is measured.
 *
 * @param benchmarks a regular expression for names of the form {@code peers.PyTorchBenchmark.entropy}
 * @param params values by name
 */
public record Group(String benchmarks, Map<String, List<String>> params) {
  /**
   * Benchmarks, as yet without parameters.
   *
   * @param suite a package
   * @param benchmarks classes, without the ending "Benchmark", separated by {@code |}
   * @param statistics methods, separated by {@code |}
   * @return a group
   */
  static Group of(String suite, String benchmarks, String statistics) {
    return new Group("\\." + suite + "\\.(" + benchmarks + ")Benchmark\\.(" + statistics + ")$", Map.of());
  }

  /**
   * Jobs of the library.
   *
   * @param suite a package
   * @param benchmark a class, without the ending "Benchmark"
   * @param jobs any number
   * @return a group
   */
  static Group of(String suite, String benchmark, List<Job> jobs) {
    return of(suite, benchmark, "compute")
        .with(JobBenchmark.PARAMETER, jobs.stream().map(Job::name).toArray(String[]::new));
  }

  /**
   * The same with values for one more parameter.
   *
   * @param param its name
   * @param values its values
   * @return another group
   */
  Group with(String param, String... values) {
    Map<String, List<String>> more = new LinkedHashMap<>(params);
    more.put(param, List.of(values));
    return new Group(benchmarks, more);
  }

  /**
   * A part of it.
   *
   * @param part a regular expression for names of benchmarks or of statistics
   * @return a regular expression for names of benchmarks
   */
  String include(String part) {
    boolean named = params.getOrDefault(JobBenchmark.PARAMETER, List.of()).stream()
        .anyMatch(Pattern.compile(part).asPredicate());
    return (named ? "" : "^(?=.*(" + part + ")).*") + benchmarks;
  }

  /** {@return groups of one combination each} */
  List<Group> combinations() {
    List<Group> combinations = List.of(new Group(benchmarks, Map.of()));
    for (Map.Entry<String, List<String>> param : params.entrySet()) {
      List<Group> longer = new ArrayList<>();
      for (Group combination : combinations) {
        param.getValue().forEach(value -> longer.add(combination.with(param.getKey(), value)));
      }
      combinations = longer;
    }
    return combinations;
  }
}
