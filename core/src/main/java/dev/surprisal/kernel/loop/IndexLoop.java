package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Loader;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Rehearsal;
import dev.surprisal.kernel.vector.Rehearsed;
import dev.surprisal.kernel.vector.Specialized;
import dev.surprisal.kernel.vector.Vectors;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The first entry that has a value. */
public abstract class IndexLoop implements Rehearsed {
  private static final Loops<IndexLoop> LOOPS =
      Loops.of(MethodHandles.lookup(), IndexLoop.class, Template.class, new Loops.Plain<>() {
        @Override
        public IndexLoop of(Source source, Enum<?> variant) {
          return new Plain(source);
        }
      });

  /** The loop of a source. */
  public static IndexLoop of(Source source) {
    return LOOPS.of(source);
  }

  /**
   * The index of the first entry equal to {@code value} among {@code from .. to - 1}, whole
   * vectors of 16; -1 if there is none.
   */
  public abstract int first(Object base, long start, int from, int to, float value);

  @Override
  public Rehearsal rehearsal(Source source) {
    MadeUp rows = MadeUp.logits(source);
    return new Rehearsal() {
      @Override
      public void run(int entries) {
        first(rows.x, MadeUp.START, 0, entries, MadeUp.REFERENCE);
        first(rows.x, MadeUp.START, 0, entries, 0);
      }
    };
  }

  /** The plain form. */
  private static final class Plain extends IndexLoop {
    private final Source source;

    Plain(Source source) {
      this.source = source;
    }

    @Override
    public int first(Object base, long start, int from, int to, float value) {
      for (int i = from; i < to; i++) {
        if (Stage.value(source, base, start + i) == value) {
          return i;
        }
      }
      return -1;
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends IndexLoop {
    private static final Loader LOADER = Loader.of(Specialized.data(MethodHandles.lookup(), Source.class));

    Template() {}

    @Override
    public int first(Object base, long start, int from, int to, float value) {
      int count = Vectors.count;
      FloatVector wanted = Vectors.all(value);
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
