package dev.surprisal.cli.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes base files as {@code llama-perplexity --kl-divergence-base} does. */
public final class LlamaBase {
  private LlamaBase() {}

  /**
   * A base file.
   *
   * @param context tokens in a chunk
   * @param tokens the tokens of all chunks
   * @param rows logits for the second half of each chunk
   */
  public static byte[] bytes(int context, int[] tokens, float[][] rows) {
    int vocabulary = rows[0].length;
    int codes = (vocabulary + 1) / 2 * 2 + 4;
    ByteBuffer file =
        ByteBuffer.allocate(20 + 4 * tokens.length + 2 * codes * rows.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put("_logits_".getBytes(StandardCharsets.US_ASCII)).putInt(context).putInt(vocabulary)
        .putInt(tokens.length / context);
    for (int token : tokens) {
      file.putInt(token);
    }
    for (float[] row : rows) {
      int end = file.position() + 2 * codes;
      write(file, row);
      file.position(end);
    }
    return file.array();
  }

  private static void write(ByteBuffer file, float[] row) {
    float max = Float.NEGATIVE_INFINITY;
    float min = Float.POSITIVE_INFINITY;
    for (float x : row) {
      max = Math.max(max, x);
      min = Math.min(min, x);
    }
    min = Math.max(min, max - 16);
    double sum = 0;
    for (float x : row) {
      sum += Math.exp(x - max);
    }
    float scale = (max - min) / 65535;
    file.putFloat(scale).putFloat((float) (min - max - Math.log(sum)));
    for (float x : row) {
      file.putShort((short) (x > min ? Math.round((x - min) / scale) : 0));
    }
  }
}
