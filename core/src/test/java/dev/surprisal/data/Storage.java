package dev.surprisal.data;

import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Probabilities;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongFunction;

/**
 * Where rows may lie. Whatever is not a value of a row (before, between and behind them) is filled with NaN, and no
 * storage has a byte more than it must: a kernel that reads or uses what is not its own is found out.
 */
public enum Storage {
  ARRAY(0, 0, null) {
    @Override
    public Views place(float[][] rows, DType dtype) {
      int vocabulary = rows[0].length;
      if (dtype == DType.F32) {
        float[] values = (float[]) array(rows, dtype, 0, 0);
        return new Views(Logits.of(values, rows.length, vocabulary), Probabilities.of(values, rows.length, vocabulary));
      }
      short[] values = (short[]) array(rows, dtype, 0, 0);
      return new Views(
          Logits.of(values, dtype, rows.length, vocabulary), Probabilities.of(values, dtype, rows.length, vocabulary));
    }
  },

  /** Rows that begin at an odd index, with gaps between them. */
  ARRAY_STRIDED(0, 0, null) {
    @Override
    public Views place(float[][] rows, DType dtype) {
      int vocabulary = rows[0].length;
      Object array = array(rows, dtype, 5, 3);
      if (array instanceof float[] values) {
        return new Views(
            Logits.of(values, 5, rows.length, vocabulary, vocabulary + 3),
            Probabilities.of(values, 5, rows.length, vocabulary, vocabulary + 3));
      }
      return Views.of(MemorySegment.ofArray((short[]) array), dtype, 5 * dtype.bytes(), rows.length, vocabulary,
          vocabulary + 3L);
    }
  },

  FLOAT_ARRAY(0, 0, bytes -> MemorySegment.ofArray(new float[elements(bytes, 4)])),
  FLOAT_ARRAY_MISALIGNED(1, 2, bytes -> MemorySegment.ofArray(new float[elements(bytes, 4)])),
  SHORT_ARRAY(6, 0, bytes -> MemorySegment.ofArray(new short[elements(bytes, 2)])),
  CHAR_ARRAY(2, 1, bytes -> MemorySegment.ofArray(new char[elements(bytes, 2)])),
  BYTE_ARRAY(0, 0, bytes -> MemorySegment.ofArray(new byte[elements(bytes, 1)])),
  BYTE_ARRAY_MISALIGNED(3, 5, bytes -> MemorySegment.ofArray(new byte[elements(bytes, 1)])),
  INT_ARRAY(0, 0, bytes -> MemorySegment.ofArray(new int[elements(bytes, 4)])),
  LONG_ARRAY(8, 1, bytes -> MemorySegment.ofArray(new long[elements(bytes, 8)])),
  DOUBLE_ARRAY(0, 0, bytes -> MemorySegment.ofArray(new double[elements(bytes, 8)])),
  READ_ONLY_ARRAY(0, 0, bytes -> MemorySegment.ofArray(new float[elements(bytes, 4)])) {
    @Override
    MemorySegment filled(MemorySegment segment) {
      return segment.asReadOnly();
    }
  },

  OFF_HEAP(0, 0, bytes -> Arena.ofAuto().allocate(bytes, 64)),
  OFF_HEAP_STRIDED(4, 7, bytes -> Arena.ofAuto().allocate(bytes, 64)),
  OFF_HEAP_MISALIGNED(5, 3, bytes -> Arena.ofAuto().allocate(bytes, 64)),
  OFF_HEAP_READ_ONLY(0, 0, bytes -> Arena.ofAuto().allocate(bytes, 64)) {
    @Override
    MemorySegment filled(MemorySegment segment) {
      return segment.asReadOnly();
    }
  },
  DIRECT_BUFFER(0, 0, bytes -> MemorySegment.ofBuffer(ByteBuffer.allocateDirect(elements(bytes, 1)))),
  MAPPED_FILE(0, 0, Storage::map),

  /** A slice of a mapped file that begins at an odd address. */
  MAPPED_FILE_MISALIGNED(0, 1, bytes -> map(bytes + 7).asSlice(7));

  private final int byteOffset;
  private final int gap;
  private final LongFunction<MemorySegment> allocator;

  Storage(int byteOffset, int gap, LongFunction<MemorySegment> allocator) {
    this.byteOffset = byteOffset;
    this.gap = gap;
    this.allocator = allocator;
  }

  /** Views of rows that have been stored here. */
  public Views place(float[][] rows, DType dtype) {
    int vocabulary = rows[0].length;
    long stride = vocabulary + gap;
    MemorySegment segment = allocator.apply(byteOffset + ((rows.length - 1) * stride + vocabulary) * dtype.bytes());
    write(rows, dtype, segment, byteOffset, stride);
    return Views.of(filled(segment), dtype, byteOffset, rows.length, vocabulary, stride);
  }

  MemorySegment filled(MemorySegment segment) {
    return segment;
  }

  /** A {@code float[]} or {@code short[]} with rows at an offset, and gaps. */
  private static Object array(float[][] rows, DType dtype, int offset, int gap) {
    int stride = rows[0].length + gap;
    int elements = offset + (rows.length - 1) * stride + rows[0].length;
    Object array = dtype == DType.F32 ? new float[elements] : new short[elements];
    MemorySegment segment =
        array instanceof float[] floats ? MemorySegment.ofArray(floats) : MemorySegment.ofArray((short[]) array);
    write(rows, dtype, segment, (long) offset * dtype.bytes(), stride);
    return array;
  }

  /** Every byte is set: those of no value to 0xff, which is NaN in every dtype. */
  public static void write(float[][] rows, DType dtype, MemorySegment segment, long byteOffset, long stride) {
    segment.fill((byte) 0xff);
    for (int row = 0; row < rows.length; row++) {
      MemorySegment values = dtype == DType.F32
          ? MemorySegment.ofArray(rows[row])
          : MemorySegment.ofArray(Encoding.bits(rows[row], dtype));
      MemorySegment.copy(values, 0, segment, byteOffset + row * stride * dtype.bytes(), values.byteSize());
    }
  }

  private static int elements(long bytes, int size) {
    return Math.toIntExact((bytes + size - 1) / size);
  }

  private static MemorySegment map(long bytes) {
    try {
      Path file = Files.createTempFile("rows", ".bin");
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, Arena.ofAuto());
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
