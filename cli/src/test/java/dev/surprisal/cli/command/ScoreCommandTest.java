package dev.surprisal.cli.command;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.cli.Run;
import dev.surprisal.cli.files.NpyWriter;
import dev.surprisal.reference.LogitsReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code surprisal score} against the definitions. */
class ScoreCommandTest {
  private static final int ROWS = 37;
  private static final int VOCABULARY = 101;

  @TempDir
  private Path directory;

  /** Random rows of halves, so that every element type holds exactly the same numbers. */
  private static float[][] rows() {
    Random random = new Random(7);
    float[][] rows = new float[ROWS][VOCABULARY];
    for (float[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = Float.float16ToFloat(Float.floatToFloat16((float) random.nextGaussian() * 3));
      }
    }
    return rows;
  }

  private static int[] targets() {
    return new Random(8).ints(ROWS, 0, VOCABULARY).toArray();
  }

  private Path logits(String type) throws IOException {
    Path file = directory.resolve(type + ".npy");
    return switch (type) {
      case "f2" -> NpyWriter.halves(file, rows());
      case "f4" -> NpyWriter.floats(file, rows());
      case "f8" -> NpyWriter.doubles(file,
          Arrays.stream(rows()).map(LogitsReference::toDoubles).toArray(double[][]::new));
      default -> throw new IllegalArgumentException(type);
    };
  }

  private static double nll(float[] row, int target) {
    return LogitsReference.crossEntropy(LogitsReference.toDoubles(row), target);
  }

  @ParameterizedTest
  @ValueSource(strings = {"f2", "f4", "f8"})
  void summaryOfEveryElementType(String type) throws IOException {
    float[][] rows = rows();
    int[] targets = targets();
    Run run =
        Run.surprisal("score", logits(type), "--targets", NpyWriter.ints(directory.resolve("targets.npy"), targets));
    double[] nll = IntStream.range(0, ROWS).mapToDouble(i -> nll(rows[i], targets[i])).toArray();
    double mean = IntStream.range(0, ROWS).mapToDouble(i -> nll[i]).sum() / ROWS;
    double variance = IntStream.range(0, ROWS).mapToDouble(i -> Math.pow(nll[i] - mean, 2)).sum() / (ROWS - 1);
    double entropy = IntStream.range(0, ROWS)
        .mapToDouble(i -> LogitsReference.entropy(LogitsReference.toDoubles(rows[i]))).average().orElseThrow();
    long hits = IntStream.range(0, ROWS)
        .filter(i -> LogitsReference.rank(LogitsReference.toDoubles(rows[i]), targets[i]) == 0).count();
    assertAll(
        () -> assertEquals(0, run.exitCode(), run.err()),
        () -> assertTrue(run.line("logits").contains("37 rows of 101, " + type.replace("f2", "f16").replace("f4", "f32")
            .replace("f8", "f64 rounded to f32")), run.out()),
        () -> assertEquals(ROWS, run.number("scored")),
        () -> assertEquals(mean, run.number("mean NLL"), 2e-6),
        () -> assertEquals(Math.sqrt(variance / ROWS), Double.parseDouble(run.line("mean NLL").split(" ")[2]), 2e-6),
        () -> assertEquals(Math.exp(mean), run.number("perplexity"), 1e-4 + 1e-6 * Math.exp(mean)),
        () -> assertEquals(entropy, run.number("mean entropy"), 2e-6),
        () -> assertEquals(100.0 * hits / ROWS, run.number("accuracy"), 0.006));
  }

