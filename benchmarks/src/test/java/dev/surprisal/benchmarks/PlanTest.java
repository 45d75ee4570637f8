package dev.surprisal.benchmarks;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.benchmarks.run.Group;
import dev.surprisal.benchmarks.run.Plan;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The annotations, of which {@link CorrectnessTest} checks every configuration, name all that is measured. */
class PlanTest {
  /** More processors only bring more threads, which compute the same. */
  private static final int PROCESSORS = 2;

  static List<Plan> plans() {
    return List.of(Plan.full(PROCESSORS), Plan.quick());
  }

  @ParameterizedTest
  @MethodSource("plans")
  void everyPlannedValueIsAnnotated(Plan plan) {
    for (Group group : plan.groups()) {
      for (Class<?> type : planned(group)) {
        Map<String, List<String>> annotated = Configuration.annotatedValues(type);
        group.params().forEach((param, values) ->
            assertTrue(annotated.getOrDefault(param, List.of()).containsAll(values), type + " has no " + param + " " + values));
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

  private static List<Class<? extends BatchBenchmark>> planned(Group group) {
    Pattern pattern = Pattern.compile(group.benchmarks());
    return Configuration.benchmarkClasses().stream()
        .filter(type -> new Configuration(type, Map.of()).benchmarks().stream().map(Method::getName)
            .anyMatch(method -> pattern.matcher(type.getName() + "." + method).find())).toList();
  }
}
