package dev.surprisal.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.surprisal.Logits;
import dev.surprisal.Probabilities;
import dev.surprisal.Scorer;
import dev.surprisal.data.Tolerance;
import org.junit.jupiter.api.Test;

/** Values that textbooks give, and that anyone can check by hand. */
class TextbookTest {
  private static final double RELATIVE = Math.max(Tolerance.relative(), 1e-6);

  private final Scorer scorer = Scorer.sequential();

  private static Probabilities p(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return Probabilities.of(floats, 1, floats.length);
  }

  private static Logits logits(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return Logits.of(floats, 1, floats.length);
  }

  private static void assertClose(double expected, double[] actual) {
    assertEquals(1, actual.length);
    assertEquals(expected, actual[0], RELATIVE * Math.abs(expected));
  }

  @Test
  void uniformOverFiveHasLogFive() {
    assertClose(Math.log(5), scorer.entropy(p(1, 1, 1, 1, 1).normalized()));
    assertClose(Math.log(5), scorer.entropy(p(0.2, 0.2, 0.2, 0.2, 0.2)));
    assertClose(Math.log(5), scorer.entropy(logits(3, 3, 3, 3, 3)));
    assertClose(Math.log(5), scorer.crossEntropy(logits(3, 3, 3, 3, 3), new int[] {4}));
  }

  @Test
  void sixTenthsAndFourTimesOneTenth() {
    double entropy = -0.6 * Math.log(0.6) - 0.4 * Math.log(0.1);
    assertEquals(1.2275, entropy, 5e-5);
    assertClose(entropy, scorer.entropy(p(0.6, 0.1, 0.1, 0.1, 0.1)));
    assertClose(entropy, scorer.entropy(logits(Math.log(6), 0, 0, 0, 0)));
  }

  @Test
  void pointMassAgainstIt() {
    Probabilities point = p(1, 0, 0, 0, 0);
    Probabilities spread = p(0.6, 0.1, 0.1, 0.1, 0.1);
    assertClose(-Math.log(0.6), scorer.klDivergence(point, spread));
    assertEquals(0.5108, -Math.log(0.6), 5e-5);
    assertEquals(Double.POSITIVE_INFINITY, scorer.klDivergence(spread, point)[0]);
    assertClose(-Math.log(0.6), scorer.crossEntropy(point, spread));
    assertEquals(0, scorer.entropy(point)[0]);
  }

  @Test
  void fairCoinHasOneBit() {
    assertClose(Math.log(2), scorer.entropy(p(0.5, 0.5)));
    assertClose(1, new double[] {scorer.score(logits(0, 0), new int[] {1}).summary().bitsPerToken()});
    assertClose(2, new double[] {scorer.score(logits(0, 0), new int[] {1}).summary().perplexity()});
  }

  /** Cover and Thomas, Elements of Information Theory, example 2.1.1: 1/2, 1/4, 1/8, 1/8 has 7/4 bits. */
  @Test
  void fourHorses() {
    assertClose(1.75 * Math.log(2), scorer.entropy(p(0.5, 0.25, 0.125, 0.125)));
  }

  /** The same, example 2.2.1: a joint distribution with H(X|Y) = 11/8 bits, H(Y|X) = 13/8 and I = 3/8. */
  @Test
  void jointOfFourByFour() {
    float[] joint = {
        1 / 8f, 1 / 16f, 1 / 32f, 1 / 32f,
        1 / 16f, 1 / 8f, 1 / 32f, 1 / 32f,
        1 / 16f, 1 / 16f, 1 / 16f, 1 / 16f,
        1 / 4f, 0, 0, 0};
    Probabilities yThenX = Probabilities.of(joint, 4, 4);
    assertClose(11 / 8.0 * Math.log(2), new double[] {scorer.conditionalEntropy(yThenX)});
    assertClose(3 / 8.0 * Math.log(2), new double[] {scorer.mutualInformation(yThenX)});
    float[] transposed = new float[16];
    for (int i = 0; i < 16; i++) {
      transposed[i % 4 * 4 + i / 4] = joint[i];
    }
    assertClose(13 / 8.0 * Math.log(2), new double[] {scorer.conditionalEntropy(Probabilities.of(transposed, 4, 4))});
  }

  /** The same, example 2.3.1: r = 1/2 and s = 1/4 give D(p||q) = 0.2075 bits and D(q||p) = 0.1887. */
  @Test
  void divergenceIsNotSymmetric() {
    assertClose(Math.log(2) - Math.log(3) / 2, scorer.klDivergence(p(0.5, 0.5), p(0.75, 0.25)));
    assertClose(0.75 * Math.log(3) - Math.log(2), scorer.klDivergence(p(0.75, 0.25), p(0.5, 0.5)));
    assertEquals(0.2075, scorer.klDivergence(p(0.5, 0.5), p(0.75, 0.25))[0] / Math.log(2), 5e-5);
    assertEquals(0.1887, scorer.klDivergence(p(0.75, 0.25), p(0.5, 0.5))[0] / Math.log(2), 5e-5);
  }

