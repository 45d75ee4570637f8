package dev.surprisal.kernel;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The first entry that has a value. */
abstract class Find {
  private static final Find[] FINDS = new Find[Source.COUNT];

  /** The index of the first entry equal to {@code value} among {@code from .. to - 1}, whole vectors of 16; -1 if there is none. */
  abstract int first(Object base, long start, int from, int to, float value);

  /** The search of a source; made when it is first asked for. */
  static Find of(Source source) {
    Find find = FINDS[source.ordinal()];
    if (find == null) {
      find = Specialized.of(Find.class, Template.class, source.loader);
      FINDS[source.ordinal()] = find;
    }
    return find;
  }

  /** The loop; see {@link Specialized}. */
  private static final class Template extends Find {
    private static final Loader LOADER = Specialized.data(MethodHandles.lookup(), Loader.class);

    Template() {}

    @Override
    int first(Object base, long start, int from, int to, float value) {
      int count = Lanes.count;
      FloatVector wanted = Lanes.all(value);
      for (int i = from; i < to; i += count) {
        VectorMask<Float> same = LOADER.load(base, start, i).compare(VectorOperators.EQ, wanted);
        if (same.anyTrue()) {
          return i + same.firstTrue();
        }
      }
      return -1;
    }
  }
}
