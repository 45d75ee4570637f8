package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.Element;
import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Log;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Rehearsed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Field;
import java.util.SplittableRandom;

/**
 * Both forms of a loop, and what to drive them with: rows of whole vectors, of every length up to some blocks, in every
 * source; ordinary ones and ones full of special values.
 */
final class Forms<L extends Rehearsed> {
  /** Lengths in vectors of 16: ends of chunks and blocks and what is next to them, and three blocks and a piece. */
  static final int[] VECTORS = {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 40, 63, 64, 65, 101};

  private static final float[] SPECIAL = {
      0, -0f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, Float.NaN, Float.MAX_VALUE, -Float.MAX_VALUE,
      Float.MIN_VALUE, Float.MIN_NORMAL, 87, -87, 100, -100, 70_000, -70_000, 65_504, 1, -1};

  private static final float[] SPECIAL_PROBABILITY = {
      0, 0, -0f, 1, 1, Float.MIN_VALUE, 0x1p-140f, Float.MIN_NORMAL, 0x1p-60f, 0x1p-24f, 0.75f, 65_504, 0x1p100f,
      Float.MAX_VALUE, Float.intBitsToFloat(Log.SQRT_HALF), Float.intBitsToFloat(Log.SQRT_HALF - 1)};

  private static final float[] NO_PROBABILITY = {
      Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, Float.intBitsToFloat(0xFFC00000), -1,
      -Float.MIN_VALUE, -Float.MAX_VALUE};

  final L vectors;
  final L plain;

  private Forms(Loops<L> loops, Source source, Enum<?> variant) {
    vectors = loops.inVectors(source, variant);
    plain = loops.inPlainJava(source, variant);
  }

  /** Those of a contract. */
  static <L extends Rehearsed> Forms<L> of(Class<L> contract, Source source, Enum<?> variant) {
    try {
      Field loops = contract.getDeclaredField("LOOPS");
      loops.setAccessible(true);
      @SuppressWarnings("unchecked") // each contract has its own
      Loops<L> all = (Loops<L>) loops.get(null);
      return new Forms<>(all, source, variant);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** Values as a loop reads them, from an element on that is not the first. */
  record Stored(Object base, long start) {
    static Stored of(Source source, float[] values, int first) {
      int size = first + values.length;
      if (source == Source.F32_ARRAY) {
        float[] array = new float[size];
        System.arraycopy(values, 0, array, first, values.length);
        return new Stored(array, first);
      }
      short[] halves = new short[size];
      for (int i = 0; i < values.length && source.element() != Element.F32; i++) {
        halves[first + i] = source.element() == Element.F16
            ? Float.floatToFloat16(values[i])
            : (short) (Float.floatToRawIntBits(values[i]) >>> 16);
      }
      if (source.isArray()) {
        return new Stored(halves, first);
      }
      MemorySegment segment = Arena.ofAuto().allocate((long) size * source.element().bytes(), 64);
      if (source.element() == Element.F32) {
        MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_FLOAT, (long) first * Float.BYTES, values.length);
      } else {
        MemorySegment.copy(halves, 0, segment, ValueLayout.JAVA_SHORT, 0, size);
      }
      return new Stored(segment, first);
    }
  }

  /** Gaussian logits of a standard deviation, some of them, for a share above 0, special values. */
  static float[] logits(SplittableRandom random, int count, double deviation, double special) {
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = random.nextDouble() < special
          ? SPECIAL[random.nextInt(SPECIAL.length)]
          : (float) (deviation * random.nextGaussian());
    }
    return x;
  }

  /**
   * Probabilities, not normalised, some of them, for a share above 0, special values; and of each 2,000 of those
   * one that is no probability.
   */
  static float[] probabilities(SplittableRandom random, int count, double deviation, double special) {
    float[] p = new float[count];
    for (int i = 0; i < count; i++) {
      p[i] = random.nextDouble() < special / 2_000 ? NO_PROBABILITY[random.nextInt(NO_PROBABILITY.length)]
          : random.nextDouble() < special ? SPECIAL_PROBABILITY[random.nextInt(SPECIAL_PROBABILITY.length)]
          : (float) (Math.exp(deviation * random.nextGaussian()) / count);
    }
    return p;
  }

  /** How many blocks so many entries are. */
  static int blocks(int entries) {
    return (entries + Sizes.BLOCK - 1) / Sizes.BLOCK;
  }

  /** The lanes of a block, as bits. */
  static int[] lanes(FloatSlots slots, int block) {
    int[] bits = new int[Lanes.WIDTH];
    for (int lane = 0; lane < Lanes.WIDTH; lane++) {
      float value = slots.lanes[block * Lanes.WIDTH + lane];
      bits[lane] = Float.floatToIntBits(value); // one NaN
    }
    return bits;
  }

  /** The smallest of the lanes of a block. */
  static int least(IntSlots slots, int block) {
    int least = Integer.MAX_VALUE;
    for (int lane = 0; lane < Lanes.WIDTH; lane++) {
      least = Math.min(least, slots.lanes[block * Lanes.WIDTH + lane]);
    }
    return least;
  }

  /** The largest of the lanes of a block. */
  static int most(IntSlots slots, int block) {
    int most = Integer.MIN_VALUE;
    for (int lane = 0; lane < Lanes.WIDTH; lane++) {
      most = Math.max(most, slots.lanes[block * Lanes.WIDTH + lane]);
    }
    return most;
  }

  /** The sum of the lanes of a block. */
  static int sum(IntSlots slots, int block) {
    int sum = 0;
    for (int lane = 0; lane < Lanes.WIDTH; lane++) {
      sum += slots.lanes[block * Lanes.WIDTH + lane];
    }
    return sum;
  }
}
