package dev.surprisal.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width, in two senses. The processor's: {@link #COUNT} floats at a time. And the virtual one, which results
 * depend on: every sum is kept in {@link #WIDTH} lanes, entry {@code i} of a row in lane {@code i % 16} (all of a short
 * row in one lane), whatever the processor has. A narrower processor walks a block in strips: the same numbers are
 * added in the same order, so the bits are the same on every width.
 */
public final class Lanes {
  /** Lanes of the virtual vector. */
  public static final int WIDTH = 16;

  public static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, shape());
  public static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
  public static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

  public static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, FLOATS.vectorShape());

  /** As many floats as {@link #DOUBLES} has doubles. */
  public static final VectorSpecies<Float> HALF =
      VectorSpecies.of(float.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

  /** Floats in one vector of the processor: 4, 8 or 16. */
  public static final int COUNT = FLOATS.length();

  /**
   * {@link #WIDTH} and {@link #COUNT} once more, in no {@code final} field, for loops over one row to step by.
   * Were the step a constant, the compiler would make three loops of one (before, unrolled, after), and the
   * processor see each row read by half a dozen instructions in turn; its prefetcher then follows none of them,
   * and rows from memory take twice as long.
   */
  public static int width = WIDTH;

  public static int count = COUNT;

  private Lanes() {}

  private static VectorShape shape() {
    int widest = widestBits();
    String asked = System.getProperty("dev.surprisal.vectorBits", Integer.toString(widest));
    int bits = switch (asked) {
      case "128", "256", "512" -> Integer.parseInt(asked);
      default -> Integer.MAX_VALUE;
    };
    if (bits > widest) {
      throw new IllegalStateException("dev.surprisal.vectorBits=" + asked
          + ": expected 128, 256 or 512, and at most the processor's " + widest);
    }
    return VectorShape.forBitSize(bits);
  }

  /** The widest vectors of the processor, at most 512 bits. */
  public static int widestBits() {
    return Math.min(512, FloatVector.SPECIES_PREFERRED.vectorBitSize());
  }

  /** The vectors in use, in bits. */
  public static int bits() {
    return FLOATS.vectorBitSize();
  }

  public static FloatVector all(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  public static IntVector all(int value) {
    return IntVector.broadcast(INTS, value);
  }

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
