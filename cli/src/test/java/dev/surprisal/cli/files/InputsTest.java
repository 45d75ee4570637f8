package dev.surprisal.cli.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.Scorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command line names: which tensor is meant, shards, indices, padded vocabularies. */
class InputsTest {
  @TempDir
  private Path directory;

  /** Rows whose maximum tells which they are. */
  private static float[][] rows(int first, int count) {
    float[][] rows = new float[count][3];
    for (int i = 0; i < count; i++) {
      rows[i][1] = first + i;
    }
    return rows;
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  /** The maximum of every row, read block by block. */
  private static List<Integer> maxima(LogitsFile file, int blockRows) throws BadInputException {
    List<Integer> maxima = new ArrayList<>();
    try (BlockReader reader = file.reader(blockRows)) {
      for (long from = 0; from < file.rows();) {
        long to = file.blockEnd(from, blockRows);
        for (float maximum : Scorer.sequential().score(reader.read(from, to), new int[(int) (to - from)]).maxLogit()) {
          maxima.add((int) maximum);
        }
        from = to;
      }
    }
    return maxima;
  }

  private static void assertBadInput(String message, List<Path> paths, String tensor, Integer vocabulary) {
    BadInputException e = assertThrows(BadInputException.class, () -> Inputs.logits(paths, tensor, vocabulary));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void shardsFollowEachOther() throws IOException, BadInputException {
    Path a = new SafetensorsBytes().addLogits("logits", "F32", rows(1, 3)).write(file("a.safetensors"));
    Path b = new SafetensorsBytes().addLogits("other", "F32", rows(4, 2)).write(file("b.safetensors"));
    try (LogitsFile logits = Inputs.logits(List.of(a, b), null, null)) {
      assertEquals(5, logits.rows());
      assertEquals("f32 in 2 shards", logits.encoding());
      assertEquals(List.of(1, 2, 3, 4, 5), maxima(logits, 2));
      assertEquals(List.of(1, 2, 3, 4, 5), maxima(logits, 100));
    }
  }

  @Test
  void anIndexStandsForItsShards() throws IOException, BadInputException {
    new SafetensorsBytes().addLogits("logits.0", "BF16", rows(1, 2)).addTargets("targets.0", 0, 1)
        .write(file("m-9.safetensors"));
    new SafetensorsBytes().addLogits("logits.1", "BF16", rows(3, 1)).addTargets("targets.1", 2)
        .write(file("m-10.safetensors"));
    Path index = Files.writeString(file("m.index.json"), """
        {"metadata": {}, "weight_map": {"logits.1": "m-10.safetensors", "targets.1": "m-10.safetensors",
          "logits.0": "m-9.safetensors", "targets.0": "m-9.safetensors"}}""");
    try (LogitsFile logits = Inputs.logits(List.of(index), null, null);
        Targets targets = Inputs.targets("targets", List.of(index))) {
      assertEquals(List.of(1, 2, 3), maxima(logits, 5));
      assertEquals(3, targets.count());
      assertArrayEquals(new int[] {0, 1, 2}, targets.read(0, 3, 3, -100));
      BadInputException e = assertThrows(BadInputException.class, () -> targets.read(0, 3, 2, -100));
      assertTrue(e.getMessage().startsWith(file("m-10.safetensors") + ": at byte "), e.getMessage());
      assertTrue(e.getMessage().endsWith("target 2 of row 2 is outside the vocabulary 0..1"), e.getMessage());
    }
  }

  @Test
  void numberedTensorsOfOneFile() throws IOException, BadInputException {
    Path path =
        new SafetensorsBytes().addLogits("logits.10", "F32", rows(3, 1)).addLogits("logits.2", "F32", rows(1, 2))
            .addLogits("hidden", "F32", rows(7, 1)).write(file("m.safetensors"));
    try (LogitsFile logits = Inputs.logits(List.of(path), "logits", null)) {
      assertEquals(List.of(1, 2, 3), maxima(logits, 5));
    }
    try (LogitsFile logits = Inputs.logits(List.of(path), "hidden", null)) {
      assertEquals(List.of(7), maxima(logits, 5));
    }
    assertBadInput("more than one tensor can be logits", List.of(path), null, null);
    assertBadInput("no tensor named nothing, there are logits.10 [1 x 3] F32, ", List.of(path), "nothing", null);
  }

  @Test
  void leadingDimensionsAreFlattened() throws IOException, BadInputException {
    Path path =
        new SafetensorsBytes().add("logits", "F32", List.of(2, 4, 5), new byte[160]).write(file("m.safetensors"));
    try (LogitsFile logits = Inputs.logits(List.of(path), null, null)) {
      assertEquals(8, logits.rows());
      assertEquals(5, logits.vocabulary());
    }
  }

  @Test
  void paddedVocabulary() throws IOException, BadInputException {
    float[][] padded = {{1, 2, 100}, {3, 1, 100}};
    Path path = new SafetensorsBytes().addLogits("logits", "F32", padded).write(file("m.safetensors"));
    try (LogitsFile logits = Inputs.logits(List.of(path), null, 2)) {
      assertEquals(2, logits.vocabulary());
      assertEquals(List.of(2, 3), maxima(logits, 5));
    }
    assertBadInput("rows of 3 logits, expected at least 4", List.of(path), null, 4);
  }

  @Test
  void whatCannotBeLogits() throws IOException {
    Path integers = new SafetensorsBytes().addTargets("targets", 1, 2).write(file("i.safetensors"));
    assertBadInput("no tensor that can be logits", List.of(integers), null, null);
    assertBadInput("no tensor that can be logits", List.of(integers), "targets", null);
    Path vector = new SafetensorsBytes().add("v", "F32", List.of(2), new byte[8]).write(file("v.safetensors"));
    assertBadInput("no tensor that can be logits", List.of(vector), null, null);
    Path strange = new SafetensorsBytes().add("v", "F8_E5M2", List.of(2, 4), new byte[8]).write(file("f8.safetensors"));
    assertBadInput("there are v [2 x 4] F8_E5M2", List.of(strange), null, null);
    Path empty = Files.write(file("e.safetensors"), SafetensorsBytes.bytes("{}", new byte[0]));
    assertBadInput("no tensor, there are none", List.of(empty), null, null);
    Path narrow = new SafetensorsBytes().add("v", "F32", List.of(2, 0), new byte[0]).write(file("n.safetensors"));
    assertBadInput("rows of 0 logits", List.of(narrow), null, null);
  }

  @Test
  void shardsOfDifferentKinds() throws IOException {
    Path a = new SafetensorsBytes().addLogits("logits", "F32", rows(1, 3)).write(file("a.safetensors"));
    Path b = new SafetensorsBytes().addLogits("logits", "F16", rows(1, 3)).write(file("b.safetensors"));
    assertBadInput(b + ": rows of 3 logits in f16, but " + a + " has rows of 3 in f32", List.of(a, b), null, null);
  }

  @Test
  void brokenIndices() throws IOException {
    assertBadInput("not JSON", List.of(Files.writeString(file("a.json"), "{\"weight_map\": ")), null, null);
    assertBadInput("no weight_map that names shards", List.of(Files.writeString(file("b.json"), "[]")), null, null);
    assertBadInput("weight_map names 7", List.of(Files.writeString(file("c.json"), "{\"weight_map\": {\"x\": 7}}")),
        null, null);
    assertBadInput(file("gone") + ": no such file",
        List.of(Files.writeString(file("d.json"), "{\"weight_map\": {\"x\": \"gone\"}}")), null, null);
    assertBadInput("no such file", List.of(file("none.json")), null, null);
  }

  @Test
  void targetsThatAreNowhere() throws IOException {
    Path path = new SafetensorsBytes().addLogits("logits", "F32", rows(1, 3)).write(file("a.safetensors"));
    BadInputException e = assertThrows(BadInputException.class, () -> Inputs.targets("labels", List.of(path)));
    assertEquals("labels: no such file, and no tensor of that name in " + path, e.getMessage());
  }
}
