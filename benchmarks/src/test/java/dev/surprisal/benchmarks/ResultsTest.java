package dev.surprisal.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.surprisal.benchmarks.results.Environment;
import dev.surprisal.benchmarks.results.Measurement;
import dev.surprisal.benchmarks.results.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is measured again takes the place of what there was, and nothing else changes. */
class ResultsTest {
  @Test
  void measuredAgain(@TempDir Path directory) throws IOException {
    Results before = results("first", measurement("L2", 1), measurement("MEMORY", 2));
    Results after = before.with(results("second", measurement("MEMORY", 3), measurement("L3", 4)), "Entropy");
    assertEquals(List.of(measurement("L2", 1), measurement("MEMORY", 3), measurement("L3", 4)), after.measurements());
    assertEquals("first; Entropy measured again at second", after.environment().commit());
    Path file = directory.resolve("results.json");
    after.write(file);
    assertEquals(after, Results.read(file));
  }

  private static Results results(String commit, Measurement... measurements) {
    return new Results(new Environment("a", 1, "b", "c", "d", "e", "f", "g", "h", commit), 3, 1, List.of(measurements));
  }

  private static Measurement measurement(String dataset, double score) {
    return new Measurement("statistics", "Entropy", "entropy", Map.of("dataset", dataset), "ops/s", score, 0.1,
        Map.of("gigalogits", score), List.of(List.of(score)));
  }
}
