package dev.surprisal.cli.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.cli.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes changed, lost and added at random: a file is scored, or refused in one line. */
class DamagedFilesTest {
  private static final int DAMAGES = 200;
  private static final float[][] ROWS = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};

  @TempDir
  private Path directory;

  private enum Kind {
    NPY, SAFETENSORS, LLAMA, INDEX;

    /** A sound file, and how many bytes of it are header. */
    byte[] bytes() {
      return switch (this) {
        case NPY -> NpyWriter.bytes(1, NpyWriter.header("<f4", "False", "3, 3"), new byte[36]);
        case SAFETENSORS ->
            new SafetensorsBytes().addLogits("logits", "F16", ROWS).addTargets("targets", 0, 1, 2).bytes();
        case LLAMA -> LlamaBase.bytes(8, new int[8], ROWS);
        case INDEX -> "{\"weight_map\": {\"logits\": \"a.safetensors\", \"other\": \"b.safetensors\"}}"
            .getBytes(StandardCharsets.UTF_8);
      };
    }

    String fileName() {
      return this == INDEX ? "file.json" : "file";
    }
  }

  @ParameterizedTest
  @EnumSource
  void isScoredOrRefused(Kind kind) throws IOException {
    new SafetensorsBytes().addLogits("logits", "F32", ROWS).write(directory.resolve("a.safetensors"));
    new SafetensorsBytes().addLogits("logits", "F32", ROWS).write(directory.resolve("b.safetensors"));
    Path file = directory.resolve(kind.fileName());
    Files.write(file, kind.bytes());
    assertEquals(0, Run.surprisal("score", file).exitCode(), "sound");
    Random random = new Random(kind.ordinal());
    for (int i = 0; i < DAMAGES; i++) {
      Files.write(file, damaged(kind.bytes(), random));
      Run run = Run.surprisal("score", file);
      assertTrue(run.exitCode() == 0 || run.exitCode() == 2, run.err());
      if (run.exitCode() == 2) {
        assertEquals("", run.out());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().startsWith("surprisal: " + directory), run.err());
      }
    }
  }

  /** Changes up to three bytes, most of them near the beginning, and now and then cuts the file or adds to it. */
  private static byte[] damaged(byte[] bytes, Random random) {
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int place = random.nextBoolean() ? random.nextInt(bytes.length) : random.nextInt(Math.min(bytes.length, 24));
      bytes[place] = (byte) (random.nextBoolean() ? random.nextInt(256) : bytes[place] ^ 1 << random.nextInt(8));
    }
    int length = random.nextInt(5) == 0 ? random.nextInt(bytes.length + 20) : bytes.length;
    return Arrays.copyOf(bytes, length);
  }
}
