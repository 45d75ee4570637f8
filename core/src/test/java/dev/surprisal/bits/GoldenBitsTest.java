package dev.surprisal.bits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.surprisal.Backend;
import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Probabilities;
import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import dev.surprisal.data.Figure;
import dev.surprisal.data.PairKind;
import dev.surprisal.data.RowKind;
import dev.surprisal.data.Sample;
import dev.surprisal.data.Storage;
import dev.surprisal.data.Workload;
import dev.surprisal.kernel.storage.Operand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Results of fixed inputs have the bits that are written down in {@code golden-bits.properties}, whatever the vector
 * width, the processor and the run, and without vectors: the JVM of each width compares with the same file.
 *
 * <p>Where a change of a kernel is meant to change bits, write the file anew with one width, and let the others
 * compare: {@code mvn -pl core test -Dwidth=512 -Dtest=GoldenBitsTest -Dgolden.write=true}, then
 * {@code mvn -pl core test -Dtest=GoldenBitsTest}.
 */
class GoldenBitsTest {
  private static final String FILE = "golden-bits.properties";
  private static final int[] LENGTHS =
      {1, 2, 3, 7, 15, 16, 17, 31, 64, 130, 1000, 2047, 2048, 2049, 5000, 32_000, 131_072};
  private static final Map<String, String> WRITTEN = new TreeMap<>();

  private final Scorer scorer = Scorer.sequential();

  @Test
  void inputs() {
    compare("inputs", digest(LENGTHS, (workload, digest) -> {
      for (Operand operand : Operand.values()) {
        for (float[][] rows : List.of(workload.firstRows(operand), workload.secondRows(operand))) {
          for (float[] row : rows) {
            digest.add(row);
          }
        }
      }
    }));
  }

  static List<Figure> figures() {
    return Figure.all();
  }

  @ParameterizedTest
  @MethodSource("figures")
  void eachFigure(Figure figure) {
    // A space would end the name of a property.
    compareResults(figure.toString().replace(" ", ""),
        (workload, digest) -> digest.add(workload.compute(figure, scorer, Storage.ARRAY)));
  }

  @Test
  void scores() {
    compareResults("scores", (workload, digest) -> {
      Scores scores = scorer.score(workload.firstViews(Operand.LOGITS, Storage.ARRAY).logits(), workload.targets());
      digest.add(scores.maxLogit());
      digest.add(scores.argmax());
      digest.add(scores.targetRank());
    });
  }

  @Test
  void logSoftmax() {
    compareResults("logSoftmax", (workload, digest) -> {
      Logits logits = workload.firstViews(Operand.LOGITS, Storage.OFF_HEAP).logits();
      digest.add(scorer.logSoftmax(logits, new float[workload.rows() * logits.vocabulary()]));
    });
  }

  @Test
  void temperature() {
    compareResults("temperature", (workload, digest) -> {
      Logits p = workload.firstViews(Operand.LOGITS, Storage.ARRAY).logits().withTemperature(0.7f);
      Logits q = workload.secondViews(Operand.LOGITS, Storage.ARRAY).logits().withTemperature(1.3f);
      digest.add(scorer.entropy(p));
      digest.add(scorer.klDivergence(p, q));
    });
  }

  @Test
  void joint() {
    compareResults("joint", (workload, digest) -> {
      Probabilities joint = workload.firstViews(Operand.WEIGHTS, Storage.ARRAY).weights();
      digest.add(new double[] {scorer.mutualInformation(joint), scorer.conditionalEntropy(joint)});
    });
  }

  private static void compareResults(String name, BiConsumer<Workload, Digest> computation) {
    compare(name, digest(LENGTHS, computation));
  }

  private static void compare(String name, String digest) {
    if (Boolean.getBoolean("golden.write")) {
      WRITTEN.put(name, digest);
      return;
    }
    String expected = golden().getProperty(name);
    assertNotNull(expected, "no " + name + " in " + FILE + ": add -Dgolden.write=true to write it");
    assertEquals(expected, digest, name + " with " + Backend.current());
  }

  private static Properties golden() {
    Properties golden = new Properties();
    try (InputStream in = GoldenBitsTest.class.getResourceAsStream(FILE)) {
      assertNotNull(in, "no " + FILE + ": add -Dgolden.write=true to write it");
      golden.load(in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return golden;
  }

  @AfterAll
  static void write() throws IOException {
    if (!WRITTEN.isEmpty()) {
      List<String> lines =
          new ArrayList<>(List.of("# SHA-256 of the bits of results; GoldenBitsTest says how to write it anew."));
      WRITTEN.forEach((name, digest) -> lines.add(name + "=" + digest));
      Files.write(Path.of(System.getProperty("basedir"), "src/test/resources/dev/surprisal/bits", FILE), lines);
    }
  }

  /** All kinds of rows at short lengths, a few at long ones, in every dtype; kinds of pairs take turns. */
  private static String digest(int[] lengths, BiConsumer<Workload, Digest> computation) {
    Digest digest = new Digest();
    for (int length : lengths) {
      for (DType dtype : DType.values()) {
        int turn = length + dtype.ordinal();
        int every = length < 10_000 ? 1 : 10;
        PairKind[] pairs = PairKind.values();
        List<Sample> samples = new ArrayList<>();
        for (RowKind kind : RowKind.values()) {
          if ((kind.ordinal() + turn) % every == 0) {
            samples.add(Sample.of(kind, pairs[(kind.ordinal() + turn) % pairs.length], length, 24));
          }
        }
        computation.accept(new Workload(samples, dtype), digest);
      }
    }
    return digest.toString();
  }

  /** SHA-256 of bits; every NaN counts as the same. */
  private static final class Digest {
    private final MessageDigest sha;

    Digest() {
      try {
        sha = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError(e);
      }
    }

    void add(double[] values) {
      ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES);
      for (double value : values) {
        bytes.putLong(Double.doubleToLongBits(value));
      }
      sha.update(bytes.array());
    }

    void add(float[] values) {
      int[] bits = new int[values.length];
      for (int i = 0; i < bits.length; i++) {
        bits[i] = Float.floatToIntBits(values[i]);
      }
      add(bits);
    }

    void add(int... values) {
      ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES);
      bytes.asIntBuffer().put(values);
      sha.update(bytes.array());
    }

    @Override
    public String toString() {
      return HexFormat.of().formatHex(sha.digest());
    }
  }
}
