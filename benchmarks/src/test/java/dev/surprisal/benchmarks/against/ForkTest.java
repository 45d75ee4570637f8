package dev.surprisal.benchmarks.against;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.Backend;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A process of the comparison, without the process. */
class ForkTest {
  @Test
  void everyComputationIsTimed() throws IOException {
    List<String> names = Point.all().stream()
        .filter(point -> point.vocabulary() == 1_024 && point.kind().startsWith("bf16")).map(Point::toString).toList();
    assertEquals(2 * Computation.values().length, names.size());
    List<String> answers = answers(names, names);
    assertEquals(Backend.current().toString(), answers.getFirst());
    for (String answer : answers.subList(1, answers.size())) {
      assertTrue(Double.parseDouble(answer) > 0, answer);
    }
    assertEquals(1 + names.size(), answers.size());
  }

  @Test
  void whatABuildLacksIsSaid() throws IOException {
    String known = "entropy/f16/off-heap/64";
    String unknown = "entropy/f4/off-heap/64";
    List<String> answers = answers(List.of(known, unknown), List.of(unknown, known));
    assertEquals(Fork.ABSENT, answers.get(1));
    assertTrue(Double.parseDouble(answers.get(2)) > 0);
  }

  private static List<String> answers(List<String> points, List<String> questions) throws IOException {
    ByteArrayOutputStream answers = new ByteArrayOutputStream();
    BufferedReader lines = new BufferedReader(new StringReader(String.join("\n", questions)));
    new Fork(points).serve(lines, new PrintStream(answers));
    return answers.toString().lines().toList();
  }
}
