package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Loader;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Rehearsal;
import dev.surprisal.kernel.vector.Rehearsed;
import dev.surprisal.kernel.vector.Specialized;
import dev.surprisal.kernel.vector.Vectors;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Writes {@code (x - base) - logSum} for a stretch of a row, as f32: the subtractions in this order, so that equal
 * logits of any size give the same as small ones.
 */
public abstract class WriteLoop implements Rehearsed {
  /** Where it writes. Each is a copy of the loop of its own. */
  public enum Target {
    ARRAY,
    SEGMENT
  }

  private static final Loops<WriteLoop> LOOPS =
      Loops.of(MethodHandles.lookup(), WriteLoop.class, Template.class, new Loops.Plain<>() {
        @Override
        public WriteLoop of(Source source, Enum<?> variant) {
          return new Plain(source, (Target) variant);
        }
      }, Target.values());

  /** The loop that reads a source and writes an array or a segment. */
  public static WriteLoop of(Source source, Target target) {
    return LOOPS.of(source, target);
  }

  final Target target;

  WriteLoop(Target target) {
    this.target = target;
  }

  /** Reads {@code start + from ..}, whole vectors of 16, and writes {@code outStart + from ..}. */
  public abstract void write(
      Object base, long start, int from, int to, float point, float logSum, Object outBase, long outStart);

  @Override
  public Rehearsal rehearsal(Source source) {
    MadeUp rows = MadeUp.logits(source);
    Object out = MadeUp.room(target == Target.ARRAY);
    return new Rehearsal() {
      @Override
      public void run(int entries) {
        write(rows.x, MadeUp.START, 0, entries, 1, 1, out, 0);
      }
    };
  }

  /** The plain form. */
  private static final class Plain extends WriteLoop {
    private final Source source;

    Plain(Source source, Target target) {
      super(target);
      this.source = source;
    }

    @Override
    public void write(
        Object base, long start, int from, int to, float point, float logSum, Object outBase, long outStart) {
      for (int i = from; i < to; i++) {
        float log = Stage.value(source, base, start + i) - point - logSum;
        if (target == Target.ARRAY) {
          ((float[]) outBase)[(int) outStart + i] = log;
        } else {
          ((MemorySegment) outBase).set(Stage.Layouts.FLOAT, (outStart + i) << 2, log);
        }
      }
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends WriteLoop {
    private static final Object[] DATA = Specialized.data(MethodHandles.lookup(), Object[].class);
    private static final Loader LOADER = Loader.of((Source) DATA[0]);
    private static final boolean TO_ARRAY = DATA[1] == Target.ARRAY;

    Template() {
      super((Target) DATA[1]);
    }

    @Override
    public void write(
        Object base, long start, int from, int to, float point, float logSum, Object outBase, long outStart) {
      int count = Vectors.count;
      FloatVector first = Vectors.all(point);
      FloatVector second = Vectors.all(logSum);
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
