package dev.surprisal.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.cli.Surprisal;
import dev.surprisal.cli.files.NpyWriter;
import dev.surprisal.cli.files.SafetensorsBytes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of several GB, sparse so that they take no room on disk, in a Java with a heap of 256 MB. */
class LargeFileTest {
  private static final int VOCABULARY = 65_536;
  private static final int ROWS = 20_000;

  @TempDir
  private Path directory;

  /** The tool in a process of its own. */
  private String surprisal(Object... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
            "--add-modules", "jdk.incubator.vector", "-cp", System.getProperty("java.class.path"),
            Surprisal.class.getName()));
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    Path out = directory.resolve("out");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    assertTrue(process.waitFor(5, TimeUnit.MINUTES));
    String printed = Files.readString(out);
    assertEquals(0, process.exitValue(), printed);
    return printed;
  }

  /** Rows of zeros, half precision. */
  private Path safetensors(String name) throws IOException {
    long bytes = 2L * ROWS * VOCABULARY;
    byte[] header = SafetensorsBytes.bytes("{\"logits\":{\"dtype\":\"BF16\",\"shape\":[%d,%d],\"data_offsets\":[0,%d]}}"
        .formatted(ROWS, VOCABULARY, bytes), new byte[0]);
    return sparse(name, header, bytes);
  }

  private Path sparse(String name, byte[] header, long bytes) throws IOException {
    Path path = directory.resolve(name);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.write(header);
      file.setLength(header.length + bytes);
    }
    return path;
  }

  private static void assertUniform(String printed, double vocabulary) {
    assertTrue(
        printed.contains(String.format(Locale.ROOT, "\"meanEntropy\" : %.6f", Math.log(vocabulary)).substring(0, 22)),
        printed);
  }

  @Test
  void scoreInASmallHeap() throws IOException, InterruptedException {
    assertUniform(surprisal("score", safetensors("logits.safetensors"), "--json"), VOCABULARY);
  }

  @Test
  void decodedRowsInASmallHeap() throws IOException, InterruptedException {
    byte[] header = NpyWriter.bytes(1, NpyWriter.header("<f8", "False", "2000, " + VOCABULARY), new byte[0]);
    Path base = sparse("base.npy", header, 8L * 2000 * VOCABULARY);
    Path other = sparse("other.npy", header, 8L * 2000 * VOCABULARY);
    String printed = surprisal("compare", base, other, "--json");
    assertUniform(printed, VOCABULARY);
    assertTrue(printed.contains("\"maxKl\" : 0.0"), printed);
  }

  @Test
  void manyShortRowsInASmallHeap() throws IOException, InterruptedException {
    byte[] header = NpyWriter.bytes(1, NpyWriter.header("<f2", "False", "3000000, 5"), new byte[0]);
    Path logits = sparse("short.npy", header, 2L * 3_000_000 * 5);
    assertUniform(surprisal("compare", logits, logits, "--json"), 5);
  }
}