  @Test
  void withoutTargetsThereIsEntropyOnly() throws IOException {
    Run run = Run.surprisal("score", logits("f4"));
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.number("mean entropy") > 0);
    assertFalse(run.out().contains("perplexity"), run.out());
  }

  @Test
  void ignoredTargetsAreLeftOut() throws IOException {
    float[][] rows = {{0, 0, 0, 0}, {9, 0, 0, 0}, {0, 0, 0, 0}};
    Path logits = NpyWriter.floats(directory.resolve("rows.npy"), rows);
    Run run =
        Run.surprisal("score", logits, "--targets", NpyWriter.longs(directory.resolve("targets.npy"), 1, -100, 3));
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(2, run.number("scored"));
    assertEquals(4, run.number("perplexity"), 1e-4);
    assertEquals(2, run.number("bits per token"), 1e-4);
  }

  @Test
  void anImpossibleTargetHasInfinitePerplexity() throws IOException {
    float[][] rows = {{0, 0}, {0, Float.NEGATIVE_INFINITY}, {0, 0}};
    Path logits = NpyWriter.floats(directory.resolve("rows.npy"), rows);
    Run run = Run.surprisal("score", logits, "--targets", NpyWriter.ints(directory.resolve("targets.npy"), 0, 1, 0));
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.line("perplexity").startsWith("Infinity"), run.out());
  }

  @Test
  void undefinedMeansHaveNeitherErrorNorUnit() throws IOException {
    Path targets = NpyWriter.ints(directory.resolve("targets.npy"), 0, 1, 0);
    Path one = NpyWriter.floats(directory.resolve("one.npy"), new float[][] {{0, 0}, {0, Float.NaN}, {0, 0}});
    Run run = Run.surprisal("score", one, "--targets", targets);
    assertTrue(run.line("undefined").startsWith("1 row is no distribution"), run.out());
    for (String name : new String[] {"mean NLL", "perplexity", "bits per token", "accuracy", "mean entropy"}) {
      assertEquals("NaN", run.line(name), name);
    }
    Path two = NpyWriter.floats(directory.resolve("two.npy"), new float[][] {{0, Float.NaN}, {0, Float.NaN}, {0, 0}});
    assertTrue(Run.surprisal("score", two).line("undefined").startsWith("2 rows are no distribution"));
  }

  @Test
  void theErrorOfOneRowIsLeftOut() throws IOException {
    Path logits = NpyWriter.floats(directory.resolve("rows.npy"), new float[1][4]);
    Run run = Run.surprisal("score", logits, "--targets", NpyWriter.ints(directory.resolve("targets.npy"), 0));
    assertEquals("1.386294 nats", run.line("mean NLL"));
    assertTrue(run.line("time").endsWith(" s"), "no rate of a file of some bytes");
  }

  @Test
  void targetOutsideTheVocabulary() throws IOException {
    Path targets = NpyWriter.ints(directory.resolve("targets.npy"), 0, 4, 0);
    assertBadInput(targets, "at byte 132: target 4 of row 1 is outside the vocabulary 0..3",
        NpyWriter.floats(directory.resolve("rows.npy"), new float[3][4]), "--targets", targets);
  }

  @Test
  void asManyTargetsAsRows() throws IOException {
    Path targets = NpyWriter.ints(directory.resolve("targets.npy"), 0, 1);
    Path logits = NpyWriter.floats(directory.resolve("rows.npy"), new float[3][4]);
    assertBadInput(targets, "2 targets, but " + logits + " has 3 rows", logits, "--targets", targets);
  }

  @Test
  void logitsForTargets() throws IOException {
    Path logits = NpyWriter.floats(directory.resolve("rows.npy"), new float[3][4]);
    assertBadInput(logits, "no tensor that can be targets", logits, "--targets", logits);
  }

  @Test
  void missingFile() {
    Path file = directory.resolve("none.npy");
    assertBadInput(file, "no such file", file);
  }

  private static void assertBadInput(Path file, String reason, Object... arguments) {
    Object[] words =
        IntStream.rangeClosed(0, arguments.length).mapToObj(i -> i == 0 ? "score" : arguments[i - 1]).toArray();
    Run run = Run.surprisal(words);
    assertEquals(2, run.exitCode(), run.err());
    assertEquals("", run.out());
    assertTrue(run.err().startsWith("surprisal: " + file + ": " + reason), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }
}
