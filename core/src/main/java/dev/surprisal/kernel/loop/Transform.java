package dev.surprisal.kernel.loop;

/**
 * What is done to every value as it is read, before anything else sees it: it is divided by a
 * temperature, and rounded to float.
 *
 * @param temperature positive and finite; 1 leaves values as they are
 */
public record Transform(float temperature) {
  /** Leaves values as they are. */
  public static final Transform IDENTITY = new Transform(1);

  /** This one, with a further temperature. */
  public Transform withTemperature(float divisor) {
    float product = temperature * divisor;
    if (!(divisor > 0 && divisor < Float.POSITIVE_INFINITY && product > 0 && product < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("temperature must be positive and finite: " + divisor
          + (temperature == 1 ? "" : " times " + temperature));
    }
    return new Transform(product);
  }

  /** Whether values stay as they are. */
  public boolean isIdentity() {
    return temperature == 1;
  }
}
