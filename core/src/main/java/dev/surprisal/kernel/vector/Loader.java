package dev.surprisal.kernel.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Reads one vector of floats from a storage: everything a loop knows of a dtype. A loop class is defined once per
 * loader (see {@link Specialized}), so that the compiler folds the call away. A new dtype is one more loader pair
 * and its line in {@link Source}.
 *
 * <p>Arrays go through {@code fromArray} and only off-heap memory through {@code fromMemorySegment}: a process that
 * reads both through segments ran an innocent off-heap loop at less than half its speed.
 */
public abstract class Loader {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();

  /** The elements {@code start + i .. start + i + COUNT - 1}. */
  public abstract FloatVector load(Object base, long start, int i);

  static final class F32Array extends Loader {
    @Override
    public FloatVector load(Object base, long start, int i) {
      return FloatVector.fromArray(Lanes.FLOATS, (float[]) base, (int) start + i);
    }
  }

  static final class F32Segment extends Loader {
    @Override
    public FloatVector load(Object base, long start, int i) {
      return FloatVector.fromMemorySegment(Lanes.FLOATS, (MemorySegment) base, (start + i) << 2, NATIVE);
    }
  }

  static final class Bf16Array extends Loader {
    @Override
    public FloatVector load(Object base, long start, int i) {
      return bf16(ShortVector.fromArray(Lanes.SHORTS, (short[]) base, (int) start + i));
    }
  }

  static final class Bf16Segment extends Loader {
    @Override
    public FloatVector load(Object base, long start, int i) {
      return bf16(ShortVector.fromMemorySegment(Lanes.SHORTS, (MemorySegment) base, (start + i) << 1, NATIVE));
    }
  }

  static final class F16Array extends Loader {
    @Override
    public FloatVector load(Object base, long start, int i) {
      return f16(ShortVector.fromArray(Lanes.SHORTS, (short[]) base, (int) start + i));
    }
  }

  static final class LooseF16Array extends Loader {
    @Override
    public FloatVector load(Object base, long start, int i) {
      return looseF16(ShortVector.fromArray(Lanes.SHORTS, (short[]) base, (int) start + i));
    }
  }

  static final class F16Segment extends Loader {
    @Override
    public FloatVector load(Object base, long start, int i) {
      return f16(ShortVector.fromMemorySegment(Lanes.SHORTS, (MemorySegment) base, (start + i) << 1, NATIVE));
    }
  }

  static final class LooseF16Segment extends Loader {
    @Override
    public FloatVector load(Object base, long start, int i) {
      return looseF16(ShortVector.fromMemorySegment(Lanes.SHORTS, (MemorySegment) base, (start + i) << 1, NATIVE));
    }
  }

  /** A bf16 is the upper half of a float. */
  private static FloatVector bf16(ShortVector halves) {
    IntVector bits = (IntVector) halves.convertShape(VectorOperators.ZERO_EXTEND_S2I, Lanes.INTS, 0);
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
    IntVector shifted = ((IntVector) halves.convertShape(VectorOperators.S2I, Lanes.INTS, 0))
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
    return ((IntVector) halves.convertShape(VectorOperators.S2I, Lanes.INTS, 0))
        .lanewise(VectorOperators.LSHL, 13)
        .and(0x8FFFFFFF)
        .reinterpretAsFloats()
        .mul(0x1p112f);
  }
}
