import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs every example, and checks that what it prints can be true. */
class ExamplesTest {
  private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+(e[-+]\\d+)?)?");

  private static final Map<String, Consumer<List<String>>> CHECKS = Map.of(
      "FirstScores", ExamplesTest::firstScores,
      "CompareTwoModels", ExamplesTest::compareTwoModels,
      "MappedFile", ExamplesTest::mappedFile,
      "InferenceLoop", ExamplesTest::inferenceLoop);

  @TestFactory
  Stream<DynamicTest> everyExample() throws IOException {
    Set<String> names = new TreeSet<>(CHECKS.keySet());
    names.addAll(Example.names());
    return names.stream().map(name -> DynamicTest.dynamicTest(name, () -> {
      Consumer<List<String>> check = CHECKS.get(name);
      assertNotNull(check, "nothing here checks what " + name + " prints");
      check.accept(Example.run(name));
    }));
  }

  /**
   * If r words are more likely than the target, its probability is at most 1 / (r + 1). The summary is of the rows
   * above it. Values are printed with four decimals, perplexity with three.
   */
  private static void firstScores(List<String> lines) {
    assertEquals(4, lines.size());
    double surprisals = 0;
    double entropies = 0;
    for (String line : lines.subList(0, 3)) {
      double[] row = numbers(line);
      surprisals += row[0];
      entropies += row[2];
      assertTrue(row[0] >= Math.log(row[1] + 1), line);
      assertTrue(row[2] > 0 && row[2] < Math.log(5), line);
    }
    double[] summary = numbers(lines.get(3));
    double nll = summary[2];
    assertEquals(surprisals / 3, nll, 1e-4);
    assertEquals(Math.exp(nll), summary[4], 1e-3);
    assertEquals(nll / Math.log(2), summary[5], 1e-4);
    assertEquals(entropies / 3, summary[6], 1e-4);
  }

  /**
   * Rounding to bf16 moves a logit below 16 by at most d = 2^-5, so that KL <= (2 d)^2 / 8 (Hoeffding's lemma). For
   * close distributions the Jensen-Shannon divergence is a quarter of KL, up to terms of third order.
   */
  private static void compareTwoModels(List<String> lines) {
    assertEquals(4, lines.size());
    for (String line : lines) {
      double kl = numbers(line)[1];
      double jensenShannon = numbers(line)[2];
      assertTrue(kl > 0 && kl <= 0x1p-11, line);
      assertEquals(0.25, jensenShannon / kl, 0.01, line);
    }
  }

  /**
   * V logits from a normal distribution have the entropy log V - variance / 2, for large V. The variance is 1 before
   * they are cut to bf16, which takes less than 2^-7 off each of them.
   */
  private static void mappedFile(List<String> lines) {
    double[] printed = numbers(String.join(" ", lines));
    assertEquals(8, printed[0]);
    assertEquals(Math.log(32_000) - 0.5, printed[1], 0.02);
    assertEquals(Math.log(32_000), printed[2], 1e-4);
  }

  /** The model prefers token 3 n + 1 after n, and is sure of it if n is even. */
  private static void inferenceLoop(List<String> lines) {
    assertEquals(6, lines.size());
    int last = 0;
    for (String line : lines) {
      boolean sure = last % 2 == 0;
      last = 3 * last + 1;
      assertEquals(last, numbers(line)[0], line);
      assertTrue(line.endsWith(sure ? "  sure" : "  not sure"), line);
    }
  }

  private static double[] numbers(String line) {
    return NUMBER.matcher(line).results().mapToDouble(match -> Double.parseDouble(match.group())).toArray();
  }
}
