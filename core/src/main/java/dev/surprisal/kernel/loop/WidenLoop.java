package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.Sizes;
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

/**
 * Widens a block of two rows to doubles, for {@link PowerLoop}. What has no mass is told apart here, by masks of
 * floats: masks of two doubles are objects on 128 bits.
 */
public abstract class WidenLoop implements Rehearsed {
  /** What both rows are. Each is a copy of the loop of its own. */
  public enum Kind {
    LOGITS(Float.NEGATIVE_INFINITY),
    PROBABILITIES(0);

    private final float none;

    Kind(float none) {
      this.none = none;
    }

    /** The value of an entry of no mass. */
    public float none() {
      return none;
    }
  }

  private static final Loops<WidenLoop> LOOPS =
      Loops.of(MethodHandles.lookup(), WidenLoop.class, Template.class, new Loops.Plain<>() {
        @Override
        public WidenLoop of(Source source, Enum<?> variant) {
          return new Plain(source, (Kind) variant);
        }
      }, Kind.values());

  /** The loop for two rows of one source. */
  public static WidenLoop of(Source source, Kind kind) {
    return LOOPS.of(source, kind);
  }

  /**
   * Reads the entries {@code from .. to - 1}, whole vectors of 16, and writes the arrays of a
   * block from their beginning.
   *
   * @param xHarmless what is written for an entry of x without mass
   * @param yHarmless what is written for an entry of y without mass
   */
  public abstract void read(
      Object xBase, long xStart, Object yBase, long yStart, int from, int to, float xHarmless, float yHarmless,
      PowerLoop.Block out);

  @Override
  public Rehearsal rehearsal(Source source) {
    MadeUp rows = MadeUp.logits(source);
    PowerLoop.Block out = new PowerLoop.Block();
    return new Rehearsal() {
      @Override
      public void run(int entries) {
        read(rows.x, MadeUp.START, rows.y, MadeUp.START, 0, Math.min(entries, Sizes.BLOCK), 0, 0, out);
      }
    };
  }

  /** The plain form. */
  private static final class Plain extends WidenLoop {
    private final Source source;
    private final float none;

    Plain(Source source, Kind kind) {
      this.source = source;
      this.none = kind.none();
    }

    @Override
    public void read(
        Object xBase, long xStart, Object yBase, long yStart, int from, int to, float xHarmless, float yHarmless,
        PowerLoop.Block out) {
      float[] x = out.stage.x;
      float[] y = out.stage.y;
      int count = to - from;
      out.stage.load(source, xBase, xStart + from, count, x);
      out.stage.load(source, yBase, yStart + from, count, y);
      int lost = 0;
      int gained = 0;
      for (int i = 0; i < count; i++) {
        boolean xNone = x[i] == none;
        boolean yNone = y[i] == none;
        lost += yNone && !xNone ? 1 : 0;
        gained += xNone && !yNone ? 1 : 0;
        out.x[i] = xNone ? xHarmless : x[i];
        out.y[i] = yNone ? yHarmless : y[i];
        out.xOut[i] = xNone ? Double.NEGATIVE_INFINITY : 0;
        out.yOut[i] = yNone ? Double.NEGATIVE_INFINITY : 0;
      }
      out.lost = lost;
      out.gained = gained;
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends WidenLoop {
    private static final Object[] DATA = Specialized.data(MethodHandles.lookup(), Object[].class);
    private static final Loader LOADER = Loader.of((Source) DATA[0]);
    private static final float NONE = ((Kind) DATA[1]).none();

    Template() {}

    @Override
    public void read(
        Object xBase, long xStart, Object yBase, long yStart, int from, int to, float xHarmless, float yHarmless,
        PowerLoop.Block out) {
      int half = Vectors.DOUBLES.length();
      FloatVector xInstead = Vectors.all(xHarmless);
      FloatVector yInstead = Vectors.all(yHarmless);
      int lost = 0;
      int gained = 0;
      for (int i = from; i < to; i += Vectors.COUNT) {
        FloatVector x = LOADER.load(xBase, xStart, i);
        FloatVector y = LOADER.load(yBase, yStart, i);
        VectorMask<Float> xNone = x.compare(VectorOperators.EQ, NONE);
        VectorMask<Float> yNone = y.compare(VectorOperators.EQ, NONE);
        lost += yNone.andNot(xNone).trueCount();
        gained += xNone.andNot(yNone).trueCount();
        FloatVector xOut = Vectors.all(0f).blend(Float.NEGATIVE_INFINITY, xNone);
        FloatVector yOut = Vectors.all(0f).blend(Float.NEGATIVE_INFINITY, yNone);
        x = x.blend(xInstead, xNone);
        y = y.blend(yInstead, yNone);
        int at = i - from;
        x.convertShape(VectorOperators.F2D, Vectors.DOUBLES, 0).reinterpretAsDoubles().intoArray(out.x, at);
        x.convertShape(VectorOperators.F2D, Vectors.DOUBLES, 1).reinterpretAsDoubles().intoArray(out.x, at + half);
        y.convertShape(VectorOperators.F2D, Vectors.DOUBLES, 0).reinterpretAsDoubles().intoArray(out.y, at);
        y.convertShape(VectorOperators.F2D, Vectors.DOUBLES, 1).reinterpretAsDoubles().intoArray(out.y, at + half);
        xOut.convertShape(VectorOperators.F2D, Vectors.DOUBLES, 0).reinterpretAsDoubles().intoArray(out.xOut, at);
        xOut.convertShape(VectorOperators.F2D, Vectors.DOUBLES, 1).reinterpretAsDoubles().intoArray(out.xOut,
            at + half);
        yOut.convertShape(VectorOperators.F2D, Vectors.DOUBLES, 0).reinterpretAsDoubles().intoArray(out.yOut, at);
        yOut.convertShape(VectorOperators.F2D, Vectors.DOUBLES, 1).reinterpretAsDoubles().intoArray(out.yOut,
            at + half);
      }
      out.lost = lost;
      out.gained = gained;
    }
  }
}
