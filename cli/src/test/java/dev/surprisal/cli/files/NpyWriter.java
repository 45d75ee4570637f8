package dev.surprisal.cli.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes {@code .npy} files as NumPy does, and broken ones. */
public final class NpyWriter {
  private NpyWriter() {}

  /** A version 1.0 file of float32 rows. */
  public static Path floats(Path file, float[][] rows) throws IOException {
    ByteBuffer data = buffer(rows.length * rows[0].length * Float.BYTES);
    for (float[] row : rows) {
      for (float x : row) {
        data.putFloat(x);
      }
    }
    return Files.write(file, bytes(1, header("<f4", "False", rows.length + ", " + rows[0].length), data.array()));
  }

  /** A version 1.0 file of float16 rows. */
  public static Path halves(Path file, float[][] rows) throws IOException {
    ByteBuffer data = buffer(rows.length * rows[0].length * Short.BYTES);
    for (float[] row : rows) {
      for (float x : row) {
        data.putShort(Float.floatToFloat16(x));
      }
    }
    return Files.write(file, bytes(1, header("<f2", "False", rows.length + ", " + rows[0].length), data.array()));
  }

  /** A version 1.0 file of float64 rows. */
  public static Path doubles(Path file, double[][] rows) throws IOException {
    ByteBuffer data = buffer(rows.length * rows[0].length * Double.BYTES);
    for (double[] row : rows) {
      for (double x : row) {
        data.putDouble(x);
      }
    }
    return Files.write(file, bytes(1, header("<f8", "False", rows.length + ", " + rows[0].length), data.array()));
  }

  /** A version 1.0 file of int32 targets. */
  public static Path ints(Path file, int... targets) throws IOException {
    ByteBuffer data = buffer(targets.length * Integer.BYTES);
    for (int target : targets) {
      data.putInt(target);
    }
    return Files.write(file, bytes(1, header("<i4", "False", targets.length + ","), data.array()));
  }

  /** A version 1.0 file of int64 targets. */
  public static Path longs(Path file, long... targets) throws IOException {
    ByteBuffer data = buffer(targets.length * Long.BYTES);
    for (long target : targets) {
      data.putLong(target);
    }
    return Files.write(file, bytes(1, header("<i8", "False", targets.length + ","), data.array()));
  }

  /** The dictionary of a header. */
  public static String header(String descr, String fortranOrder, String shape) {
    return "{'descr': '" + descr + "', 'fortran_order': " + fortranOrder + ", 'shape': (" + shape + "), }";
  }

  /** A whole file: magic, version, padded header, data. */
  public static byte[] bytes(int version, String header, byte[] data) {
    int prefix = version == 1 ? 10 : 12;
    int padded = (prefix + header.length() + 1 + 63) / 64 * 64 - prefix;
    byte[] text = (header + " ".repeat(padded - header.length() - 1) + "\n").getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = buffer(prefix + text.length + data.length);
    file.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) version).put((byte) 0);
    if (version == 1) {
      file.putShort((short) text.length);
    } else {
      file.putInt(text.length);
    }
    return file.put(text).put(data).array();
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
