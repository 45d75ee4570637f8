package dev.surprisal.benchmarks.input;

import dev.surprisal.demo.Passage;
import dev.surprisal.demo.TrigramModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Rows of a real language model: what the CMU Sphinx trigram model predicts for each word of the demonstration's
 * passage. Forming a row takes longer than scoring a thousand, so they are kept in a file of the build directory.
 */
public final class TrigramRows {
  /** How many words the model knows. */
  public static final int VOCABULARY = 72_354;

  private static final int ROWS = Smoke.choose(28, 2);

  private TrigramRows() {}

  /**
   * The rows, one behind the other.
   *
   * @return natural-log probabilities
   */
  public static float[] load() {
    try {
      Path file = buildDirectory().resolve("trigram-" + ROWS + ".f32");
      if (!Files.exists(file)) {
        write(file, form());
      }
      return read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static float[] form() throws IOException {
    TrigramModel model = TrigramModel.load();
    List<String> words = passage().filter(model::knows).toList();
    float[] rows = new float[ROWS * VOCABULARY];
    for (int row = 0; row < ROWS; row++) {
      model.logProbabilities(words.subList(0, row + 1), rows, row * VOCABULARY);
    }
    return rows;
  }

  private static Stream<String> passage() throws IOException {
    return Stream.of(Passage.text().toLowerCase(Locale.ROOT).split("[^a-z']+"));
  }

  private static void write(Path file, float[] rows) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(rows.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(rows);
    Path unfinished = Files.createTempFile(file.getParent(), "trigram-", null);
    Files.write(unfinished, bytes.array());
    Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static float[] read(Path file) throws IOException {
    float[] rows = new float[ROWS * VOCABULARY];
    ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(rows);
    return rows;
  }

  /** Where the jar or the classes of this module are. */
  private static Path buildDirectory() {
    try {
      return Path.of(TrigramRows.class.getProtectionDomain().getCodeSource().getLocation().toURI()).getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
