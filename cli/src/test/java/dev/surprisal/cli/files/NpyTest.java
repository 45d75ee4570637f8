package dev.surprisal.cli.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {
  @TempDir
  private Path directory;

  private Path write(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("array.npy"), bytes);
  }

  private static List<Tensor> tensors(Path path) throws BadInputException {
    try (InputFile file = InputFile.open(path)) {
      return Format.tensorsOf(file);
    }
  }

  private static void assertBroken(Path path, String message) {
    BadInputException e = assertThrows(BadInputException.class, () -> tensors(path));
    assertTrue(e.getMessage().startsWith(path + ": ") && e.getMessage().contains(message), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void everyVersion(int version) throws IOException, BadInputException {
    Path path = write(NpyWriter.bytes(version, NpyWriter.header("<f4", "False", "2, 3"), new byte[24]));
    assertEquals(List.of(new Tensor("", "<f4", ElementType.F32, List.of(2L, 3L), 128)), tensors(path));
  }

  @ParameterizedTest
  @CsvSource({"<f2, F16, 12", "<f4, F32, 24", "<f8, F64, 48", "<i4, I32, 24", "<i8, I64, 48"})
  void everyElementType(String descr, ElementType type, int bytes) throws IOException, BadInputException {
    Path path = write(NpyWriter.bytes(1, NpyWriter.header(descr, "False", "2, 3"), new byte[bytes]));
    assertEquals(type, tensors(path).getFirst().type());
  }

  @Test
  void noRows() throws IOException, BadInputException {
    Path path = write(NpyWriter.bytes(1, NpyWriter.header("<f4", "False", "0, 3"), new byte[0]));
    assertEquals(0, tensors(path).getFirst().elements());
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {
      ">f4  ; False ; 2, 3 ; at byte 10: elements of type '>f4'",
      "|V2  ; False ; 2, 3 ; at byte 10: elements of type '|V2'",
      "<f4  ; True  ; 2, 3 ; at byte 10: the array is in Fortran order",
      "<f4  ; False ; 2, 4 ; at byte 128: [2 x 4] <f4 needs 32 bytes, but there are 24",
      "<f4  ; False ; 2, 2 ; at byte 128: [2 x 2] <f4 needs 16 bytes, but there are 24",
      "<f4  ; False ; 4611686018427387904, 4 ; at byte 128: [4611686018427387904 x 4] <f4 is larger than any file",
      "<f4  ; False ; 9223372036854775808, 1 ; is not a list of sizes",
      "<f4  ; False ; -2, -3 ; the header has no 'shape'",
      "<f4  ; Maybe ; 2, 3 ; the header has no 'fortran_order'"})
  void headersThatCannotBeUsed(String descr, String order, String shape, String message) throws IOException {
    assertBroken(write(NpyWriter.bytes(1, NpyWriter.header(descr, order, shape), new byte[24])), message);
  }

  @Test
  void structuredElements() throws IOException {
    String header = "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }";
    assertBroken(write(NpyWriter.bytes(1, header, new byte[8])), "the header has no 'descr' with a plain type");
  }

  @Test
  void unknownVersion() throws IOException {
    assertBroken(write(NpyWriter.bytes(4, NpyWriter.header("<f4", "False", "2, 3"), new byte[24])),
        "at byte 6: .npy version 4, expected 1, 2 or 3");
  }

  @Test
  void headerLongerThanTheFile() throws IOException {
    byte[] bytes = NpyWriter.bytes(1, NpyWriter.header("<f4", "False", "2, 3"), new byte[24]);
    bytes[9] = 5;
    assertBroken(write(bytes), "the file ends inside the .npy header");
  }

  @Test
  void absurdHeader() throws IOException {
    byte[] bytes = NpyWriter.bytes(2, NpyWriter.header("<f4", "False", "2, 3"), new byte[24]);
    bytes[11] = (byte) 0xFF;
    assertBroken(write(bytes), "at byte 8: a header of 4278190");
  }

  @Test
  void cutAnywhere() throws IOException {
    byte[] bytes = NpyWriter.bytes(1, NpyWriter.header("<f4", "False", "2, 3"), new byte[24]);
    for (int length = 0; length < bytes.length; length++) {
      assertBroken(write(Arrays.copyOf(bytes, length)), length < 6 ? "at byte 0: neither a " : "at byte ");
    }
  }

  @Test
  void anotherFormat() throws IOException {
    assertBroken(write(new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0, 0, 0}), "at byte 0: neither a .npy nor");
  }
}
