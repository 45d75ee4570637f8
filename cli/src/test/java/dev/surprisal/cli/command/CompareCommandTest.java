package dev.surprisal.cli.command;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.surprisal.cli.Run;
import dev.surprisal.cli.files.LlamaBase;
import dev.surprisal.cli.files.NpyWriter;
import dev.surprisal.cli.files.SafetensorsBytes;
import dev.surprisal.reference.LogitsReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code surprisal compare} against the definitions, with base and other in different formats and precisions. */
class CompareCommandTest {
  private static final int ROWS = 41;
  private static final int VOCABULARY = 97;

  @TempDir
  private Path directory;

  private final float[][] base = new float[ROWS][VOCABULARY];
  private final float[][] other = new float[ROWS][VOCABULARY];
  private final int[] targets = new Random(5).ints(ROWS, 0, VOCABULARY).toArray();
  private Path basePath;
  private Path otherPath;
  private Path targetsPath;

  @BeforeEach
  void write() throws IOException {
    Random random = new Random(4);
    for (int row = 0; row < ROWS; row++) {
      for (int i = 0; i < VOCABULARY; i++) {
        base[row][i] = (float) random.nextGaussian() * 3;
        other[row][i] = Float.float16ToFloat(Float.floatToFloat16(base[row][i] + (float) random.nextGaussian() * 0.3f));
      }
    }
    basePath = new SafetensorsBytes().addLogits("logits", "F32", base)
        .addTargets("labels", Arrays.stream(targets).asLongStream().toArray())
        .write(directory.resolve("base.safetensors"));
    otherPath = NpyWriter.halves(directory.resolve("other.npy"), other);
    targetsPath = NpyWriter.ints(directory.resolve("targets.npy"), targets);
  }

  private double[] each(IntToDoubleFunction figure) {
    return IntStream.range(0, ROWS).mapToDouble(figure).toArray();
  }

  private static double[] x(float[] row) {
    return LogitsReference.toDoubles(row);
  }

  private double[] kl() {
    return each(row -> LogitsReference.klDivergence(x(base[row]), x(other[row])));
  }

  private double[] nll(float[][] rows) {
    return each(row -> LogitsReference.crossEntropy(x(rows[row]), targets[row]));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }

