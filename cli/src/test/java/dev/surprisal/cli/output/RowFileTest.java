package dev.surprisal.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.surprisal.cli.Run;
import dev.surprisal.cli.files.NpyWriter;
import dev.surprisal.reference.LogitsReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Per-row files as the commands write them. */
class RowFileTest {
  private static final float[][] ROWS = {{1, 2, 3}, {0, Float.NEGATIVE_INFINITY, 0}, {Float.NaN, 0, 0}, {5, 0, 0}};

  @TempDir
  private Path directory;
  private Path logits;
  private Path targets;

  @BeforeEach
  void write() throws IOException {
    logits = NpyWriter.floats(directory.resolve("rows.npy"), ROWS);
    targets = NpyWriter.ints(directory.resolve("targets.npy"), 2, 1, 0, -100);
  }

  private List<String> lines(String command, String name, Path... files) throws IOException {
    Path out = directory.resolve(name);
    Run run = files.length == 1
        ? Run.surprisal(command, files[0], "--targets", targets, "--per-row", out)
        : Run.surprisal(command, files[0], files[1], "--targets", targets, "--per-row", out);
    assertEquals(0, run.exitCode(), run.err());
    return Files.readAllLines(out);
  }

  @Test
  void csvOfScores() throws IOException {
    List<String> lines = lines("score", "out.csv", logits);
    assertEquals("row,target,nll,rank,entropy,varentropy,logSumExp,argmax,maxLogit", lines.getFirst());
    assertEquals(5, lines.size());
    String[] first = lines.get(1).split(",");
    assertEquals("0", first[0]);
    assertEquals("2", first[1]);
    assertEquals(LogitsReference.crossEntropy(new double[] {1, 2, 3}, 2), Double.parseDouble(first[2]), 1e-6);
    assertEquals("0", first[3]);
    assertEquals(LogitsReference.entropy(new double[] {1, 2, 3}), Double.parseDouble(first[4]), 1e-6);
    assertEquals(LogitsReference.varentropy(new double[] {1, 2, 3}), Double.parseDouble(first[5]), 1e-6);
    assertEquals("2", first[7]);
    assertEquals("3.0", first[8]);
    assertTrue(lines.get(2).startsWith("1,1,Infinity,2,"), lines.get(2));
    assertTrue(lines.get(3).startsWith("2,0,NaN,"), lines.get(3));
    assertTrue(lines.get(4).startsWith("3,,,,"), lines.get(4));
  }

  @Test
  void jsonLinesOfScores() throws IOException {
    List<String> lines = lines("score", "out.jsonl", logits);
    assertEquals(4, lines.size());
    ObjectMapper json = new ObjectMapper();
    JsonNode first = json.readTree(lines.get(0));
    assertEquals(9, first.size());
    assertEquals(LogitsReference.crossEntropy(new double[] {1, 2, 3}, 2), first.path("nll").doubleValue(), 1e-6);
    assertEquals("Infinity", json.readTree(lines.get(1)).path("nll").textValue());
    assertTrue(json.readTree(lines.get(2)).path("nll").isNull());
    assertTrue(json.readTree(lines.get(3)).path("target").isNull());
  }

  @Test
  void csvOfComparison() throws IOException {
    Path other =
        NpyWriter.floats(directory.resolve("other.npy"), new float[][] {{1, 2, 2}, {0, 0, 0}, {0, 0, 0}, {5, 0, 0}});
    List<String> lines = lines("compare", "out.csv", logits, other);
    assertTrue(lines.getFirst().startsWith("row,target,kl,reverseKl,jensenShannon,nllBase,nllOther,"),
        lines.getFirst());
    String[] first = lines.get(1).split(",");
    assertEquals(LogitsReference.klDivergence(new double[] {1, 2, 3}, new double[] {1, 2, 2}),
        Double.parseDouble(first[2]), 1e-6);
    assertEquals("Infinity", lines.get(2).split(",")[3]);
    assertEquals("0.0", lines.get(4).split(",")[2]);
  }

  @Test
  void aNameWithAnotherEnding() {
    Run run = Run.surprisal("score", logits, "--per-row", directory.resolve("out.parquet"));
    assertEquals(2, run.exitCode());
    assertTrue(run.err().endsWith("out.parquet: expected a name that ends in .csv or .jsonl\n"), run.err());
  }

  @Test
  void aDirectoryThatIsNotThere() {
    Run run = Run.surprisal("score", logits, "--per-row", directory.resolve("gone/out.csv"));
    assertEquals(1, run.exitCode());
    assertTrue(run.err().endsWith("out.csv: no such directory\n"), run.err());
  }

  @Test
  void nothingIsLeftOfAnOutputWhoseInputIsBroken() throws IOException {
    Path bad = NpyWriter.ints(directory.resolve("bad.npy"), 0, 1, 2, 3);
    Path out = directory.resolve("out.csv");
    Files.writeString(out, "from before");
    Run run =
        Run.surprisal("score", logits, "--targets", bad, "--per-row", out, "--html", directory.resolve("out.html"));
    assertEquals(2, run.exitCode());
    assertEquals("from before", Files.readString(out));
    assertFalse(Files.exists(directory.resolve("out.html")));
    try (var files = Files.list(directory)) {
      assertTrue(files.noneMatch(file -> file.toString().endsWith(".part")));
    }
  }
}
