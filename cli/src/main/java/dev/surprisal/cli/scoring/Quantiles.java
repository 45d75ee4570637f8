package dev.surprisal.cli.scoring;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Exact quantiles of numbers that are not negative, however many there are. The numbers wait in a temporary file; a
 * quantile is found by counting, 16 bits at a time: such doubles order as their bit patterns do, NaN above all.
 */
final class Quantiles implements Closeable {
  private static final int DIGIT_BITS = 16;
  private static final int DIGITS = 1 << DIGIT_BITS;

  private final FileChannel file;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
  private long count;

  Quantiles() throws IOException {
    Path path = Files.createTempFile("surprisal", ".quantiles");
    this.file =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
  }

  void add(double value) throws IOException {
    if (!buffer.hasRemaining()) {
      flush();
    }
    // Adding 0 makes -0 a 0.
    buffer.putLong(Double.doubleToLongBits(value + 0.0));
    count++;
  }

  private void flush() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      file.write(buffer);
    }
    buffer.clear();
  }

  /** The quantile at a share from 0 to 1, between two numbers by linear interpolation; NaN of no numbers. */
  double quantile(double share) throws IOException {
    if (count == 0) {
      return Double.NaN;
    }
    flush();
    double place = share * (count - 1);
    long below = (long) place;
    double low = ordered(below);
    double rest = place - below;
    double high = rest == 0 ? low : ordered(below + 1);
    // Also where both are infinite.
    return high == low ? low : low + rest * (high - low);
  }

  /** The number with exactly {@code index} numbers before it in order. */
  private double ordered(long index) throws IOException {
    long prefix = 0;
    long before = index;
    for (int shift = Long.SIZE - DIGIT_BITS; shift >= 0; shift -= DIGIT_BITS) {
      long[] counts = countDigits(prefix, shift);
      int digit = 0;
      while (before >= counts[digit]) {
        before -= counts[digit++];
      }
      prefix = prefix << DIGIT_BITS | digit;
    }
    return Double.longBitsToDouble(prefix);
  }

  /** Counts the digit at {@code shift} of the numbers that begin with {@code prefix}. */
  private long[] countDigits(long prefix, int shift) throws IOException {
    long[] counts = new long[DIGITS];
    ByteBuffer block = ByteBuffer.allocate(1 << 16);
    file.position(0);
    while (file.read(block) >= 0 || block.position() > 0) {
      block.flip();
      LongBuffer bits = block.asLongBuffer();
      while (bits.hasRemaining()) {
        long value = bits.get();
        if (shift == Long.SIZE - DIGIT_BITS || value >>> shift + DIGIT_BITS == prefix) {
          counts[(int) (value >>> shift) & DIGITS - 1]++;
        }
      }
      block.position(block.limit() / Long.BYTES * Long.BYTES).compact();
    }
    return counts;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
