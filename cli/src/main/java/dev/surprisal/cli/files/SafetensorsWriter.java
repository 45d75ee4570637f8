package dev.surprisal.cli.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes rows of logits and their targets as a {@code .safetensors} file, a row at a time. */
public final class SafetensorsWriter {
  private final OutputStream out;
  private final ElementType type;
  private final ByteBuffer row;

  /**
   * Begins a file.
   *
   * @param out where it goes
   * @param type F32, F16 or BF16
   * @param rows how many rows will be written
   * @param vocabulary the length of a row
   * @throws IOException if it cannot be written
   */
  public SafetensorsWriter(OutputStream out, ElementType type, long rows, int vocabulary) throws IOException {
    this.out = out;
    this.type = type;
    this.row = ByteBuffer.allocate(vocabulary * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    long logits = rows * vocabulary * type.bytes();
    String header = """
        {"logits":{"dtype":"%s","shape":[%d,%d],"data_offsets":[0,%d]},\
        "targets":{"dtype":"I32","shape":[%d],"data_offsets":[%d,%d]}}""".formatted(type, rows, vocabulary, logits,
        rows, logits, logits + rows * Integer.BYTES);
    byte[] bytes = (header + " ".repeat(-header.length() & 7)).getBytes(StandardCharsets.US_ASCII);
    out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(bytes.length).array());
    out.write(bytes);
  }

  /**
   * Writes the next row.
   *
   * @param logits holds the row
   * @param offset where it begins
   * @throws IOException if it cannot be written
   */
  public void row(float[] logits, int offset) throws IOException {
    row.clear();
    for (int i = offset; row.hasRemaining(); i++) {
      switch (type) {
        case F32 -> row.putFloat(logits[i]);
        case F16 -> row.putShort(Float.floatToFloat16(logits[i]));
        case BF16 -> row.putShort(bfloat16(logits[i]));
        default -> throw new IllegalStateException("not a type of logits that is written: " + type);
      }
    }
    out.write(row.array());
  }

  /**
   * Writes the targets, after the last row.
   *
   * @param targets the target of each row
   * @throws IOException if they cannot be written
   */
  public void targets(int[] targets) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(targets.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(targets);
    out.write(bytes.array());
  }

  /** The nearest bfloat16, of two the even one; the value is not NaN. */
  private static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
  }
}
