package dev.surprisal.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.DType;
import dev.surprisal.Probabilities;
import dev.surprisal.Scorer;
import dev.surprisal.data.Encoding;
import dev.surprisal.data.Storage;
import dev.surprisal.data.Tolerance;
import dev.surprisal.oracle.Measure;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mutual information and conditional entropy of joint distributions, against the oracle and by their identities. */
class JointTest {
  private static final int[][] SHAPES =
      {{1, 1}, {1, 7}, {7, 1}, {2, 2}, {3, 16}, {16, 3}, {5, 17}, {40, 130}, {300, 65}, {9, 2050}};

  private final Scorer scorer = Scorer.sequential();

  @ParameterizedTest
  @EnumSource
  void againstTheOracle(DType dtype) {
    for (int[] shape : SHAPES) {
      boolean large = shape[0] * shape[1] > 1000;
      for (double dependence : large ? new double[] {0.5} : new double[] {0, 0.01, 1, 5}) {
        for (double mass : large ? new double[] {1} : new double[] {1, 37}) {
          float[][] joint = joint(shape[0], shape[1], dependence, mass, dtype);
          Storage storage = Storage.values()[(shape[0] + shape[1] + (int) dependence) % Storage.values().length];
          Probabilities p = storage.place(joint, dtype).probabilities();
          String name = shape[0] + " x " + shape[1] + " " + dtype + ", dependence " + dependence + ", mass " + mass
              + ", " + storage;
          assertClose(Measure.conditionalEntropy(joint, true).hi(), scorer.conditionalEntropy(p.normalized()), 1, name);
          assertClose(Measure.mutualInformation(joint, true).hi(), scorer.mutualInformation(p.normalized()), 1, name);
          assertClose(Measure.conditionalEntropy(joint, false).hi(), scorer.conditionalEntropy(p), mass, name);
          assertClose(Measure.mutualInformation(joint, false).hi(), scorer.mutualInformation(p), mass * Math.log(mass),
              name);
        }
      }
    }
  }

  /** A divergence: relative, or absolute where it is small; of its largest term where the values do not sum to 1. */
  private static void assertClose(double expected, double actual, double scale, String name) {
    assertEquals(expected, actual,
        Tolerance.relative() * Math.max(Math.abs(expected), Math.abs(scale) > 1 ? scale : 0) + 1e-12, name);
  }

  @Test
  void independentVariables() {
    float[][] joint = {{0.125f, 0.25f, 0.125f}, {0.125f, 0.25f, 0.125f}};
    Probabilities p = Storage.ARRAY.place(joint, DType.F32).probabilities();
    assertEquals(0, scorer.mutualInformation(p), 1e-15);
    assertEquals(1.5 * Math.log(2), scorer.conditionalEntropy(p), 1e-7);
  }

  @Test
  void oneVariableTellsTheOther() {
    float[][] joint = {{0.5f, 0, 0}, {0, 0, 0.25f}, {0, 0.25f, 0}};
    Probabilities p = Storage.ARRAY.place(joint, DType.F32).probabilities();
    assertEquals(1.5 * Math.log(2), scorer.mutualInformation(p), 1e-6);
    assertEquals(0, scorer.conditionalEntropy(p));
  }

  @Test
  void emptyRowsAndColumnsCountNothing() {
    float[][] joint = {{0.5f, 0, 0.25f}, {0, 0, 0}, {0.125f, 0, 0.125f}};
    float[][] dense = {{0.5f, 0.25f}, {0.125f, 0.125f}};
    Probabilities p = Storage.ARRAY.place(joint, DType.F32).probabilities();
    assertEquals(Measure.mutualInformation(dense, false).hi(), scorer.mutualInformation(p), 1e-7);
    assertEquals(Measure.conditionalEntropy(dense, false).hi(), scorer.conditionalEntropy(p), 1e-7);
    assertEquals(Measure.mutualInformation(dense, true).hi(), scorer.mutualInformation(p.normalized()), 1e-7);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, -0.1f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void whatIsNoProbabilityMakesTheWholeNaN(float value) {
    for (int position = 0; position < 34; position++) {
      float[][] joint = joint(2, 17, 1, 1, DType.F32);
      joint[position / 17][position % 17] = value;
      Probabilities p = Storage.OFF_HEAP.place(joint, DType.F32).probabilities();
      assertEquals(Double.NaN, scorer.mutualInformation(p), "at " + position);
      assertEquals(Double.NaN, scorer.conditionalEntropy(p), "at " + position);
      assertEquals(Double.NaN, scorer.mutualInformation(p.normalized()), "at " + position);
      assertEquals(Double.NaN, scorer.conditionalEntropy(p.normalized()), "at " + position);
    }
  }

  @Test
  void noRows() {
    Probabilities none = Probabilities.of(new float[0], 0, 3);
    assertEquals(Double.NaN, scorer.mutualInformation(none));
    assertEquals(Double.NaN, scorer.conditionalEntropy(none));
  }

  @Test
  void parallelGivesTheSameBits() {
    float[][] joint = joint(3000, 130, 1, 1, DType.F32);
    Probabilities p = Storage.ARRAY.place(joint, DType.F32).probabilities().normalized();
    assertEquals(scorer.mutualInformation(p), Scorer.parallel().mutualInformation(p));
    assertEquals(scorer.conditionalEntropy(p), Scorer.parallel().conditionalEntropy(p));
    assertTrue(scorer.mutualInformation(p) > 0);
  }

  /** Weights {@code e^(dependence * noise)} times those of two marginals, of a given sum, as stored. */
  private static float[][] joint(int rows, int columns, double dependence, double mass, DType dtype) {
    SplittableRandom random = new SplittableRandom(rows * 1000L + columns);
    double[] marginal = random.doubles(columns, 0.1, 1).toArray();
    double[][] weights = new double[rows][columns];
    double sum = 0;
    for (double[] row : weights) {
      double weight = random.nextDouble(0.1, 1);
      for (int i = 0; i < columns; i++) {
        row[i] = weight * marginal[i] * StrictMath.exp(dependence * random.nextDouble(-1, 1));
        sum += row[i];
      }
    }
    double scale = mass / sum;
    return Arrays.stream(weights).map(row -> {
      float[] values = new float[columns];
      Arrays.setAll(row, i -> row[i] * scale);
      for (int i = 0; i < columns; i++) {
        values[i] = Encoding.stored((float) row[i], dtype);
      }
      return values;
    }).toArray(float[][]::new);
  }
}
