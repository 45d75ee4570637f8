package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.Element;
import dev.surprisal.kernel.scalar.Exp;
import dev.surprisal.kernel.scalar.Fma;
import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Log;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What the plain forms of loops have in common. They do a block in stages, each a short loop from arrays to arrays,
 * for that is what C2 makes vectors of: one index for all arrays, no conditions, and bits of floats taken in a stage
 * that does nothing else. Everything in one loop takes twice as long.
 *
 * <p>The arrays are those of one thread, a block long, and belong to whatever the loop leaves.
 */
final class Stage {
  /** Of values in segments. Apart, for to load what makes them takes as long as the first row of an array. */
  static final class Layouts {
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.nativeOrder());
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.nativeOrder());

    private Layouts() {}
  }

  final float[] x = new float[Sizes.BLOCK];
  final float[] y = new float[Sizes.BLOCK];
  final float[] ex = new float[Sizes.BLOCK];
  final float[] ey = new float[Sizes.BLOCK];
  final float[] shifted = new float[Sizes.BLOCK];
  private final int[] exponents = new int[Sizes.BLOCK];
  private final float[] lifted = new float[Sizes.BLOCK];
  private final short[] halves = new short[Sizes.BLOCK];

  /** Running sums, those of the first 16 entries from 16 on, and what they have lost; before that, always 0. */
  private final float[] sums = new float[Lanes.WIDTH + Sizes.BLOCK];
  private final float[] lost = new float[Lanes.WIDTH + Sizes.BLOCK];

  /** Decodes so many values, at most a block, from an element on, to the beginning of an array. */
  void load(Source source, Object base, long from, int count, float[] to) {
    switch (source) {
      case F32_ARRAY -> System.arraycopy(base, (int) from, to, 0, count);
      case F32_SEGMENT -> MemorySegment.copy((MemorySegment) base, Layouts.FLOAT, from << 2, to, 0, count);
      default -> {
        if (source.isArray()) {
          System.arraycopy(base, (int) from, halves, 0, count);
        } else {
          MemorySegment.copy((MemorySegment) base, Layouts.SHORT, from << 1, halves, 0, count);
        }
        if (source.element() == Element.BF16) {
          widenBf16(halves, count, to);
        } else {
          widenF16(halves, count, to);
        }
      }
    }
  }

  private static void widenBf16(short[] halves, int count, float[] to) {
    for (int i = 0; i < count; i++) {
      to[i] = Float.intBitsToFloat(halves[i] << 16);
    }
  }

  private static void widenF16(short[] halves, int count, float[] to) {
    for (int i = 0; i < count; i++) {
      to[i] = Float.float16ToFloat(halves[i]);
    }
  }

  /** Decodes any number of values, from an element on, to the beginning of an array. */
  static void decode(Source source, Object base, long from, int count, float[] to) {
    switch (source) {
      case F32_ARRAY -> System.arraycopy(base, (int) from, to, 0, count);
      case F32_SEGMENT -> MemorySegment.copy((MemorySegment) base, Layouts.FLOAT, from << 2, to, 0, count);
      case BF16_ARRAY -> decodeBf16((short[]) base, (int) from, count, to);
      case BF16_SEGMENT -> decodeBf16((MemorySegment) base, from, count, to);
      default -> {
        for (int i = 0; i < count; i++) {
          to[i] = value(source, base, from + i);
        }
      }
    }
  }

  private static void decodeBf16(short[] halves, int from, int count, float[] to) {
    for (int i = 0; i < count; i++) {
      to[i] = Float.intBitsToFloat(halves[from + i] << 16);
    }
  }

  private static void decodeBf16(MemorySegment halves, long from, int count, float[] to) {
    for (int i = 0; i < count; i++) {
      to[i] = Float.intBitsToFloat(halves.get(Layouts.SHORT, from + i << 1) << 16);
    }
  }

  /** One value. */
  static float value(Source source, Object base, long at) {
    return switch (source) {
      case F32_ARRAY -> ((float[]) base)[(int) at];
      case F32_SEGMENT -> ((MemorySegment) base).get(Layouts.FLOAT, at << 2);
      case BF16_ARRAY -> Float.intBitsToFloat(((short[]) base)[(int) at] << 16);
      case BF16_SEGMENT -> Float.intBitsToFloat(((MemorySegment) base).get(Layouts.SHORT, at << 1) << 16);
      case F16_ARRAY -> Float.float16ToFloat(((short[]) base)[(int) at]);
      case F16_SEGMENT -> Float.float16ToFloat(((MemorySegment) base).get(Layouts.SHORT, at << 1));
    };
  }

  /** {@code reference - x}. */
  static void distances(float[] x, float reference, int count, float[] to) {
    for (int i = 0; i < count; i++) {
      to[i] = reference - x[i];
    }
  }

  /** {@link Exp#scaled} of the first elements. */
  void exponentials(float[] of, float magic, int count, float[] to) {
    exponentials(of, magic, count, shifted, to);
  }

  /** The same by way of an array that is not one of the stage's; {@code to} may be the elements themselves. */
  static void exponentials(float[] of, float magic, int count, float[] shifted, float[] to) {
    reduce(of, magic, count, shifted, to);
    raise(shifted, count, to);
  }

  /** What {@link Exp#scaled} makes of x, but for the exponent, and where that is. */
  private static void reduce(float[] of, float magic, int count, float[] shifted, float[] to) {
    for (int i = 0; i < count; i++) {
      float x = of[i];
      float n = Fma.fma(x, Exp.LOG2_E, magic);
      float r = Fma.fma(n - magic, -Exp.LN2, x);
      float r2 = r * r;
      float high = Fma.fma(r, Exp.C5, Exp.C4);
      float low = Fma.fma(r, Exp.C3, Exp.C2);
      shifted[i] = n;
      to[i] = Fma.fma(Fma.fma(high, r2, low), r2, r + 1);
    }
  }

  /** Adds to the exponents. */
  private static void raise(float[] by, int count, float[] to) {
    for (int i = 0; i < count; i++) {
      to[i] = Float.intBitsToFloat(Float.floatToRawIntBits(to[i]) + (Float.floatToRawIntBits(by[i]) << 23));
    }
  }

  /** Makes a -0 0. */
  static void addZero(float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] += 0f;
    }
  }

  /** The smallest of the bits, as integers. Four at a time, for C2 makes no vectors of this. */
  static int leastBits(float[] of, int count) {
    int b0 = Integer.MAX_VALUE;
    int b1 = Integer.MAX_VALUE;
    int b2 = Integer.MAX_VALUE;
    int b3 = Integer.MAX_VALUE;
    for (int i = 0; i < count; i += 4) {
      b0 = Math.min(b0, Float.floatToRawIntBits(of[i]));
      b1 = Math.min(b1, Float.floatToRawIntBits(of[i + 1]));
      b2 = Math.min(b2, Float.floatToRawIntBits(of[i + 2]));
      b3 = Math.min(b3, Float.floatToRawIntBits(of[i + 3]));
    }
    return Math.min(Math.min(b0, b1), Math.min(b2, b3));
  }

  /** The largest of the bits, as integers, at least 0. */
  static int mostBits(float[] of, int count) {
    int b0 = 0;
    int b1 = 0;
    int b2 = 0;
    int b3 = 0;
    for (int i = 0; i < count; i += 4) {
      b0 = Math.max(b0, Float.floatToRawIntBits(of[i]));
      b1 = Math.max(b1, Float.floatToRawIntBits(of[i + 1]));
      b2 = Math.max(b2, Float.floatToRawIntBits(of[i + 2]));
      b3 = Math.max(b3, Float.floatToRawIntBits(of[i + 3]));
    }
    return Math.max(Math.max(b0, b1), Math.max(b2, b3));
  }

  /** Makes terms 0 where something without -0 equals a value, of which nothing is done if that is NaN. */
  static void exclude(float[] of, float value, int count, float[] terms) {
    if (value == value) {
      exclude(of, Float.floatToRawIntBits(value + 0f), count, terms);
    }
  }

  private static void exclude(float[] of, int bits, int count, float[] terms) {
    for (int i = 0; i < count; i++) {
      int difference = Float.floatToRawIntBits(of[i]) ^ bits;
      int kept = (difference | -difference) >> 31;
      terms[i] = Float.intBitsToFloat(Float.floatToRawIntBits(terms[i]) & kept);
    }
  }

  /** {@link Log#of} of the first elements, but of 0 something arbitrary. */
  void logarithms(float[] of, int count, float[] to) {
    lift(of, count, to);
    takeExponents(to, count, exponents);
    logarithms(to, exponents, count);
  }

  private static void lift(float[] of, int count, float[] to) {
    for (int i = 0; i < count; i++) {
      to[i] = of[i] * Log.LIFT;
    }
  }

  /** Leaves the significands, and what the exponents were. */
  private static void takeExponents(float[] from, int count, int[] exponents) {
    for (int i = 0; i < count; i++) {
      int bits = Float.floatToRawIntBits(from[i]);
      int k = bits - Log.SQRT_HALF >> 23;
      exponents[i] = k - Log.LIFTED;
      from[i] = Float.intBitsToFloat(bits - (k << 23));
    }
  }

  /** Replaces significands by logarithms. */
  private static void logarithms(float[] significands, int[] exponents, int count) {
    for (int i = 0; i < count; i++) {
      float f = significands[i] - 1;
      float f2 = f * f;
      float f4 = f2 * f2;
      float p0 = Fma.fma(f, Log.P1, Log.P0);
      float p2 = Fma.fma(f, Log.P3, Log.P2);
      float p4 = Fma.fma(f, Log.P5, Log.P4);
      float p6 = Fma.fma(f, Log.P7, Log.P6);
      float p = Fma.fma(Fma.fma(p6, f2, p4), f4, Fma.fma(p2, f2, p0));
      float significand = Fma.fma(Fma.fma(p, f, -0.5f), f2, f);
      significands[i] = Fma.fma((float) exponents[i], Exp.LN2, significand);
    }
  }

  /** {@link Log#ofRatio} of the first elements, to an array that may be one of both. */
  void logarithmsOfRatios(float[] p, float[] q, int count, float[] to) {
    lift(q, count, lifted);
    lift(p, count, to);
    takeExponentsOfRatios(to, lifted, count, exponents);
    logarithmsOfRatios(to, lifted, exponents, count);
  }

  /** Brings p near q, and leaves what the exponents of the ratios were. */
  private static void takeExponentsOfRatios(float[] p, float[] q, int count, int[] exponents) {
    for (int i = 0; i < count; i++) {
      int bits = Float.floatToRawIntBits(p[i]);
      int k = bits - Float.floatToRawIntBits(q[i]) + Log.HALF_BINADE >> 23;
      exponents[i] = k;
      p[i] = Float.intBitsToFloat(bits - (k << 23));
    }
  }

  /** Replaces p by logarithms. */
  private static void logarithmsOfRatios(float[] p, float[] q, int[] exponents, int count) {
    for (int i = 0; i < count; i++) {
      float z = (p[i] - q[i]) / (p[i] + q[i]);
      float z2 = z * z;
      float high = Fma.fma(Fma.fma(Log.Z3, z2, Log.Z2), z2, Log.Z1);
      float atanh = Fma.fma(Fma.fma(high, z2, Log.Z0) * z2, z, z + z);
      p[i] = Fma.fma((float) exponents[i], Exp.LN2, atanh);
    }
  }

  /** The sums of a block's lanes, chunk by chunk, into a slot. Four lanes at a time, or each would wait for itself. */
  static void sum(float[] of, int count, float[] lanes, int slot) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += 4) {
      float a0 = 0;
      float a1 = 0;
      float a2 = 0;
      float a3 = 0;
      for (int chunk = 0; chunk < count; chunk += Sizes.CHUNK) {
        int stop = Math.min(chunk + Sizes.CHUNK, count);
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        for (int i = chunk + lane; i < stop; i += Lanes.WIDTH) {
          s0 += of[i];
          s1 += of[i + 1];
          s2 += of[i + 2];
          s3 += of[i + 3];
        }
        a0 += s0;
        a1 += s1;
        a2 += s2;
        a3 += s3;
      }
      lanes[slot + lane] = a0;
      lanes[slot + lane + 1] = a1;
      lanes[slot + lane + 2] = a2;
      lanes[slot + lane + 3] = a3;
    }
  }

  /** The same of products, each fused into its sum. */
  static void sumOfProducts(float[] of, float[] by, int count, float[] lanes, int slot) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += 4) {
      float a0 = 0;
      float a1 = 0;
      float a2 = 0;
      float a3 = 0;
      for (int chunk = 0; chunk < count; chunk += Sizes.CHUNK) {
        int stop = Math.min(chunk + Sizes.CHUNK, count);
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        for (int i = chunk + lane; i < stop; i += Lanes.WIDTH) {
          s0 = Fma.fma(of[i], by[i], s0);
          s1 = Fma.fma(of[i + 1], by[i + 1], s1);
          s2 = Fma.fma(of[i + 2], by[i + 2], s2);
          s3 = Fma.fma(of[i + 3], by[i + 3], s3);
        }
        a0 += s0;
        a1 += s1;
        a2 += s2;
        a3 += s3;
      }
      lanes[slot + lane] = a0;
      lanes[slot + lane + 1] = a1;
      lanes[slot + lane + 2] = a2;
      lanes[slot + lane + 3] = a3;
    }
  }

  /** The compensated sums of a block's lanes into a slot: what each addition rounds off is summed apart. */
  void sumCompensated(float[] of, int count, float[] lanes, int slot) {
    runCompensated(of, count, sums, lost);
    for (int lane = 0; lane < Lanes.WIDTH; lane++) {
      lanes[slot + lane] = sums[count + lane] + lost[count + lane];
    }
  }

  /** The same of products, but that what an addition rounds off is taken into the next one (Kahan). */
  void sumOfProductsCompensated(float[] of, float[] by, int count, float[] lanes, int slot) {
    runProductsCompensated(of, by, count, sums, lost);
    System.arraycopy(sums, count, lanes, slot, Lanes.WIDTH);
  }

  /** Running sums of each lane: the one before lies 16 behind, no less than a vector, and so C2 makes vectors of it. */
  private static void runCompensated(float[] of, int count, float[] sums, float[] lost) {
    for (int i = 0; i < count; i++) {
      float before = sums[i];
      float term = of[i];
      float sum = before + term;
      lost[i + Lanes.WIDTH] = lost[i] + (term - (sum - before));
      sums[i + Lanes.WIDTH] = sum;
    }
  }

  private static void runProductsCompensated(float[] of, float[] by, int count, float[] sums, float[] lost) {
    for (int i = 0; i < count; i++) {
      float before = sums[i];
      float term = Fma.fma(of[i], by[i], lost[i]);
      float sum = before + term;
      lost[i + Lanes.WIDTH] = term - (sum - before);
      sums[i + Lanes.WIDTH] = sum;
    }
  }

  /** The sums of lanes from the beginning to the end, without chunks. */
  static void sumThrough(float[] of, int count, float[] lanes, int slot) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += 4) {
      float s0 = 0;
      float s1 = 0;
      float s2 = 0;
      float s3 = 0;
      for (int i = lane; i < count; i += Lanes.WIDTH) {
        s0 += of[i];
        s1 += of[i + 1];
        s2 += of[i + 2];
        s3 += of[i + 3];
      }
      lanes[slot + lane] = s0;
      lanes[slot + lane + 1] = s1;
      lanes[slot + lane + 2] = s2;
      lanes[slot + lane + 3] = s3;
    }
  }

  /** The same compensated as Kahan does; of a sum that was infinite before its last element, NaN. */
  static void sumByKahan(float[] of, int count, float[] lanes, int slot) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += 4) {
      float s0 = 0;
      float s1 = 0;
      float s2 = 0;
      float s3 = 0;
      float e0 = 0;
      float e1 = 0;
      float e2 = 0;
      float e3 = 0;
      for (int i = lane; i < count; i += Lanes.WIDTH) {
        float t0 = of[i] - e0;
        float t1 = of[i + 1] - e1;
        float t2 = of[i + 2] - e2;
        float t3 = of[i + 3] - e3;
        float n0 = s0 + t0;
        float n1 = s1 + t1;
        float n2 = s2 + t2;
        float n3 = s3 + t3;
        e0 = n0 - s0 - t0;
        e1 = n1 - s1 - t1;
        e2 = n2 - s2 - t2;
        e3 = n3 - s3 - t3;
        s0 = n0;
        s1 = n1;
        s2 = n2;
        s3 = n3;
      }
      lanes[slot + lane] = s0;
      lanes[slot + lane + 1] = s1;
      lanes[slot + lane + 2] = s2;
      lanes[slot + lane + 3] = s3;
    }
  }

  /**
   * A mask of all bits where the size of a float is below a limit, both as bits, else of none, as for a NaN; for a
   * limit of 1 that is where it is 0. Masks are for stages of bits: a condition would be a jump, and no vector.
   */
  static int isBelow(int bits, int limit) {
    return (bits & Integer.MAX_VALUE) - limit >> 31;
  }

  /** The bits of one or the other, by a mask. */
  static int select(int mask, int one, int other) {
    return other ^ (other ^ one) & mask;
  }
}
