package dev.surprisal.kernel.scalar;

/**
 * The virtual vector, which results depend on: every sum is kept in {@link #WIDTH} lanes, entry {@code i} of a row in
 * lane {@code i % 16} (all of a short row in one lane), whatever the processor has. A narrower processor walks a block
 * in strips, and one without vectors lane by lane: the same numbers are added in the same order, so the bits are the
 * same everywhere.
 */
public final class Lanes {
  /** Lanes of the virtual vector. */
  public static final int WIDTH = 16;

  private Lanes() {}

  /**
   * Sum of 16 lanes, the first of them element {@code i}, always in the same order:
   * {@code reduceLanes} leaves the order open.
   */
  public static double fold(float[] t, int i) {
    return ((((double) t[i] + t[i + 8]) + ((double) t[i + 4] + t[i + 12]))
        + (((double) t[i + 2] + t[i + 10]) + ((double) t[i + 6] + t[i + 14])))
        + ((((double) t[i + 1] + t[i + 9]) + ((double) t[i + 5] + t[i + 13]))
            + (((double) t[i + 3] + t[i + 11]) + ((double) t[i + 7] + t[i + 15])));
  }

  /**
   * As {@link #fold(double[])}, of the sums of the first 16 lanes and the next 16. Two slots are
   * too few for a loop over vectors.
   */
  public static double foldTwo(float[] t) {
    return (((two(t, 0) + two(t, 8)) + (two(t, 4) + two(t, 12)))
        + ((two(t, 2) + two(t, 10)) + (two(t, 6) + two(t, 14))))
        + (((two(t, 1) + two(t, 9)) + (two(t, 5) + two(t, 13)))
            + ((two(t, 3) + two(t, 11)) + (two(t, 7) + two(t, 15))));
  }

  private static double two(float[] t, int i) {
    return (double) t[i] + t[i + WIDTH];
  }

  /** As {@link #fold(float[], int)}. */
  public static double fold(double[] t) {
    return (((t[0] + t[8]) + (t[4] + t[12])) + ((t[2] + t[10]) + (t[6] + t[14])))
        + (((t[1] + t[9]) + (t[5] + t[13])) + ((t[3] + t[11]) + (t[7] + t[15])));
  }
}
