package dev.surprisal.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.surprisal.Scores;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What is measured is right: every job in every configuration that the annotations name. */
class CorrectnessTest {
  @TestFactory
  Stream<DynamicTest> everyConfiguration() {
    return Configuration.benchmarkClasses().stream().flatMap(type -> Configuration.of(type).stream())
        .map(configuration -> dynamicTest(
            configuration.type().getSimpleName() + " " + configuration.params(), () -> check(configuration)));
  }

  private static void check(Configuration configuration) throws Exception {
    BatchBenchmark benchmark = configuration.setUp();
    for (Method method : configuration.benchmarks()) {
      Object[] counters = new Object[method.getParameterCount()];
      for (int i = 0; i < counters.length; i++) {
        counters[i] = method.getParameterTypes()[i].getConstructor().newInstance();
      }
      Object result = method.invoke(benchmark, counters);
      // A peer compares itself with the library, which is the more demanding check, when it is set up.
      if (configuration.type().getPackageName().endsWith(".peers")) {
        assertTrue(Job.find(method.getName()).isPresent(), method + " has the name of no job");
      } else {
        checkFirstAndLastRow(configuration.statistic(method), benchmark, result);
      }
    }
    benchmark.close();
  }

  private static void checkFirstAndLastRow(String statistic, BatchBenchmark benchmark, Object result) {
    int rows = benchmark.x().shape().rows();
    Set<Integer> checked = new TreeSet<>(Arrays.asList(0, rows - 1));
    for (int row : checked) {
      Expected expected = new Expected(benchmark, row);
      switch (result) {
        case double[] values -> expected.check(statistic, values[row]);
        case Scores scores -> expected.checkScores(scores);
        case MemorySegment logs -> expected.checkLogSoftmax(row(logs, row, benchmark.x().shape().vocabulary()));
        default -> assertEquals("a known type", result.getClass().getName());
      }
    }
  }

  private static float[] row(MemorySegment values, int row, int vocabulary) {
    long bytes = (long) vocabulary * Float.BYTES;
    return values.asSlice(row * bytes, bytes).toArray(ValueLayout.JAVA_FLOAT);
  }
}
