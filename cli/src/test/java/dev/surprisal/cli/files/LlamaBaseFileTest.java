package dev.surprisal.cli.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import dev.surprisal.reference.LogitsReference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaBaseFileTest {
  /** Each of the two chunks has the tokens 0..7 or 8..15; the rows stand at the fifth to the seventh of them. */
  private static final int CONTEXT = 8;
  private static final int[] TOKENS = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  private static final long[] TARGETS = {5, 6, 7, 13, 14, 15};

  @TempDir
  private Path directory;

  private static float[][] rows(int vocabulary) {
    Random random = new Random(3);
    float[][] rows = new float[TARGETS.length][vocabulary];
    for (float[] row : rows) {
      for (int i = 0; i < vocabulary; i++) {
        row[i] = (float) random.nextGaussian() * 2;
      }
    }
    return rows;
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("base.kld"), bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 17})
  void rowsAreLogProbabilities(int vocabulary) throws IOException, BadInputException {
    float[][] rows = rows(vocabulary);
    Path path = write(LlamaBase.bytes(CONTEXT, TOKENS, rows));
    try (LogitsFile file = Inputs.logits(List.of(path), null, null)) {
      assertEquals(6, file.rows());
      assertEquals(vocabulary, file.vocabulary());
      assertTrue(file.encoding().contains("16-bit") && file.encoding().contains("clipped"), file.encoding());
      Logits logits = file.reader(6).read(0, 6);
      double[] logSumExp = Scorer.sequential().logSumExp(logits);
      double[] entropy = Scorer.sequential().entropy(logits);
      for (int i = 0; i < rows.length; i++) {
        assertEquals(0, logSumExp[i], 1e-4);
        assertEquals(LogitsReference.entropy(LogitsReference.toDoubles(rows[i])), entropy[i], 1e-3);
      }
    }
  }

  @Test
  void tokensAreTheTargets() throws IOException, BadInputException {
    Path path = write(LlamaBase.bytes(CONTEXT, TOKENS, rows(16)));
    try (LogitsFile file = Inputs.logits(List.of(path), null, null); Targets targets = file.ownTargets()) {
      assertEquals(6, targets.count());
      long[] read = new long[6];
      targets.read(0, read);
      assertArrayEquals(TARGETS, read);
    }
  }

  @Test
  void unlikelyEntriesAreClipped() throws IOException, BadInputException {
    float[][] rows = new float[TARGETS.length][16];
    rows[0][3] = 40;
    Path path = write(LlamaBase.bytes(CONTEXT, TOKENS, rows));
    try (LogitsFile file = Inputs.logits(List.of(path), null, null)) {
      double[] nll = Scorer.sequential().crossEntropy(file.reader(1).read(0, 1), new int[] {5});
      assertEquals(16, nll[0], 1e-3);
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {
      "8  ; 2  ; at byte 8: n_ctx 2, n_vocab 16, n_chunk 2",
      "12 ; 0  ; at byte 8: n_ctx 8, n_vocab 0, n_chunk 2",
      "16 ; -1 ; at byte 8: n_ctx 8, n_vocab 16, n_chunk -1",
      "12 ; 18 ; at byte 20: 2 chunks of 3 rows of 18 logits need 348 bytes, but there are 324",
      "16 ; 1  ; at byte 20: 1 chunks of 3 rows of 16 logits need 172 bytes, but there are 324",
      "16 ; 2147483647 ; need"})
  void headersThatDoNotFit(int position, int value, String message) throws IOException {
    byte[] bytes = LlamaBase.bytes(CONTEXT, TOKENS, rows(16));
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(position, value);
    assertBroken(write(bytes), message);
  }

  @Test
  void cutAnywhere() throws IOException {
    byte[] bytes = LlamaBase.bytes(CONTEXT, TOKENS, rows(16));
    for (int length = 0; length < bytes.length; length += 3) {
      assertBroken(write(Arrays.copyOf(bytes, length)), "at byte ");
    }
  }

  private static void assertBroken(Path path, String message) {
    BadInputException e = assertThrows(BadInputException.class, () -> Inputs.logits(List.of(path), null, null));
    assertTrue(e.getMessage().startsWith(path + ": ") && e.getMessage().contains(message), e.getMessage());
  }
}
