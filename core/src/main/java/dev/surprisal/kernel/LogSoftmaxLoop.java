package dev.surprisal.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Writes {@code (x - base) - logSum} for a stretch of a row, as f32: the subtractions in this order, so that equal logits of
 * any size give the same as small ones.
 */
abstract class LogSoftmaxLoop {
  private static final LogSoftmaxLoop[] LOOPS = new LogSoftmaxLoop[2 * Source.COUNT];

  /** Reads {@code start + from ..}, whole vectors of 16, and writes {@code outStart + from ..}. */
  abstract void write(
      Object base, long start, int from, int to, float point, float logSum, Object outBase, long outStart);

  /** The loop that reads a source and writes an array or a segment; made when it is first asked for. */
  static LogSoftmaxLoop of(Source source, boolean toArray) {
    int index = 2 * source.ordinal() + (toArray ? 1 : 0);
    LogSoftmaxLoop loop = LOOPS[index];
    if (loop == null) {
      loop = Specialized.of(LogSoftmaxLoop.class, Template.class, new Object[] {source.loader, toArray});
      LOOPS[index] = loop;
    }
    return loop;
  }

  /** The loop; see {@link Specialized}. */
  private static final class Template extends LogSoftmaxLoop {
    private static final Object[] DATA = Specialized.data(MethodHandles.lookup(), Object[].class);
    private static final Loader LOADER = (Loader) DATA[0];
    private static final boolean TO_ARRAY = (Boolean) DATA[1];

    Template() {}

    @Override
    void write(Object base, long start, int from, int to, float point, float logSum, Object outBase, long outStart) {
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
