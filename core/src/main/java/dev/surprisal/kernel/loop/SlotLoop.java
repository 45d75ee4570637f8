package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Rehearsal;
import dev.surprisal.kernel.vector.Rehearsed;
import dev.surprisal.kernel.vector.Specialized;
import dev.surprisal.kernel.vector.Vectors;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Brings the slots of a span together: {@code FloatSlots} lane by lane, {@code IntSlots} all in one. */
abstract class SlotLoop implements Rehearsed {
  /** Slots of a span. */
  private static final int SLOTS = Sizes.SPAN / Sizes.BLOCK;

  /** So many entries of a rehearsal are worth all slots once. */
  private static final int OFTEN = 64;

  private static final Loops<SlotLoop> LOOPS =
      Loops.of(MethodHandles.lookup(), SlotLoop.class, Template.class, new Loops.Plain<>() {
        @Override
        public SlotLoop of(Source source, Enum<?> variant) {
          return new Plain();
        }
      });

  /** The loop. */
  static SlotLoop of() {
    return LOOPS.only();
  }

  /** Makes the 16 lanes the sums of those of all slots, in double, slot by slot. */
  abstract void add(float[] slots, int used, double[] lanes);

  /** The largest of all lanes. */
  abstract int max(int[] slots, int used);

  /** The smallest of all lanes. */
  abstract int min(int[] slots, int used);

  /** The sum of all lanes. */
  abstract int sum(int[] slots, int used);

  @Override
  public Rehearsal rehearsal(Source source) {
    float[] floats = new float[SLOTS * Lanes.WIDTH];
    int[] integers = new int[SLOTS * Lanes.WIDTH];
    double[] sums = new double[Lanes.WIDTH];
    return new Rehearsal() {
      @Override
      public void run(int entries) {
        // Often, because once takes less than the first wide vector after a pause does.
        int used = Math.min(entries, floats.length);
        for (int i = 0; i <= entries; i += OFTEN) {
          add(floats, used, sums);
          max(integers, used);
          min(integers, used);
          sum(integers, used);
        }
      }
    };
  }

  /** The plain form. */
  private static final class Plain extends SlotLoop {
    @Override
    void add(float[] slots, int used, double[] lanes) {
      // Eight sums at a time, because each waits for its last addition.
      for (int lane = 0; lane < Lanes.WIDTH; lane += 8) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        double e = 0;
        double f = 0;
        double g = 0;
        double h = 0;
        for (int i = lane; i < used; i += Lanes.WIDTH) {
          a += slots[i];
          b += slots[i + 1];
          c += slots[i + 2];
          d += slots[i + 3];
          e += slots[i + 4];
          f += slots[i + 5];
          g += slots[i + 6];
          h += slots[i + 7];
        }
        lanes[lane] = a;
        lanes[lane + 1] = b;
        lanes[lane + 2] = c;
        lanes[lane + 3] = d;
        lanes[lane + 4] = e;
        lanes[lane + 5] = f;
        lanes[lane + 6] = g;
        lanes[lane + 7] = h;
      }
    }

    @Override
    int max(int[] slots, int used) {
      int max = Integer.MIN_VALUE;
      for (int i = 0; i < used; i++) {
        max = Math.max(max, slots[i]);
      }
      return max;
    }

    @Override
    int min(int[] slots, int used) {
      int min = Integer.MAX_VALUE;
      for (int i = 0; i < used; i++) {
        min = Math.min(min, slots[i]);
      }
      return min;
    }

    @Override
    int sum(int[] slots, int used) {
      int sum = 0;
      for (int i = 0; i < used; i++) {
        sum += slots[i];
      }
      return sum;
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends SlotLoop {
    Template() {}

    @Override
    void add(float[] slots, int used, double[] lanes) {
      for (int lane = 0; lane < Lanes.WIDTH; lane += Vectors.DOUBLES.length()) {
        DoubleVector sum = DoubleVector.zero(Vectors.DOUBLES);
        for (int slot = lane; slot < used; slot += Lanes.WIDTH) {
          FloatVector floats = FloatVector.fromArray(Vectors.HALF, slots, slot);
          sum = sum.add(floats.convertShape(VectorOperators.F2D, Vectors.DOUBLES, 0));
        }
        sum.intoArray(lanes, lane);
      }
    }

    // Integers may be reduced in any order.

    @Override
    int max(int[] slots, int used) {
      IntVector max = Vectors.all(Integer.MIN_VALUE);
      for (int i = 0; i < used; i += Vectors.COUNT) {
        max = max.max(IntVector.fromArray(Vectors.INTS, slots, i));
      }
      return max.reduceLanes(VectorOperators.MAX);
    }

    @Override
    int min(int[] slots, int used) {
      IntVector min = Vectors.all(Integer.MAX_VALUE);
      for (int i = 0; i < used; i += Vectors.COUNT) {
        min = min.min(IntVector.fromArray(Vectors.INTS, slots, i));
      }
      return min.reduceLanes(VectorOperators.MIN);
    }

    @Override
    int sum(int[] slots, int used) {
      IntVector sum = Vectors.all(0);
      for (int i = 0; i < used; i += Vectors.COUNT) {
        sum = sum.add(IntVector.fromArray(Vectors.INTS, slots, i));
      }
      return sum.reduceLanes(VectorOperators.ADD);
    }
  }
}
