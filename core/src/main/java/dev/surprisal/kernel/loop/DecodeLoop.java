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

/** Copies values of any source to a float array, transformed: the one way in which a value is read on its own. */
public abstract class DecodeLoop implements Rehearsed {
  private static final Loops<DecodeLoop> LOOPS =
      Loops.of(MethodHandles.lookup(), DecodeLoop.class, Template.class, new Loops.Plain<>() {
        @Override
        public DecodeLoop of(Source source, Enum<?> variant) {
          return new Plain(source);
        }
      });

  /** The loop of a source. */
  public static DecodeLoop of(Source source) {
    return LOOPS.of(source);
  }

  /** Decodes so many values, whole vectors of 16, from {@code start} of the base to the beginning of {@code out}. */
  public abstract void decode(Object base, long start, int count, Transform transform, float[] out);

  @Override
  public Rehearsal rehearsal(Source source) {
    MadeUp rows = MadeUp.logits(source);
    float[] out = new float[Rehearsal.ENTRIES];
    Transform other = new Transform(2);
    return new Rehearsal() {
      @Override
      public void run(int entries) {
        decode(rows.x, MadeUp.START, entries, Transform.IDENTITY, out);
        decode(rows.x, MadeUp.START, entries, other, out);
      }
    };
  }

  /** The plain form. */
  private static final class Plain extends DecodeLoop {
    private final Source source;

    Plain(Source source) {
      this.source = source;
    }

    @Override
    public void decode(Object base, long start, int values, Transform transform, float[] out) {
      Stage.decode(source, base, start, values, out);
      if (!transform.isIdentity()) {
        divide(out, values, transform.temperature());
      }
    }

    private static void divide(float[] values, int count, float divisor) {
      for (int i = 0; i < count; i++) {
        values[i] /= divisor;
      }
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends DecodeLoop {
    private static final Loader LOADER = Loader.of(Specialized.data(MethodHandles.lookup(), Source.class));

    Template() {}

    @Override
    public void decode(Object base, long start, int values, Transform transform, float[] out) {
      int count = Vectors.count;
      FloatVector divisor = Vectors.all(transform.temperature());
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
