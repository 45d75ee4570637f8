package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.vector.Lanes;
import dev.surprisal.kernel.vector.Loader;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Source;
import dev.surprisal.kernel.vector.Specialized;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;

/** Copies values of any source to a float array, transformed: the one way in which a value is read on its own. */
public abstract class DecodeLoop {
  private static final Loops<DecodeLoop> LOOPS =
      Loops.ofSources(MethodHandles.lookup(), DecodeLoop.class, Template.class);

  /** The loop of a source. */
  public static DecodeLoop of(Source source) {
    return LOOPS.of(source);
  }

  /** Decodes so many values, whole vectors of 16, from {@code start} of the base to the beginning of {@code out}. */
  public abstract void decode(Object base, long start, int count, Transform transform, float[] out);

  /** The loop; see {@link Specialized}. */
  private static final class Template extends DecodeLoop {
    private static final Loader LOADER = Specialized.data(MethodHandles.lookup(), Source.class).loader();

    Template() {}

    @Override
    public void decode(Object base, long start, int values, Transform transform, float[] out) {
      int count = Lanes.count;
      FloatVector divisor = Lanes.all(transform.temperature());
      if (transform.isIdentity()) {
        for (int i = 0; i < values; i += count) {
          LOADER.load(base, start, i).intoArray(out, i);
        }
      } else {
        for (int i = 0; i < values; i += count) {
          LOADER.load(base, start, i).div(divisor).intoArray(out, i);
        }
      }
    }
  }
}
