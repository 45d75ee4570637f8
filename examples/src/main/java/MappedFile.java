import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** Scores a file of bf16 logits where it lies. The file is mapped, not copied, and may be larger than memory. */
public class MappedFile {
  public static void main(String[] args) throws IOException {
    int vocabulary = 32_000;
    Path file = Files.createTempFile("logits", ".bf16");
    Files.write(file, someLogits(8 * vocabulary));

    // A shared arena, because a parallel scorer reads the file from several threads.
    try (FileChannel channel = FileChannel.open(file); Arena arena = Arena.ofShared()) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      long rows = mapped.byteSize() / DType.BF16.bytes() / vocabulary;
      double[] entropy = Scorer.parallel().entropy(Logits.of(mapped, DType.BF16, rows, vocabulary));
      System.out.printf("%d rows, mean entropy %.4f nats, at most %.4f%n",
          rows, Arrays.stream(entropy).average().orElseThrow(), Math.log(vocabulary));
    }
    Files.delete(file);
  }

  /** Values of a normal distribution. The upper half of a float is a bf16. */
  private static byte[] someLogits(int count) {
    Random random = new Random(1);
    ByteBuffer bytes = ByteBuffer.allocate(count * DType.BF16.bytes()).order(ByteOrder.nativeOrder());
    for (int i = 0; i < count; i++) {
      bytes.putShort((short) (Float.floatToIntBits((float) random.nextGaussian()) >>> 16));
    }
    return bytes.array();
  }
}
