package dev.surprisal.cli.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Builds {@code .safetensors} files tensor by tensor, as the reference implementation writes them. */
public final class SafetensorsBytes {
  private final List<String> entries = new ArrayList<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  /** Adds a tensor of raw bytes. */
  public SafetensorsBytes add(String name, String dtype, List<? extends Number> shape, byte[] bytes) {
    String sizes = shape.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    int begin = data.size();
    data.writeBytes(bytes);
    entries.add("\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}".formatted(name, dtype, sizes, begin,
        data.size()));
    return this;
  }

  /** Adds rows of logits as F32, F16 or BF16. */
  public SafetensorsBytes addLogits(String name, String dtype, float[][] rows) {
    ByteBuffer bytes = ByteBuffer.allocate(rows.length * rows[0].length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : rows) {
      for (float x : row) {
        switch (dtype) {
          case "F32" -> bytes.putFloat(x);
          case "F16" -> bytes.putShort(Float.floatToFloat16(x));
          case "BF16" -> bytes.putShort((short) (Float.floatToRawIntBits(x) >>> 16));
          default -> throw new IllegalArgumentException(dtype);
        }
      }
    }
    return add(name, dtype, List.of(rows.length, rows[0].length), Arrays.copyOf(bytes.array(), bytes.position()));
  }

  /** Adds targets as I64. */
  public SafetensorsBytes addTargets(String name, long... targets) {
    ByteBuffer bytes = ByteBuffer.allocate(targets.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(targets);
    return add(name, "I64", List.of(targets.length), bytes.array());
  }

  /** The whole file. */
  public byte[] bytes() {
    return bytes("{\"__metadata__\":{\"format\":\"pt\"}," + String.join(",", entries) + "}", data.toByteArray());
  }

  /** A file with any header. */
  public static byte[] bytes(String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length).put(text).put(data).array();
  }

  /** Writes the whole file. */
  public Path write(Path file) throws IOException {
    return Files.write(file, bytes());
  }
}
