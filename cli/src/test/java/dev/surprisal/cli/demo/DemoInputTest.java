package dev.surprisal.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoInputTest {
  @TempDir
  private Path directory;

  @Test
  void missingText() {
    assertBadInput(directory.resolve("none.txt"), "no such file");
  }

  @Test
  void directoryForAText() {
    assertBadInput(directory, "cannot be read");
  }

  @Test
  void binaryForAText() throws IOException {
    assertBadInput(Files.write(directory.resolve("binary"), new byte[] {(byte) 0xFF, (byte) 0xFE, 1}),
        "is not text in UTF-8");
  }

  @Test
  void textWithoutAWord() throws IOException {
    assertBadInput(Files.writeString(directory.resolve("dots.txt"), " ... \n"), "has no word in it");
  }

  private static void assertBadInput(Path text, String reason) {
    Run run = Run.surprisal("demo", "--text", text);
    assertEquals(2, run.exitCode());
    assertEquals("", run.out());
    assertTrue(run.err().startsWith("surprisal: " + text + ": " + reason), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }
}
