package dev.surprisal.benchmarks.cold;

import dev.surprisal.benchmarks.report.Table;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Times the tool of two builds on files that lie in the page cache, whole processes, in turn; and what a user of
 * PyTorch would run. See the script {@code benchmarks/cold}.
 */
public final class ColdFiles {
  private static final long SEED = 7;
  private static final double SPREAD = 3;
  private static final double DISAGREEMENT = 0.1;

  private static final int SMALL_ROWS = 100;
  private static final int SMALL_VOCABULARY = 50_257;
  private static final int LARGE_ROWS = 4_000;
  private static final int LARGE_VOCABULARY = 128_256;

  private ColdFiles() {}

  /**
   * Writes the files, runs everything, and prints a table.
   *
   * @param arguments name and launcher of the build before, the same of the build after, how many processes of each, a
   *     directory for the files, and a Python interpreter with torch and safetensors, or an empty string
   * @throws IOException if a file cannot be written or a process does not start
   * @throws InterruptedException if interrupted
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path directory = Path.of(arguments[5]);
    String python = arguments[6];
    String small = directory.resolve("small.safetensors").toString();
    String base = directory.resolve("base.safetensors").toString();
    String other = directory.resolve("other.safetensors").toString();
    write(Path.of(small), "F32", SMALL_ROWS, SMALL_VOCABULARY, 0);
    write(Path.of(base), "BF16", LARGE_ROWS, LARGE_VOCABULARY, 0);
    write(Path.of(other), "BF16", LARGE_ROWS, LARGE_VOCABULARY, DISAGREEMENT);
    int processes = Integer.parseInt(arguments[4]);
    Table table = new Table("seconds, whole process", arguments[0], arguments[2], "ratio", "PyTorch");
    row(table, "score of 20 MB of f32", processes, List.of(
        List.of(arguments[1], "score", small, "--targets", "targets"),
        List.of(arguments[3], "score", small, "--targets", "targets"),
        python.isEmpty() ? List.of() : List.of(python, "benchmarks/torch/score.py", small)));
    row(table, "score of 1 GB of bf16", processes, List.of(
        List.of(arguments[1], "score", base, "--targets", "targets"),
        List.of(arguments[3], "score", base, "--targets", "targets"),
        python.isEmpty() ? List.of() : List.of(python, "benchmarks/torch/score.py", base)));
    row(table, "compare of 2 x 1 GB of bf16", processes, List.of(
        List.of(arguments[1], "compare", base, other, "--targets", "targets"),
        List.of(arguments[3], "compare", base, other, "--targets", "targets"),
        python.isEmpty() ? List.of() : List.of(python, "benchmarks/torch/compare.py", base, other)));
    System.out.println("Files in the page cache, 100 rows of 50,257 and 4,000 of 128,256, with targets. Medians of "
        + processes
        + " processes, in turn. PyTorch reads 64 rows at a time; of two files it computes KL(base || other),"
        + " where `compare` computes both KL, Jensen-Shannon and the scores of both.\n\n" + table.markdown());
  }

  private static void row(Table table, String name, int processes, List<List<String>> commands)
      throws IOException, InterruptedException {
    double[][] seconds = new double[commands.size()][processes];
    for (int i = 0; i < processes; i++) {
      for (int j = 0; j < commands.size(); j++) {
        seconds[j][i] = commands.get(j).isEmpty() ? Double.NaN : seconds(commands.get(j));
      }
    }
    double[] medians = Arrays.stream(seconds).mapToDouble(ColdFiles::median).toArray();
    table.row(name, number(medians[0]), number(medians[1]), number(medians[1] / medians[0]), number(medians[2]));
    System.err.println(name);
  }

  private static double seconds(List<String> command) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Process process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    if (process.waitFor() != 0) {
      throw new IOException("failed: " + String.join(" ", command));
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static double median(double[] of) {
    double[] sorted = of.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }

  /** Gaussian logits, the same in each file but for what they disagree in, and targets. */
  private static void write(Path file, String dtype, int rows, int vocabulary, double disagreement)
      throws IOException {
    boolean isHalf = dtype.equals("BF16");
    long bytes = (long) rows * vocabulary * (isHalf ? Short.BYTES : Float.BYTES);
    byte[] header = String.format(
        "{\"logits\":{\"dtype\":\"%s\",\"shape\":[%d,%d],\"data_offsets\":[0,%d]},"
            + "\"targets\":{\"dtype\":\"I64\",\"shape\":[%d],\"data_offsets\":[%d,%d]}}",
        dtype, rows, vocabulary, bytes, rows, bytes, bytes + (long) rows * Long.BYTES)
        .getBytes(StandardCharsets.US_ASCII);
    SplittableRandom values = new SplittableRandom(SEED);
    SplittableRandom noise = new SplittableRandom(SEED + 1);
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
      out.write(header);
      ByteBuffer row = ByteBuffer.allocate(vocabulary * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < rows; i++) {
        row.clear();
        for (int j = 0; j < vocabulary; j++) {
          double value = SPREAD * values.nextGaussian() + (disagreement == 0 ? 0 : disagreement * noise.nextGaussian());
          if (isHalf) {
            row.putShort((short) (Float.floatToRawIntBits((float) value) >>> Short.SIZE));
          } else {
            row.putFloat((float) value);
          }
        }
        out.write(row.array(), 0, row.position());
      }
      ByteBuffer targets = ByteBuffer.allocate(rows * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < rows; i++) {
        targets.putLong(values.nextInt(vocabulary));
      }
      out.write(targets.array());
    }
  }
}
