package dev.surprisal.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.surprisal.cli.Run;
import dev.surprisal.cli.files.NpyWriter;
import dev.surprisal.cli.files.SafetensorsBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No command writes over what it reads, nor two outputs to one file. */
class OutputsTest {
  @TempDir
  private Path directory;

  private Path logits;
  private Path other;
  private Path targets;

  @BeforeEach
  void write() throws IOException {
    logits = NpyWriter.floats(directory.resolve("a.npy"), new float[3][4]);
    other = NpyWriter.floats(directory.resolve("b.npy"), new float[3][4]);
    targets = NpyWriter.ints(directory.resolve("targets.npy"), 0, 1, 2);
  }

  private static void assertRefused(Path output, String reason, Path kept, Object... arguments) throws IOException {
    byte[] before = Files.exists(kept) ? Files.readAllBytes(kept) : null;
    Run run = Run.surprisal(arguments);
    assertEquals("surprisal: " + output + ": cannot write " + reason + "\n", run.err());
    assertEquals(2, run.exitCode());
    assertEquals("", run.out());
    assertArrayEquals(before, Files.exists(kept) ? Files.readAllBytes(kept) : null);
  }

  @Test
  void logitsAreKept() throws IOException {
    assertRefused(logits, "--html to it: it is the file of logits " + logits, logits, "score", logits, "--html",
        logits);
    assertRefused(other, "--html to it: it is the file of logits " + other, other, "score", logits, other, "--html",
        other);
    assertRefused(other, "--html to it: it is the file of logits " + other, other, "compare", logits, other, "--html",
        other);
  }

  @Test
  void targetsAreKept() throws IOException {
    assertRefused(targets, "--html to it: it is the file of targets " + targets, targets,
        "score", logits, "--targets", targets, "--html", targets);
    Path csv = Files.copy(targets, directory.resolve("targets.csv"));
    assertRefused(csv, "--per-row to it: it is the file of targets " + csv, csv,
        "compare", logits, other, "--targets", csv, "--per-row", csv);
  }

  @Test
  void indexAndShardsAreKept() throws IOException {
    Path shard =
        new SafetensorsBytes().addLogits("logits", "F32", new float[3][4]).write(directory.resolve("1.safetensors"));
    Path index =
        Files.writeString(directory.resolve("index.json"), "{\"weight_map\": {\"logits\": \"1.safetensors\"}}");
    assertRefused(index, "--html to it: it is the file of logits " + index, index, "score", index, "--html", index);
    assertRefused(shard, "--html to it: it is the file of logits " + shard, shard, "score", index, "--html", shard);
  }

  @Test
  void anotherNameOfAFileIsThatFile() throws IOException {
    Path symbolic = Files.createSymbolicLink(directory.resolve("symbolic.html"), logits);
    Path hard = Files.createLink(directory.resolve("hard.html"), logits);
    Path around = directory.resolve("..").resolve(directory.getFileName()).resolve("a.npy");
    for (Path name : new Path[] {symbolic, hard, around}) {
      assertRefused(name, "--html to it: it is the file of logits " + logits, logits, "score", logits, "--html", name);
    }
  }

  @Test
  void outputsAreTwoFiles() throws IOException {
    Path rows = directory.resolve("rows.csv");
    Path same = directory.resolve(".").resolve("rows.csv");
    assertRefused(same, "--html to it: it is the output of --per-row " + rows, rows,
        "score", logits, "--per-row", rows, "--html", same);
    assertFalse(Files.exists(rows));
    assertRefused(rows, "--save to it: it is the output of --html " + rows, rows, "demo", "--html", rows, "--save",
        rows);
  }

  @Test
  void theTextIsKept() throws IOException {
    Path text = Files.writeString(directory.resolve("text"), "a text");
    for (String option : new String[] {"--html", "--save"}) {
      assertRefused(text, option + " to it: it is the text " + text, text, "demo", "--text", text, option, text);
    }
  }

  @Test
  void anOlderOutputIsReplaced() throws IOException {
    Path page = Files.writeString(directory.resolve("page.html"), "old");
    Run run = Run.surprisal("score", logits, "--targets", targets, "--html", page);
    assertEquals(0, run.exitCode(), run.err());
    assertFalse(Files.readString(page).equals("old"));
  }
}
