package dev.surprisal.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.surprisal.benchmarks.results.Measurement;
import java.util.HashSet;
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

/** JMH runs every job of every benchmark once, with the first value of each other parameter. */
class SmokeTest {
  @Test
  void everyBenchmarkRuns() throws RunnerException {
    Set<String> ran = new HashSet<>();
    for (Class<? extends BatchBenchmark> type : Configuration.benchmarkClasses()) {
      for (RunResult result : run(type)) {
        Measurement measurement = Measurement.of(result);
        assertFalse(measurement.params().containsKey(JobBenchmark.PARAMETER), measurement.toString());
        ran.add(type.getName() + "." + measurement.statistic());
      }
    }
    assertEquals(declared(), ran);
  }

  private static Iterable<RunResult> run(Class<? extends BatchBenchmark> type) throws RunnerException {
    ChainedOptionsBuilder options = new OptionsBuilder()
        .include("^" + type.getName().replace(".", "\\.") + "\\.").forks(0).mode(Mode.SingleShotTime)
        .warmupIterations(0).measurementIterations(1).measurementTime(TimeValue.milliseconds(1))
        .shouldFailOnError(true).verbosity(VerboseMode.SILENT);
    Configuration.values(type).forEach((param, all) -> options.param(param,
        param.equals(JobBenchmark.PARAMETER) ? all.toArray(String[]::new) : new String[] {all.getFirst()}));
    return new Runner(options.build()).run();
  }

  private static Set<String> declared() {
    return Configuration.benchmarkClasses().stream().flatMap(type -> Configuration.of(type).stream())
        .flatMap(configuration -> configuration.benchmarks().stream()
            .map(method -> configuration.type().getName() + "." + configuration.statistic(method)))
        .collect(Collectors.toSet());
  }
}
