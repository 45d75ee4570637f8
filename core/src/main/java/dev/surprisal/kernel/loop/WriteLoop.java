package dev.surprisal.kernel.loop;

import java.lang.foreign.MemorySegment;
import dev.surprisal.kernel.vector.Lanes;
import dev.surprisal.kernel.vector.Loader;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Source;
import dev.surprisal.kernel.vector.Specialized;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Writes {@code (x - base) - logSum} for a stretch of a row, as f32: the subtractions in this order, so that equal
 * logits of any size give the same as small ones.
 */
public abstract class WriteLoop {
  /** Where it writes. Each is a copy of the loop of its own. */
  public enum Target {
    ARRAY,
    SEGMENT
  }

  private static final Loops<WriteLoop> LOOPS =
      Loops.ofSources(MethodHandles.lookup(), WriteLoop.class, Template.class, Target.class);

  /** The loop that reads a source and writes an array or a segment. */
  public static WriteLoop of(Source source, Target target) {
    return LOOPS.of(source, target);
  }

  /** Reads {@code start + from ..}, whole vectors of 16, and writes {@code outStart + from ..}. */
  public abstract void write(
      Object base, long start, int from, int to, float point, float logSum, Object outBase, long outStart);

  /** The loop; see {@link Specialized}. */
  private static final class Template extends WriteLoop {
    private static final Object[] DATA = Specialized.data(MethodHandles.lookup(), Object[].class);
    private static final Loader LOADER = ((Source) DATA[0]).loader();
    private static final boolean TO_ARRAY = DATA[1] == Target.ARRAY;

    Template() {}

    @Override
    public void write(
        Object base, long start, int from, int to, float point, float logSum, Object outBase, long outStart) {
      int count = Lanes.count;
      FloatVector first = Lanes.all(point);
      FloatVector second = Lanes.all(logSum);
      for (int i = from; i < to; i += count) {
        FloatVector log = LOADER.load(base, start, i).sub(first).sub(second);
        if (TO_ARRAY) {
          log.intoArray((float[]) outBase, (int) outStart + i);
        } else {
          log.intoMemorySegment((MemorySegment) outBase, (outStart + i) << 2, ByteOrder.nativeOrder());
        }
      }
    }
  }
}
