package dev.surprisal.benchmarks.input;

import dev.surprisal.reference.LogitsReference;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Rows of made-up logits, the same in every process. */
public final class SyntheticRows {
  /** Standard deviation of the logits of a row: its entropy is then about that of a language model's. */
  private static final double SPREAD = 3;
  /** Standard deviation of the difference between the logits of two rows: KL is then about half a nat. */
  private static final double DISAGREEMENT = 1;

  private SyntheticRows() {}

  /**
   * Independent Gaussian logits.
   *
   * @param values how many
   * @return the logits
   */
  public static float[] logits(int values) {
    return gaussian(values, SPREAD, 1);
  }

  /**
   * Independent Gaussian values.
   *
   * @param values how many
   * @param deviation their standard deviation
   * @param seed of the generator
   * @return the values
   */
  public static float[] gaussian(int values, double deviation, long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    float[] logits = new float[values];
    for (int i = 0; i < values; i++) {
      logits[i] = (float) (deviation * random.nextGaussian());
    }
    return logits;
  }

  /**
   * Logits of a model that nearly agrees with another.
   *
   * @param logits of the other
   * @return as many logits
   */
  public static float[] student(float[] logits) {
    RandomGenerator random = new SplittableRandom(2);
    float[] student = new float[logits.length];
    for (int i = 0; i < student.length; i++) {
      student[i] = (float) (logits[i] + DISAGREEMENT * random.nextGaussian());
    }
    return student;
  }

  /**
   * Softmax of each row.
   *
   * @param logits whole rows
   * @param vocabulary length of a row
   * @return as many probabilities
   */
  public static float[] probabilities(float[] logits, int vocabulary) {
    float[] probabilities = new float[logits.length];
    for (int from = 0; from < logits.length; from += vocabulary) {
      double[] row = LogitsReference.toDoubles(Arrays.copyOfRange(logits, from, from + vocabulary));
      double[] logs = LogitsReference.logSoftmax(row);
      for (int i = 0; i < vocabulary; i++) {
        probabilities[from + i] = (float) Math.exp(logs[i]);
      }
    }
    return probabilities;
  }

  /**
   * One target a row.
   *
   * @param rows how many
   * @param vocabulary length of a row
   * @return indices into the rows
   */
  public static int[] targets(int rows, int vocabulary) {
    RandomGenerator random = new SplittableRandom(3);
    return random.ints(rows, 0, vocabulary).toArray();
  }
}