  private static double standardError(double[] values) {
    double mean = mean(values);
    return Math
        .sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1) / values.length);
  }

  private static double quantile(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double place = share * (sorted.length - 1);
    int below = (int) place;
    return below + 1 == sorted.length ? sorted[below]
        : sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
  }

  private static JsonNode json(Run run) throws IOException {
    assertEquals(0, run.exitCode(), run.err());
    return new ObjectMapper().readTree(run.out());
  }

  private static void assertFigure(double expected, JsonNode json, String name) {
    assertEquals(expected, json.path(name).doubleValue(), 1e-5 * Math.max(1, Math.abs(expected)), name);
  }

  @Test
  void everyFigure() throws IOException {
    JsonNode json = json(Run.surprisal("compare", basePath, otherPath, "--targets", "labels", "--json"));
    double[] p = nll(base);
    double[] q = nll(other);
    double[] change = each(row -> q[row] - p[row]);
    double[] dp = each(row -> Math.exp(-q[row]) - Math.exp(-p[row]));
    double[] same = each(row -> LogitsReference.argmax(x(base[row])) == LogitsReference.argmax(x(other[row])) ? 1 : 0);
    assertAll(
        () -> assertFigure(ROWS, json, "rows"),
        () -> assertFigure(ROWS, json, "scored"),
        () -> assertFigure(VOCABULARY, json, "vocabulary"),
        () -> assertFigure(mean(p), json, "meanNll"),
        () -> assertFigure(standardError(p), json, "stderrNll"),
        () -> assertFigure(mean(each(row -> LogitsReference.entropy(x(base[row])))), json, "meanEntropy"),
        () -> assertFigure(mean(kl()), json, "meanKl"),
        () -> assertFigure(standardError(kl()), json, "stderrKl"),
        () -> assertFigure(quantile(kl(), 0.5), json, "medianKl"),
        () -> assertFigure(quantile(kl(), 0.9), json, "kl90"),
        () -> assertFigure(quantile(kl(), 0.95), json, "kl95"),
        () -> assertFigure(quantile(kl(), 0.99), json, "kl99"),
        () -> assertFigure(quantile(kl(), 0.999), json, "kl999"),
        () -> assertFigure(quantile(kl(), 1), json, "maxKl"),
        () -> assertFigure(mean(each(row -> LogitsReference.klDivergence(x(other[row]), x(base[row])))), json,
            "meanReverseKl"),
        () -> assertFigure(mean(each(row -> LogitsReference.jensenShannon(x(base[row]), x(other[row])))), json,
            "meanJensenShannon"),
        () -> assertFigure(Math.exp(mean(p)), json, "perplexityBase"),
        () -> assertFigure(Math.exp(mean(q)), json, "perplexityOther"),
        () -> assertFigure(Math.exp(mean(change)), json, "perplexityRatio"),
        () -> assertFigure(Math.exp(mean(change)) * standardError(change), json, "stderrPerplexityRatio"),
        () -> assertFigure(mean(dp), json, "meanTargetChange"),
        () -> assertFigure(Math.sqrt(mean(Arrays.stream(dp).map(d -> d * d).toArray())), json, "rmsTargetChange"),
        () -> assertFigure(mean(same), json, "sameTop"),
        () -> assertFigure(standardError(same), json, "stderrSameTop"));
  }

  @Test
  void linesForPeople() {
    Run run = Run.surprisal("compare", basePath, otherPath, "--targets", targetsPath);
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.line("base").contains("41 rows of 97, f32"), run.out());
    assertTrue(run.line("other").contains("41 rows of 97, f16"), run.out());
    assertTrue(run.line("perplexity").contains("ratio"), run.out());
    double[] kl = kl();
    int worst = IntStream.range(0, ROWS).reduce((a, b) -> kl[b] > kl[a] ? b : a).orElseThrow();
    List<String> lines = run.out().lines().toList();
    int head = IntStream.range(0, lines.size()).filter(i -> lines.get(i).strip().startsWith("worst rows"))
        .findFirst().orElseThrow();
    assertTrue(lines.get(head + 1).strip().startsWith(worst + " "), run.out());
  }

  @Test
  void withoutTargetsThereIsNoPerplexity() throws IOException {
    JsonNode json = json(Run.surprisal("compare", basePath, otherPath, "--json"));
    assertFigure(mean(kl()), json, "meanKl");
    assertEquals(0, json.path("scored").intValue());
    assertTrue(json.path("perplexityBase").isNull() && json.path("perplexityRatio").isNull(), json.toString());
    assertFalse(Run.surprisal("compare", basePath, otherPath).out().contains("perplexity"));
  }

  @Test
  void aFileIsNoDistanceFromItself() throws IOException {
    JsonNode json = json(Run.surprisal("compare", basePath, basePath, "--targets", targetsPath, "--json"));
    for (String name : List.of("meanKl", "maxKl", "meanReverseKl", "meanJensenShannon", "rmsTargetChange")) {
      assertEquals(0, json.path(name).doubleValue(), name);
    }
    assertEquals(1, json.path("sameTop").doubleValue());
    assertEquals(1, json.path("perplexityRatio").doubleValue());
  }

  @Test
  void undefinedRowsOfEitherFileAreCounted() throws IOException {
    base[3][0] = Float.NaN;
    other[3][1] = Float.NaN;
    other[5][2] = Float.POSITIVE_INFINITY;
    JsonNode json = json(Run.surprisal("compare", NpyWriter.floats(directory.resolve("p.npy"), base),
        NpyWriter.floats(directory.resolve("q.npy"), other), "--targets", targetsPath, "--json"));
    assertEquals(1, json.path("undefinedBase").intValue());
    assertEquals(2, json.path("undefinedOther").intValue());
    assertFalse(json.has("undefined"));
  }

  @Test
  void undefinedRowsMakeMeansNaNAndAreShownFirst() throws IOException {
    base[7][0] = Float.NaN;
    other[7][0] = Float.NaN;
    other[5][2] = Float.POSITIVE_INFINITY;
    Arrays.fill(base[9], Float.NEGATIVE_INFINITY);
    Path p = NpyWriter.floats(directory.resolve("p.npy"), base);
    Path q = NpyWriter.floats(directory.resolve("q.npy"), other);
    JsonNode json = json(Run.surprisal("compare", p, q, "--targets", targetsPath, "--json"));
    for (String name : List.of("meanKl", "meanReverseKl", "meanJensenShannon", "sameTop", "stderrSameTop",
        "accuracy")) {
      assertTrue(json.path(name).isNull(), name);
    }
    Path page = directory.resolve("page.html");
    Run run = Run.surprisal("compare", p, q, "--targets", targetsPath, "--html", page);
    assertEquals("NaN", run.line("KL(base||other)"));
    assertEquals("NaN", run.line("same top"));
    assertTrue(run.line("base undefined").startsWith("2 rows are"), run.out());
    List<String> lines =
        run.out().lines().map(String::strip).dropWhile(line -> !line.startsWith("worst rows")).toList();
    assertEquals(List.of("5  no distribution in other", "7  no distribution in both", "9  no distribution in base"),
        lines.subList(1, 4), run.out());
    double[] kl = kl();
    int worst = IntStream.range(0, ROWS).filter(row -> !Double.isNaN(kl[row]) && row != 5 && row != 7 && row != 9)
        .reduce((a, b) -> kl[b] > kl[a] ? b : a).orElseThrow();
    assertTrue(lines.get(4).startsWith(worst + " "), run.out());
    assertTrue(Files.readString(page).contains("<td>5</td><td>no distribution</td>"));
  }

  @Test
  void ignoredUndefinedRowsChangeNothing() throws IOException {
    other[5][2] = Float.NaN;
    targets[5] = -100;
    Run run = Run.surprisal("compare", basePath, NpyWriter.floats(directory.resolve("q.npy"), other),
        "--targets", NpyWriter.ints(directory.resolve("some.npy"), targets));
    assertEquals(0, run.exitCode(), run.err());
    assertFalse(run.out().contains("no distribution") || run.out().contains("NaN"), run.out());
  }

  @Test
  void ignoredRowsAreLeftOutOfEverything() throws IOException {
    for (int row = 0; row < ROWS; row += 2) {
      Arrays.fill(other[row], 0);
      targets[row] = -1;
    }
    otherPath = NpyWriter.floats(directory.resolve("other32.npy"), other);
    targetsPath = NpyWriter.ints(directory.resolve("some.npy"), targets);
    JsonNode json =
        json(Run.surprisal("compare", basePath, otherPath, "--targets", targetsPath, "--ignore", -1, "--json"));
    assertEquals(ROWS, json.path("rows").intValue());
    assertEquals(ROWS / 2, json.path("scored").intValue());
    double[] kl = kl();
    assertFigure(mean(IntStream.range(0, ROWS).filter(row -> row % 2 == 1).mapToDouble(row -> kl[row]).toArray()), json,
        "meanKl");
  }

  @Test
  void temperatureAppliesToBoth() throws IOException {
    JsonNode json = json(Run.surprisal("compare", basePath, otherPath, "--temperature", 2, "--threads", 2, "--json"));
    double[] expected = each(row -> LogitsReference.klDivergence(half(base[row]), half(other[row])));
    assertFigure(mean(expected), json, "meanKl");
  }

  private static double[] half(float[] row) {
    return Arrays.stream(x(row)).map(v -> v / 2).toArray();
  }

  @Test
  void aBaseFileOfLlamaBringsItsTargets() throws IOException {
    int[] tokens = new Random(6).ints(20, 0, VOCABULARY).toArray();
    float[][] rows = Arrays.copyOf(base, 8);
    Path llama = Files.write(directory.resolve("base.kld"), LlamaBase.bytes(10, tokens, rows));
    Path same = NpyWriter.floats(directory.resolve("same.npy"), rows);
    Run run = Run.surprisal("compare", llama, same);
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.line("base").contains("16-bit") && run.line("base").contains("clipped"), run.out());
    assertTrue(run.line("scored").startsWith("8 rows"), run.out());
    JsonNode json = json(Run.surprisal("compare", llama, same, "--json"));
    int[] targetPositions = {6, 7, 8, 9, 16, 17, 18, 19};
    double[] nll = IntStream.range(0, 8)
        .mapToDouble(row -> LogitsReference.crossEntropy(x(rows[row]), tokens[targetPositions[row]])).toArray();
    assertFigure(Math.exp(mean(nll)), json, "perplexityOther");
    assertEquals(Math.exp(mean(nll)), json.path("perplexityBase").doubleValue(), 1e-3 * Math.exp(mean(nll)));
    assertTrue(json.path("maxKl").doubleValue() < 1e-3, json.toString());
  }

  @Test
  void filesThatDoNotFit() throws IOException {
    Path fewer = NpyWriter.floats(directory.resolve("fewer.npy"), Arrays.copyOf(other, 40));
    Run run = Run.surprisal("compare", basePath, fewer, "--per-row", directory.resolve("rows.csv"),
        "--html", directory.resolve("page.html"));
    assertEquals(2, run.exitCode());
    assertEquals("surprisal: " + fewer + ": 40 rows of 97, but " + basePath + " has 41 of 97\n", run.err());
    try (var files = Files.list(directory)) {
      assertEquals(List.of("base.safetensors", "fewer.npy", "other.npy", "targets.npy"),
          files.map(file -> file.getFileName().toString()).sorted().toList(), "no output, not even a part of it");
    }
  }
}
