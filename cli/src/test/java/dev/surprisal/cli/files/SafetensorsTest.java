package dev.surprisal.cli.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
  private static final float[][] ROWS = {{1, 2, 3}, {-0.5f, 0, 4}};

  @TempDir
  private Path directory;

  private Path write(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("model.safetensors"), bytes);
  }

  private static List<Tensor> tensors(Path path) throws BadInputException {
    try (InputFile file = InputFile.open(path)) {
      return Format.tensorsOf(file);
    }
  }

  private static void assertBroken(Path path, String message) {
    BadInputException e = assertThrows(BadInputException.class, () -> tensors(path));
    assertTrue(e.getMessage().startsWith(path + ": ") && e.getMessage().contains(message), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
  }

  @Test
  void everyTensorOfAFile() throws IOException, BadInputException {
    List<Tensor> tensors =
        tensors(write(new SafetensorsBytes().addLogits("logits", "BF16", ROWS).addTargets("targets", 1, 2)
            .add("scale", "F8_E4M3", List.of(4), new byte[4]).add("count", "I64", List.of(), new byte[8]).bytes()));
    assertEquals(List.of("logits [2 x 3] BF16", "targets [2] I64", "scale [4] F8_E4M3", "count [] I64"),
        tensors.stream().map(Tensor::toString).toList());
    assertEquals(ElementType.OTHER, tensors.get(2).type());
    assertEquals(tensors.get(0).position() + 12, tensors.get(1).position());
  }

  @ParameterizedTest
  @ValueSource(strings = {"F32", "F16", "BF16"})
  void rowsAreReadInPlace(String dtype) throws IOException, BadInputException {
    Path path = write(new SafetensorsBytes().addLogits("logits", dtype, ROWS).bytes());
    try (LogitsFile file = Inputs.logits(List.of(path), null, null)) {
      assertEquals(2, file.rows());
      assertEquals(3, file.vocabulary());
      assertEquals(dtype, file.encoding().toUpperCase(Locale.ROOT));
      try (BlockReader reader = file.reader(2)) {
        Scores scores = Scorer.sequential().score(reader.read(0, 2), new int[2]);
        assertArrayEquals(new float[] {3, 4}, scores.maxLogit());
        assertArrayEquals(new int[] {2, 2}, scores.argmax());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"F32", "F16", "BF16"})
  void whatIsWrittenIsRead(String dtype) throws IOException, BadInputException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter writer = new SafetensorsWriter(out, ElementType.valueOf(dtype), 2, 3);
    writer.row(new float[] {9, 1, 2, 3}, 1);
    writer.row(ROWS[1], 0);
    writer.targets(new int[] {2, 0});
    Path path = write(out.toByteArray());
    byte[] written = Files.readAllBytes(path);
    byte[] expected = new SafetensorsBytes().addLogits("logits", dtype, ROWS).bytes();
    int data = 6 * ElementType.valueOf(dtype).bytes();
    assertEquals(Arrays.toString(Arrays.copyOfRange(expected, expected.length - data, expected.length)),
        Arrays.toString(Arrays.copyOfRange(written, written.length - data - 8, written.length - 8)));
    assertEquals(List.of("logits [2 x 3] " + dtype, "targets [2] I32"),
        tensors(path).stream().map(Tensor::toString).toList());
  }

  @Test
  void bfloat16IsRoundedToEven() throws IOException {
    float[] values = {1.00390625f, 1.01171875f, 1.00390637f, Float.NEGATIVE_INFINITY};
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new SafetensorsWriter(out, ElementType.BF16, 1, 4).row(values, 0);
    byte[] bytes = out.toByteArray();
    byte[] row = Arrays.copyOfRange(bytes, bytes.length - 8, bytes.length);
    assertEquals(
        Arrays.toString(new byte[] {(byte) 0x80, 0x3F, (byte) 0x82, 0x3F, (byte) 0x81, 0x3F, (byte) 0x80, (byte) 0xFF}),
        Arrays.toString(row));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      {"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}    | the header is not JSON
      [1]                                                         | the header is no JSON object
      {"a":{"dtype":"F32","shape":[2,3]}}                         | tensor a lacks dtype, shape or data_offsets
      {"a":{"shape":[2,3],"data_offsets":[0,24]}}                 | tensor a lacks dtype, shape or data_offsets
      {"a":7}                                                     | tensor a lacks dtype, shape or data_offsets
      {"a":{"dtype":"F32","shape":[2,-3],"data_offsets":[0,24]}}  | a shape that is no list of sizes: [2,-3]
      {"a":{"dtype":"F32","shape":[2,1.5],"data_offsets":[0,24]}} | a shape that is no list of sizes: [2,1.5]
      {"a":{"dtype":"F32","shape":[2,4],"data_offsets":[0,24]}}   | a [2 x 4] F32 needs 32 bytes, but there are 24
      {"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,28]}}   | data_offsets [0,28], but there are 24 bytes
      {"a":{"dtype":"F32","shape":[2,3],"data_offsets":[24,0]}}   | data_offsets [24,0]
      {"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}   | the tensors take 16 bytes, but there are 24
      {"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,24]}} | is larger than any file
      {"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,24]}} | no list of sizes
      {"a":{"dtype":"F32","dtype":"F32","shape":[2,3],"data_offsets":[0,24]}} | the header is not JSON: Duplicate field
      """)
  void headersThatCannotBeUsed(String header, String message) throws IOException {
    assertBroken(write(SafetensorsBytes.bytes(header, new byte[24])), message);
  }

  @Test
  void cutAnywhere() throws IOException {
    byte[] bytes = new SafetensorsBytes().addLogits("logits", "F32", ROWS).bytes();
    for (int length = 0; length < bytes.length; length++) {
      assertBroken(write(Arrays.copyOf(bytes, length)), "at byte ");
    }
  }

  @Test
  void absurdHeader() throws IOException {
    byte[] bytes = new SafetensorsBytes().addLogits("logits", "F32", ROWS).bytes();
    bytes[7] = (byte) 0xFF;
    assertBroken(write(bytes), "at byte 0: a header of 18374686479671");
    bytes[7] = 1;
    assertBroken(write(bytes), "expected at most 100000000");
  }
}
