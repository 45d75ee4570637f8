package dev.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Probabilities;
import dev.surprisal.Scorer;
import dev.surprisal.data.Encoding;
import dev.surprisal.data.Figure;
import dev.surprisal.data.PairKind;
import dev.surprisal.data.RowKind;
import dev.surprisal.data.Sample;
import dev.surprisal.data.Storage;
import dev.surprisal.data.Views;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More elements than an int can count, in a sparse file: only the pages that are touched take room. */
class HugeTest {
  private static final int VOCABULARY = 1000;
  private static final long ELEMENTS = (1L << 32) + 12_345;

  @TempDir
  private Path directory;

  /** Rows whose distance is beyond an int, in elements. */
  @ParameterizedTest
  @EnumSource
  void strideBeyondInt(DType dtype) throws IOException {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment file = map(arena, dtype);
      long stride = (1L << 31) + 77;
      int rows = 2;
      float[][] p = new float[rows][];
      for (int row = 0; row < rows; row++) {
        p[row] = Encoding.stored(Sample.of(RowKind.ORDINARY, PairKind.SAME, VOCABULARY, 17 + row).p(), dtype);
        put(file, dtype, 3 + row * stride * dtype.bytes(), p[row]);
      }
      Views views = new Views(
          Logits.of(file, dtype, 3, rows, VOCABULARY, stride),
          Probabilities.of(file, dtype, 3, rows, VOCABULARY, stride));
      assertSame(views, p);
    }
  }

  /** The first rows, the last, and those around 2^31 elements and 2^32, of a batch of millions. */
  @ParameterizedTest
  @EnumSource
  void rowsBeyondInt(DType dtype) throws IOException {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment file = map(arena, dtype);
      long rows = ELEMENTS / VOCABULARY;
      Logits logits = Logits.of(file, dtype, rows, VOCABULARY);
      Probabilities probabilities = Probabilities.of(file, dtype, rows, VOCABULARY);
      assertEquals(rows, logits.rows());
      for (long from : new long[] {0, (1L << 31) / VOCABULARY - 1, (1L << 32) / VOCABULARY - 1, rows - 3}) {
        float[][] p = new float[3][];
        for (int row = 0; row < 3; row++) {
          p[row] = Encoding.stored(Sample.of(RowKind.ORDINARY, PairKind.SAME, VOCABULARY, from + row).p(), dtype);
          put(file, dtype, (from + row) * VOCABULARY * dtype.bytes(), p[row]);
        }
        assertSame(new Views(logits.rows(from, from + 3), probabilities.rows(from, from + 3)), p);
      }
    }
  }

  private static void assertSame(Views views, float[][] rows) {
    Views array = Storage.ARRAY.place(rows, DType.F32);
    int[] targets = Arrays.copyOf(new int[] {5, 999, 500}, rows.length);
    for (Figure figure : Figure.all()) {
      double[] expected = figure.compute(Scorer.sequential(), array, array, targets, new double[rows.length]);
      double[] out = new double[rows.length];
      assertArrayEquals(expected, figure.compute(Scorer.sequential(), views, views, targets, out), figure::toString);
      Arrays.fill(out, 0);
      assertArrayEquals(expected, figure.compute(Scorer.parallel(), views, array, targets, out), figure::toString);
    }
  }

  /** Results are an array: more rows than it can have must be scored in parts, and the message says how. */
  @Test
  void moreRowsThanAnArrayHolds() throws IOException {
    try (Arena arena = Arena.ofShared()) {
      Logits logits = Logits.of(map(arena, DType.BF16), DType.BF16, ELEMENTS, 1);
      IllegalArgumentException thrown =
          assertThrows(IllegalArgumentException.class, () -> Scorer.sequential().entropy(logits));
      assertTrue(thrown.getMessage().contains("" + ELEMENTS) && thrown.getMessage().contains("rows(from, to)"),
          thrown.getMessage());
      IllegalArgumentException tooShort =
          assertThrows(IllegalArgumentException.class, () -> Scorer.sequential().entropy(logits, new double[10]));
      assertTrue(tooShort.getMessage().contains("" + ELEMENTS) && tooShort.getMessage().contains("10"),
          tooShort.getMessage());
      assertArrayEquals(new double[3], Scorer.sequential().entropy(logits.rows(ELEMENTS - 3, ELEMENTS)));
    }
  }

  private MemorySegment map(Arena arena, DType dtype) throws IOException {
    Path file = directory.resolve("sparse.bin");
    try (FileChannel channel = FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.SPARSE, StandardOpenOption.READ,
        StandardOpenOption.WRITE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, ELEMENTS * dtype.bytes(), arena);
    }
  }

  private static void put(MemorySegment file, DType dtype, long byteOffset, float[] row) {
    Storage.write(new float[][] {row}, dtype, file.asSlice(byteOffset, (long) row.length * dtype.bytes()), 0,
        row.length);
  }
}
