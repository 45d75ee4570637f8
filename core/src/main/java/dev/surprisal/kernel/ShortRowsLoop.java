package dev.surprisal.kernel;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Up to 16 short rows at once, a lane for each: the maximum m, the distances {@code m - x} and {@code e^(x - m)}, with 0 for both
 * where an entry is equal to the maximum ({@code ties} counts those) or further below it than {@link Exp#RANGE}.
 *
 * <p>Rows without a finite maximum (NaN if one of the entries is) leave garbage.
 */
abstract class ShortRowsLoop {
  static final ShortRowsLoop INSTANCE = Specialized.of(ShortRowsLoop.class, Template.class, "");

  /** Does the lanes {@code lane .. lane + COUNT - 1} of so many columns of 16. */
  abstract void exponentials(ShortRows rows, int vocabulary, int lane);

  /** The loop; see {@link Specialized}. */
  private static final class Template extends ShortRowsLoop {
    Template() {}

    @Override
    void exponentials(ShortRows rows, int vocabulary, int lane) {
      int end = vocabulary * Lanes.WIDTH;
      FloatVector max = Lanes.all(Float.NEGATIVE_INFINITY);
      for (int i = lane; i < end; i += Lanes.WIDTH) {
        FloatVector x = FloatVector.fromArray(Lanes.FLOATS, rows.columns, i);
        max = max.max(x);
      }
      max.intoArray(rows.max, lane);
      FloatVector unit = Lanes.all(Exp.magic(0));
      IntVector ties = Lanes.all(0);
      for (int i = lane; i < end; i += Lanes.WIDTH) {
        FloatVector x = FloatVector.fromArray(Lanes.FLOATS, rows.columns, i);
        FloatVector distance = max.sub(x);
        VectorMask<Float> tie = x.compare(VectorOperators.EQ, max);
        VectorMask<Float> none = distance.compare(VectorOperators.GT, Exp.RANGE).or(tie);
        FloatVector kept = distance.blend(0f, none);
        FloatVector e = Exp.scaled(kept.neg(), unit);
        // What the distance leaves off would be too much of the exponential, and so would the drift.
        FloatVector back = distance.sub(max);
        FloatVector rest = x.add(back).sub(max.sub(distance.sub(back)));
        rest = kept.fma(Lanes.all((float) -Exp.DRIFT), rest);
        rest.fma(e, e).blend(0f, none).intoArray(rows.exponentials, i);
        kept.intoArray(rows.distances, i);
        ties = ties.add(1, tie.cast(Lanes.INTS));
      }
      ties.intoArray(rows.ties, lane);
    }
  }
}
