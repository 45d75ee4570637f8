package dev.surprisal.kernel.vector;

import dev.surprisal.kernel.scalar.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vectors of the processor: the widest it has, or those that {@code dev.surprisal.vectorBits} asks for. */
public final class Vectors {
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
   * {@link Lanes#WIDTH} and {@link #COUNT} once more, in no {@code final} field, for loops over one row to step by.
   * Were the step a constant, the compiler would make three loops of one (before, unrolled, after), and the
   * processor see each row read by half a dozen instructions in turn; its prefetcher then follows none of them,
   * and rows from memory take twice as long.
   */
  public static int width = Lanes.WIDTH;

  public static int count = COUNT;

  private Vectors() {}

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
}
