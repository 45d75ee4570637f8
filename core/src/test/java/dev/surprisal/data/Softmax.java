package dev.surprisal.data;

/**
 * Probabilities to test with: what a program would have computed from logits, in doubles, with the
 * error that such programs have.
 */
public final class Softmax {
  private Softmax() {}

  /** {@code e^(x - max)}. */
  static double[] weights(float[] x) {
    float max = RowKind.max(x);
    double[] weights = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      weights[i] = x[i] == max ? 1 : StrictMath.exp((double) x[i] - max);
    }
    return weights;
  }

  /** {@code e^x / sum e^x}, times a factor, as floats. */
  static float[] times(float[] x, double factor, boolean normalized) {
    double[] weights = weights(x);
    double sum = 1;
    if (normalized) {
      sum = 0;
      for (double weight : weights) {
        sum += weight;
      }
    }
    float[] p = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      p[i] = (float) (weights[i] / sum * factor);
    }
    return p;
  }
}