  @Test
  void jensenShannonOfDisjointIsLogTwo() {
    assertClose(Math.log(2), scorer.jensenShannon(p(1, 0), p(0, 1)));
    double negative = Double.NEGATIVE_INFINITY;
    assertClose(Math.log(2), scorer.jensenShannon(logits(0, negative, negative), logits(negative, 1, 1)));
  }

  /** Of a coin beside one that falls on one side three times as often; of order 1/2 by Bhattacharyya's coefficient. */
  @Test
  void renyiDivergencesOfTwoCoins() {
    Probabilities fair = p(0.5, 0.5);
    Probabilities unfair = p(0.75, 0.25);
    double half = -2 * Math.log(Math.sqrt(3 / 8.0) + Math.sqrt(1 / 8.0));
    assertClose(half, scorer.renyiDivergence(fair, unfair, 0.5));
    assertClose(half, scorer.renyiDivergence(unfair, fair, 0.5));
    assertClose(half, scorer.renyiDivergence(logits(1, 1), logits(Math.log(3), 0), 0.5));
    assertClose(Math.log(2) - Math.log(3) / 2, scorer.renyiDivergence(fair, unfair, 1));
    assertClose(Math.log(4 / 3.0), scorer.renyiDivergence(fair, unfair, 2));
    assertClose(Math.log(5 / 4.0), scorer.renyiDivergence(unfair, fair, 2));
    assertClose(Math.log(5 / 4.0), scorer.renyiDivergence(logits(Math.log(3), 0), logits(1, 1), 2));
    // sum p^3 q^-2 is 16/72 + 16/8.
    assertClose(Math.log(20 / 9.0) / 2, scorer.renyiDivergence(fair, unfair, 3));
  }

  /**
   * Of whatever order, a certain outcome is log n away from n equal ones, and what has nothing in
   * common is infinitely far.
   */
  @Test
  void renyiDivergenceOfCertainty() {
    double negative = Double.NEGATIVE_INFINITY;
    for (double order : new double[] {0.1, 0.5, 0.999, 1, 1.001, 2, 10}) {
      assertClose(Math.log(5), scorer.renyiDivergence(p(0, 1, 0, 0, 0), p(1, 1, 1, 1, 1).normalized(), order));
      assertClose(Math.log(3), scorer.renyiDivergence(logits(negative, 2, negative), logits(1, 1, 1), order));
      assertEquals(Double.POSITIVE_INFINITY, scorer.renyiDivergence(p(1, 0), p(0, 1), order)[0]);
      assertEquals(Double.POSITIVE_INFINITY,
          scorer.renyiDivergence(logits(1, negative), logits(negative, 1), order)[0]);
    }
    // Below order 1 what only the first has does not count: {1/2, 1/2} and {1, 0}.
    assertClose(Math.log(2), scorer.renyiDivergence(p(0.5, 0.5), p(1, 0), 0.5));
    assertClose(Math.log(2), scorer.renyiDivergence(logits(7, 7), logits(7, negative), 0.5));
    assertEquals(Double.POSITIVE_INFINITY, scorer.renyiDivergence(logits(7, 7), logits(7, negative), 1.5)[0]);
  }

  @Test
  void totalVariationIsTheLargestDifference() {
    assertClose(0.25, scorer.totalVariation(p(0.5, 0.5), p(0.75, 0.25)));
    assertClose(0.25, scorer.totalVariation(logits(1, 1), logits(Math.log(3), 0)));
    assertClose(1, scorer.totalVariation(p(1, 0), p(0, 1)));
    double negative = Double.NEGATIVE_INFINITY;
    assertClose(1, scorer.totalVariation(logits(0, negative, negative), logits(negative, 1, 1)));
    assertClose(0.8, scorer.totalVariation(p(0, 1, 0, 0, 0), p(2, 2, 2, 2, 2).normalized()));
    assertEquals(0, scorer.totalVariation(logits(3, 1, 2), logits(3, 1, 2))[0]);
  }

  /** The variance of a coin's surprisal: p(1-p) (log p/(1-p))^2. */
  @Test
  void varentropyOfACoin() {
    double logit = 2.5;
    double heads = 1 / (1 + Math.exp(-logit));
    assertClose(heads * (1 - heads) * logit * logit, scorer.score(logits(logit, 0), new int[] {0}).varentropy());
    assertEquals(0, scorer.score(logits(7, 7, 7), new int[] {0}).varentropy()[0]);
  }

  /** Two equal logits, however large, are a fair coin. */
  @Test
  void hugeLogits() {
    for (float huge : new float[] {1e4f, 1e20f, -1e20f, Float.MAX_VALUE, -Float.MAX_VALUE}) {
      assertClose(Math.log(2), scorer.crossEntropy(logits(huge, huge), new int[] {0}));
      assertClose(Math.log(2), scorer.entropy(logits(huge, huge)));
      assertEquals(0, scorer.klDivergence(logits(huge, huge), logits(0, 0))[0], 1e-12);
    }
  }
}
