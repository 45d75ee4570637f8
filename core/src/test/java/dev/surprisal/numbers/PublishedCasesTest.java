package dev.surprisal.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.surprisal.Logits;
import dev.surprisal.Probabilities;
import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Numbers that other projects publish in their tests, each with its source in {@code published-cases.json}.
 *
 * <p>Of the 98 collected, 9 are left out, since nothing here computes them: functions of single elements (SciPy's entr,
 * kl_div, xlogy, and rel_entr twice; Burn's KL without a sum), the generalised KL of Optax with the sums of p and q
 * added, and the Hellinger and Bhattacharyya distances of Gonum. Where projects disagree, the contract in
 * {@link Scorer} decides: see {@link #DECIDED}.
 */
class PublishedCasesTest {
  /** Inputs are rounded to float here, which most of the projects do not do. */
  private static final double RELATIVE = 1e-6;

  /** Cases that this library answers otherwise, on purpose. */
  private static final Map<String, Double> DECIDED = Map.of(
      // A logit of positive infinity is no distribution.
      "mlx_lse_0_inf", Double.NaN,
      "scipy_lse_inf_ninf", Double.NaN,
      "scipy_lse_inf", Double.NaN);

  private final Scorer scorer = Scorer.sequential();

  @TestFactory
  Stream<DynamicTest> cases() throws IOException {
    try (InputStream json = PublishedCasesTest.class.getResourceAsStream("published-cases.json")) {
      JsonNode[] cases =
          new ObjectMapper().treeToValue(new ObjectMapper().readTree(json).get("cases"), JsonNode[].class);
      assertEquals(89, cases.length);
      return Arrays.stream(cases).map(node -> DynamicTest.dynamicTest(node.get("name").asText(), () -> check(node)));
    }
  }

  private void check(JsonNode node) {
    if (isEmpty(node.get("inputs"))) {
      // Sums over nothing: here a row has at least one entry.
      IllegalArgumentException thrown =
          assertThrows(IllegalArgumentException.class, () -> Logits.of(new float[0], 1, 0));
      assertTrue(thrown.getMessage().contains("vocabulary"));
      return;
    }
    double[] actual = reduced(node, compute(node));
    double[] expected = flat(rows(node.get("expected"), isAxis0(node)));
    if (DECIDED.containsKey(node.get("name").asText())) {
      Arrays.fill(expected, DECIDED.get(node.get("name").asText()));
    }
    assertEquals(expected.length, actual.length, node.toString());
    double relative = Math.max(RELATIVE, node.get("tol").get("rtol").asDouble());
    double absolute = node.get("tol").get("atol").asDouble();
    for (int i = 0; i < expected.length; i++) {
      double tolerance = Double.isFinite(expected[i]) ? relative * Math.abs(expected[i]) + absolute : 0;
      assertEquals(expected[i], actual[i], tolerance, node.toString());
    }
  }

  private double[] compute(JsonNode node) {
    return switch (node.get("op").asText()) {
      case "logsumexp" -> scorer.logSumExp(logits(node, "x"));
      case "log_softmax" -> logSoftmax(logits(node, "x"));
      case "softmax" -> Arrays.stream(logSoftmax(logits(node, "x"))).map(Math::exp).toArray();
      case "entropy_logits" -> scorer.entropy(logits(node, "logits"));
      case "entropy_probs" -> scorer.entropy(probabilities(node, "p", "normalize"));
      case "perplexity_probs" ->
          Arrays.stream(scorer.entropy(probabilities(node, "p", "normalize"))).map(Math::exp).toArray();
      case "cross_entropy_probs" ->
          scorer.crossEntropy(probabilities(node, "p", "normalize"), probabilities(node, "q", "normalize"));
      case "ce_probs_probs" ->
          scorer.crossEntropy(probabilities(node, "p", "normalize"), probabilities(node, "q", "normalize_q"));
      case "ce_probs_index" -> scorer.crossEntropy(oneHot(node, "q"), probabilities(node, "q", "normalize_q"));
      case "kl_probs", "kl_probs_sum" ->
          scorer.klDivergence(probabilities(node, "p", "normalize"), probabilities(node, "q", "normalize"));
      // There q is what it is, and here logits are normalised: so q goes in as probabilities.
      case "kl_target_probs_vs_logq", "kl_target_probs_vs_logq_total" ->
          scorer.klDivergence(probabilities(node, "p", "normalize"),
              given(exp(rows(node.get("inputs").get("logq"), false))));
      case "kl_log_target_vs_logq" -> scorer.klDivergence(logits(node, "logp"), logits(node, "logq"));
      case "nll_logprobs_index" -> scorer.crossEntropy(logits(node, "logp"), targets(node));
      case "ce_logits_index" -> smoothing(node) == 0
          ? scorer.crossEntropy(logits(node, "logits"), targets(node))
          : scorer.crossEntropy(oneHot(node, "logits"), logits(node, "logits"));
      case "ce_logits_index_sampleweight_mean" ->
          weightedMean(scorer.crossEntropy(logits(node, "logits"), targets(node)), node);
      case "ce_logits_probs", "ce_logits_probs_safe" ->
          scorer.crossEntropy(given(smoothed(rows(node.get("inputs").get("target_probs"), false), smoothing(node))),
              logits(node, "logits"));
      default -> throw new AssertionError(node.get("op"));
    };
  }

  private double[] reduced(JsonNode node, double[] values) {
    double base = node.get("params").path("base").asDouble(Math.E);
    double[] based = Arrays.stream(values).map(value -> value / Math.log(base)).toArray();
    return switch (node.get("params").path("reduction").asText()) {
      case "mean" -> new double[] {scored(node, values).summary().meanNll()};
      case "batchmean" -> new double[] {Arrays.stream(values).average().orElseThrow()};
      case "sum" -> new double[] {Arrays.stream(values).sum()};
      default -> based;
    };
  }

  /**
   * Means are those of {@link Scores#summary}, over surprisals that stand as logits of a pair:
   * -log softmax(x, 0)[0] = value.
   */
  private Scores scored(JsonNode node, double[] values) {
    float[] pairs = new float[2 * values.length];
    int[] targets = new int[values.length];
    for (int row = 0; row < values.length; row++) {
      pairs[2 * row] = (float) -Math.log(Math.expm1(values[row]));
      targets[row] = isIgnored(node, row) ? Scorer.IGNORE : 0;
    }
    return scorer.score(Logits.of(pairs, values.length, 2), targets);
  }

  private static double[] weightedMean(double[] values, JsonNode node) {
    double[] weights = flat(rows(node.get("inputs").get("sample_weight"), false));
    double sum = IntStream.range(0, values.length).mapToDouble(i -> weights[i] * values[i]).sum();
    return new double[] {sum / Arrays.stream(weights).sum()};
  }

  private double[] logSoftmax(Logits logits) {
    float[] out = scorer.logSoftmax(logits, new float[(int) logits.rows() * logits.vocabulary()]);
    return IntStream.range(0, out.length).mapToDouble(i -> out[i]).toArray();
  }

  private static boolean isIgnored(JsonNode node, int row) {
    JsonNode ignored = node.get("params").get("ignore_index");
    return ignored != null && node.get("inputs").get("target").get(row).asInt() == ignored.asInt();
  }

  private static int[] targets(JsonNode node) {
    JsonNode targets = node.get("inputs").get("target");
    return IntStream.range(0, targets.size())
        .map(row -> isIgnored(node, row) ? Scorer.IGNORE : targets.get(row).asInt()).toArray();
  }

  private static double smoothing(JsonNode node) {
    return node.get("params").path("label_smoothing").asDouble(0);
  }

  /** The targets as distributions, smoothed. */
  private static Probabilities oneHot(JsonNode node, String shape) {
    double[][] p = new double[node.get("inputs").get(shape).size()][node.get("inputs").get(shape).get(0).size()];
    int[] targets = targets(node);
    for (int row = 0; row < p.length; row++) {
      p[row][targets[row]] = 1;
    }
    return given(smoothed(p, smoothing(node)));
  }

  private static double[][] smoothed(double[][] p, double smoothing) {
    return Arrays.stream(p)
        .map(row -> Arrays.stream(row).map(value -> value * (1 - smoothing) + smoothing / row.length).toArray())
        .toArray(double[][]::new);
  }

  private static double[][] exp(double[][] logs) {
    return Arrays.stream(logs).map(row -> Arrays.stream(row).map(Math::exp).toArray()).toArray(double[][]::new);
  }

  private static Probabilities given(double[][] rows) {
    return Probabilities.of(floats(rows), rows.length, rows[0].length);
  }

  private static Probabilities probabilities(JsonNode node, String name, String normalize) {
    Probabilities given = given(rows(node.get("inputs").get(name), isAxis0(node)));
    return node.get("params").path(normalize).asBoolean(false) ? given.normalized() : given;
  }

  private static Logits logits(JsonNode node, String name) {
    double[][] rows = rows(node.get("inputs").get(name), isAxis0(node));
    return Logits.of(floats(rows), rows.length, rows[0].length);
  }

  private static boolean isEmpty(JsonNode inputs) {
    return inputs.elements().next().isEmpty();
  }

  private static boolean isAxis0(JsonNode node) {
    return node.get("params").has("axis") && node.get("params").get("axis").asInt() == 0;
  }

  /** A scalar, a row or a matrix, as rows; transposed where the statistic runs down the columns. */
  private static double[][] rows(JsonNode node, boolean transposed) {
    if (node.isArray() && node.get(0).isArray()) {
      double[][] rows =
          new double[transposed ? node.get(0).size() : node.size()][transposed ? node.size() : node.get(0).size()];
      for (int i = 0; i < rows.length; i++) {
        for (int j = 0; j < rows[i].length; j++) {
          rows[i][j] = number(transposed ? node.get(j).get(i) : node.get(i).get(j));
        }
      }
      return rows;
    }
    return new double[][] {node.isArray()
        ? IntStream.range(0, node.size()).mapToDouble(i -> number(node.get(i))).toArray()
        : new double[] {number(node)}};
  }

  private static double number(JsonNode node) {
    return node.isTextual() ? Double.parseDouble(node.asText()) : node.asDouble();
  }

  private static float[] floats(double[][] rows) {
    float[] floats = new float[rows.length * rows[0].length];
    double[] flat = flat(rows);
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) flat[i];
    }
    return floats;
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }
}
