package dev.surprisal.benchmarks;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.benchmarks.run.Group;
import dev.surprisal.benchmarks.run.Plan;
import dev.surprisal.benchmarks.statistics.StatisticBenchmark;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All that is measured is among what {@link CorrectnessTest} checks, and every statistic is measured. */
class PlanTest {
  /** More processors only bring more threads, which compute the same. */
  private static final int PROCESSORS = 2;

  static List<Plan> plans() {
    return List.of(Plan.full(PROCESSORS), Plan.quick());
  }

  @ParameterizedTest
  @MethodSource("plans")
  void everyPlannedValueIsChecked(Plan plan) {
    for (Group group : plan.groups()) {
      for (Class<?> type : planned(group)) {
        Map<String, List<String>> checked = Configuration.values(type);
        group.params().forEach((param, values) -> assertTrue(checked.getOrDefault(param, List.of()).containsAll(values),
            type + " has no " + param + " " + values));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("plans")
  void everyGroupOfOurOwnIsThere(Plan plan) {
    for (Group group : plan.groups()) {
      assertFalse(!group.benchmarks().contains("peers") && planned(group).isEmpty(), group.toString());
    }
  }

  /** From f32 in an array, in cache and from memory, on one thread: the main table. */
  @Test
  void everyJobIsMeasured() {
    for (Job job : Job.all()) {
      Map<String, List<String>> wanted = Map.of(JobBenchmark.PARAMETER, List.of(job.name()),
          "dataset", List.of("L2", "MEMORY"), "dtype", List.of("F32"), "storage", List.of("ARRAY"),
          "threads", List.of("1"));
      assertTrue(Plan.full(PROCESSORS).groups().stream()
          .filter(group -> planned(group).contains(StatisticBenchmark.class)).map(Group::params)
          .anyMatch(params -> wanted.keySet().stream()
              .allMatch(param -> params.getOrDefault(param, List.of()).containsAll(wanted.get(param)))),
          job.name());
    }
  }

  private static List<Class<? extends BatchBenchmark>> planned(Group group) {
    Pattern pattern = Pattern.compile(group.benchmarks());
    return Configuration.benchmarkClasses().stream()
        .filter(type -> new Configuration(type, Map.of()).benchmarks().stream().map(Method::getName)
            .anyMatch(method -> pattern.matcher(type.getName() + "." + method).find()))
        .toList();
  }
}
