package dev.surprisal.kernel.vector;

import dev.surprisal.kernel.scalar.Exp;
import dev.surprisal.kernel.scalar.Source;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Reads one vector of floats from a storage: everything a loop knows of a dtype. A loop class is defined once per
 * loader (see {@link Specialized}), so that the compiler folds the call away. A new dtype is one more loader pair.
 *
 * <p>Arrays go through {@code fromArray} and only off-heap memory through {@code fromMemorySegment}: a process that
 * reads both through segments ran an innocent off-heap loop at less than half its speed.
 */
public abstract class Loader {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();

  /** What reads one vector of a source. */
  public static Loader of(Source source) {
    return switch (source) {
      case F32_ARRAY -> new F32Array();
      case F32_SEGMENT -> new F32Segment();
      case BF16_ARRAY -> new Bf16Array();
      case BF16_SEGMENT -> new Bf16Segment();
      case F16_ARRAY -> new F16Array();
      case F16_SEGMENT -> new F16Segment();
    };
  }

  /**
   * For loops that watch for entries far from a reference, and are done again with the other loader then: infinities
   * and NaN may come as {@link Exp#LOOSE} or more, of either sign.
   */
  public static Loader loose(Source source) {
    return switch (source) {
      case F16_ARRAY -> new LooseF16Array();
      case F16_SEGMENT -> new LooseF16Segment();
      default -> of(source);
    };
  }

  /** The elements {@code start + i .. start + i + COUNT - 1}. */
  public abstract FloatVector load(Object base, long start, int i);

  static final class F32Array extends Loader {
    @Override
    public FloatVector load(Object base, long start, int i) {
      return FloatVector.fromArray(Vectors.FLOATS, (float[]) base, (int) start + i);
    }
  }

  static final class F32Segment extends Loader {
    @Override
    public FloatVector load(Object base, long start, int i) {
      return FloatVector.fromMemorySegment(Vectors.FLOATS, (MemorySegment) base, (start + i) << 2, NATIVE);
    }
  }

  static final class Bf16Array extends Loader {
    @Override
    public FloatVector load(Object base, long start, int i) {
      return bf16(ShortVector.fromArray(Vectors.SHORTS, (short[]) base, (int) start + i));
    }
  }

  static final class Bf16Segment extends Loader {
    @Override
    public FloatVector load(Object base, long start, int i) {
      return bf16(ShortVector.fromMemorySegment(Vectors.SHORTS, (MemorySegment) base, (start + i) << 1, NATIVE));
    }
  }

  static final class F16Array extends Loader {
    @Override
    public FloatVector load(Object base, long start, int i) {
      return f16(ShortVector.fromArray(Vectors.SHORTS, (short[]) base, (int) start + i));
    }
  }

  static final class LooseF16Array extends Loader {
    @Override
    public FloatVector load(Object base, long start, int i) {
      return looseF16(ShortVector.fromArray(Vectors.SHORTS, (short[]) base, (int) start + i));
    }
  }

  static final class F16Segment extends Loader {
    @Override
    public FloatVector load(Object base, long start, int i) {
      return f16(ShortVector.fromMemorySegment(Vectors.SHORTS, (MemorySegment) base, (start + i) << 1, NATIVE));
    }
  }

  static final class LooseF16Segment extends Loader {
    @Override
    public FloatVector load(Object base, long start, int i) {
      return looseF16(ShortVector.fromMemorySegment(Vectors.SHORTS, (MemorySegment) base, (start + i) << 1, NATIVE));
    }
  }

  /** A bf16 is the upper half of a float. */
  private static FloatVector bf16(ShortVector halves) {
    IntVector bits = (IntVector) halves.convertShape(VectorOperators.ZERO_EXTEND_S2I, Vectors.INTS, 0);
    return bits.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  /**
   * An f16 widened by moving its exponent and significand into place and scaling by 2^112, the difference of the
   * exponent biases; exact, subnormals included. An exponent of all ones (infinity, NaN) is put back to all ones. The
   * API has no conversion from f16.
   *
   * <pre>
   *   seeeeemmmmmmmmmm sign-extended, shifted left by 13     ssss eeee emmm mmmm mmm0 0000 0000 0000
   *   with the copies of the sign masked                     s000 eeee emmm mmmm mmm0 0000 0000 0000
   * </pre>
   */
  private static FloatVector f16(ShortVector halves) {
    IntVector shifted = ((IntVector) halves.convertShape(VectorOperators.S2I, Vectors.INTS, 0))
        .lanewise(VectorOperators.LSHL, 13)
        .and(0x8FFFFFFF);
    IntVector scaled = shifted.reinterpretAsFloats().mul(0x1p112f).reinterpretAsInts();
    IntVector exponent = shifted.and(0x0F800000);
    return scaled.lanewise(VectorOperators.OR, 0x7F800000, exponent.compare(VectorOperators.EQ, 0x0F800000))
        .reinterpretAsFloats();
  }

  /**
   * The same, with the exponent of infinity as one like others: infinities and NaN come as
   * {@link Exp#LOOSE} or more, of either sign.
   */
  private static FloatVector looseF16(ShortVector halves) {
    return ((IntVector) halves.convertShape(VectorOperators.S2I, Vectors.INTS, 0))
        .lanewise(VectorOperators.LSHL, 13)
        .and(0x8FFFFFFF)
        .reinterpretAsFloats()
        .mul(0x1p112f);
  }
}
