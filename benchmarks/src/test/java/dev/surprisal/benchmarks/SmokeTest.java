package dev.surprisal.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** JMH runs every benchmark once, with the first value of each parameter. */
class SmokeTest {
  @Test
  void everyBenchmarkRuns() throws RunnerException {
    Set<String> ran = new HashSet<>();
    for (Class<? extends BatchBenchmark> type : Configuration.benchmarkClasses()) {
      for (RunResult result : run(type)) {
        ran.add(result.getParams().getBenchmark());
      }
    }
    assertEquals(declared(), ran);
  }

  private static Iterable<RunResult> run(Class<? extends BatchBenchmark> type) throws RunnerException {
    ChainedOptionsBuilder options = new OptionsBuilder()
        .include("^" + type.getName().replace(".", "\\.") + "\\.").forks(0).mode(Mode.SingleShotTime)
        .warmupIterations(0).measurementIterations(1).measurementTime(TimeValue.milliseconds(1))
        .shouldFailOnError(true).verbosity(VerboseMode.SILENT);
    Map<String, List<String>> values = new HashMap<>(Configuration.annotatedValues(type));
    values.forEach((param, all) -> options.param(param, all.getFirst()));
    return new Runner(options.build()).run();
  }

  private static Set<String> declared() {
    return Configuration.benchmarkClasses().stream()
        .flatMap(type -> new Configuration(type, Map.of()).benchmarks().stream()
            .map(method -> type.getName() + "." + method.getName()))
        .collect(Collectors.toSet());
  }
}
