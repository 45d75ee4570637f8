package dev.surprisal.benchmarks.run;

import dev.surprisal.benchmarks.input.Smoke;
import dev.surprisal.benchmarks.results.Environment;
import dev.surprisal.benchmarks.results.Measurement;
import dev.surprisal.benchmarks.results.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures what a plan says and writes the results after each step, so that a run that is interrupted is not lost. */
public final class Run {
  private static final TimeValue QUICK = TimeValue.milliseconds(200);
  private static final TimeValue SMOKE = TimeValue.milliseconds(50);

  private static final String ALL = ".*";

  private final Plan plan;
  private final Environment environment = Environment.current();
  private final List<Measurement> measurements = new ArrayList<>();
  private final long start = System.nanoTime();
  private int failures;

  private Run(Plan plan) {
    this.plan = plan;
  }

  /**
   * Runs a plan.
   *
   * @param args {@code full} or {@code quick}, or {@code again} to replace a part of the results that are there; where
   *     results go, a directory or a file; for a part of the plan, a regular expression for benchmarks or statistics
   * @throws IOException if results cannot be written
   */
  public static void main(String[] args) throws IOException {
    Plan plan = args[0].equals("quick") ? Plan.quick() : Plan.full(Runtime.getRuntime().availableProcessors());
    Run run = new Run(plan);
    Path target = Path.of(args[1]);
    Path file = target.toString().endsWith(".json") ? target : target.resolve(run.environment.fileName());
    run.measure(file, args.length > 2 ? args[2] : ALL, args[0].equals("again") ? Results.read(file) : null);
    System.exit(run.failures == 0 ? 0 : 1);
  }

  private void measure(Path file, String part, Results before) throws IOException {
    List<Group> steps = plan.groups().stream().flatMap(group -> group.combinations().stream()).toList();
    System.out.printf("%s, JDK %s, %s%n%d steps%n", environment.processor(), environment.jdk(), environment.backend(),
        steps.size());
    for (int i = 0; i < steps.size(); i++) {
      measure(steps.get(i), part, String.format("%3d/%d %4.0f s", i + 1, steps.size(), seconds()));
      if (!measurements.isEmpty()) {
        (before == null ? results() : before.with(results(), part)).write(file);
      }
    }
    System.out.printf(Locale.ROOT, "%d measurements, %d failed, %.1f minutes: %s%n",
        measurements.size(), failures, seconds() / 60, file);
  }

  private void measure(Group step, String part, String progress) {
    try {
      for (RunResult result : new Runner(options(step, part)).run()) {
        Measurement measurement = Measurement.of(result);
        measurements.add(measurement);
        System.out.println(progress + "  " + line(measurement));
      }
    } catch (NoBenchmarksException e) {
      if (part.equals(ALL)) {
        System.out.println(progress + "  not built: " + step);
      }
    } catch (RunnerException e) {
      failures++;
      System.out.println(progress + "  FAILED: " + step + ": " + cause(e).toString().lines().findFirst().orElse(""));
    }
  }

  /** JMH wraps what a benchmark throws, and a process that dies has nothing to wrap. */
  private static Throwable cause(Throwable thrown) {
    Throwable deeper = thrown.getCause() != null || thrown.getSuppressed().length == 0
        ? thrown.getCause()
        : thrown.getSuppressed()[0];
    return deeper == null ? thrown : cause(deeper);
  }

  private Options options(Group step, String part) {
    ChainedOptionsBuilder options = new OptionsBuilder()
        .include(step.include(part)).addProfiler(GCProfiler.class)
        .verbosity(VerboseMode.SILENT).shouldFailOnError(true);
    for (Map.Entry<String, List<String>> param : step.params().entrySet()) {
      options.param(param.getKey(), param.getValue().toArray(String[]::new));
    }
    if (Smoke.ON) {
      options.jvmArgsPrepend("-Dsurprisal.smoke=true").forks(1).warmupIterations(0).measurementIterations(1)
          .measurementTime(SMOKE);
    } else if (plan.brief()) {
      options.forks(1).measurementIterations(3).measurementTime(QUICK);
    }
    return options.build();
  }

  private static String line(Measurement m) {
    String value = m.counters().containsKey("gigalogits")
        ? String.format(Locale.ROOT, "%8.4f ns/logit %7.2f GB/s", m.nanosPerLogit(), m.gigabytesPerSecond())
        : String.format(Locale.ROOT, "%.1f %s %s", m.score(), m.unit(), m.counters());
    return String.format(Locale.ROOT, "%s +-%4.1f %%  %s.%s %s",
        value, 100 * m.relativeError(), m.benchmark(), m.statistic(), m.params());
  }

  private Results results() {
    int forks = measurements.stream().mapToInt(m -> m.samples().size()).min().orElse(0);
    return new Results(environment, forks, seconds() / 60, measurements);
  }

  private double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }
}
