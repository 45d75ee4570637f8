package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.Fma;
import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Loader;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Rehearsal;
import dev.surprisal.kernel.vector.Specialized;
import dev.surprisal.kernel.vector.Vectors;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Sums over a span of one row of logits about its mean, from the exponentials that {@link MomentsLoop} has left:
 *
 * <pre>
 *   offset = sum e^x (center - x)        square = sum e^x (center - x)^2
 * </pre>
 *
 * <p>About the mean nothing cancels when a variance is made of them; and the mean of a span is known once its
 * exponentials are. Four terms of a lane at a time are added up in float, those sums in double.
 */
public abstract class SpreadLoop extends Strips {
  /** The sums, in 16 lanes. */
  public static final class Sums {
    final double[] offset = new double[Lanes.WIDTH];
    final double[] square = new double[Lanes.WIDTH];
    final Stage stage = new Stage();

    /** Makes both 0. */
    public void clear() {
      Arrays.fill(offset, 0);
      Arrays.fill(square, 0);
    }

    /** The sum of the distances. */
    public double offset() {
      return Lanes.fold(offset);
    }

    /** The sum of the squares. */
    public double square() {
      return Lanes.fold(square);
    }
  }

  private static final Loops<SpreadLoop> LOOPS =
      Loops.of(MethodHandles.lookup(), SpreadLoop.class, Template.class, new Loops.Plain<>() {
        @Override
        public SpreadLoop of(Source source, Enum<?> variant) {
          return new Plain(source);
        }
      });

  /** The loop of a source. */
  public static SpreadLoop of(Source source) {
    return LOOPS.of(source);
  }

  SpreadLoop(int lanes) {
    super(lanes);
  }

  /** Adds the lanes {@code lane .. lane + COUNT - 1} of the entries {@code from .. to - 1}, whole vectors of 16. */
  abstract void add(
      Object base, long start, int from, int to, int lane, float[] exponentials, int first, float center, Sums out);

  /**
   * Adds all 16 lanes of the entries {@code from .. to - 1}, elements {@code start + from ..} of the base.
   *
   * @param exponentials those of the entries {@code first ..}
   */
  public final void add(
      Object base, long start, int from, int to, float[] exponentials, int first, float center, Sums out) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += lanes) {
      add(base, start, from, to, lane, exponentials, first, center, out);
    }
  }

  @Override
  public Rehearsal rehearsal(Source source) {
    MadeUp rows = MadeUp.logits(source);
    float[] exponentials = MadeUp.weights(3);
    Sums out = new Sums();
    return new Rehearsal() {
      @Override
      public void run(int entries) {
        add(rows.x, MadeUp.START, 0, entries, exponentials, 0, 1, out);
      }
    };
  }

  /** The plain form. */
  private static final class Plain extends SpreadLoop {
    private static final int CHUNK = 4 * Lanes.WIDTH;

    private final Source source;

    Plain(Source source) {
      super(Lanes.WIDTH);
      this.source = source;
    }

    @Override
    void add(
        Object base, long start, int from, int to, int lane, float[] exponentials, int first, float center, Sums out) {
      Stage stage = out.stage;
      for (int block = from; block < to; block += Sizes.BLOCK) {
        int count = Math.min(Sizes.BLOCK, to - block);
        stage.load(source, base, start + block, count, stage.x);
        System.arraycopy(exponentials, block - first, stage.ex, 0, count);
        terms(stage.x, center, count, stage.ex);
        for (int i = 0; i < Lanes.WIDTH; i++) {
          addLane(stage.x, stage.ex, count, i, out);
        }
      }
    }

    /** Makes of x the distances, and of the exponentials their products with those. */
    private static void terms(float[] x, float center, int count, float[] e) {
      for (int i = 0; i < count; i++) {
        float m = center - x[i];
        x[i] = m;
        e[i] *= m;
      }
    }

    private static void addLane(float[] m, float[] em, int count, int lane, Sums out) {
      double offsets = out.offset[lane];
      double squares = out.square[lane];
      for (int chunk = 0; chunk < count; chunk += CHUNK) {
        int stop = Math.min(chunk + CHUNK, count);
        float offset = 0;
        float square = 0;
        for (int i = chunk + lane; i < stop; i += Lanes.WIDTH) {
          offset += em[i];
          square = Fma.fma(em[i], m[i], square);
        }
        offsets += offset;
        squares += square;
      }
      out.offset[lane] = offsets;
      out.square[lane] = squares;
    }
  }

  /** The vector form; see {@link Specialized}. */
  private static final class Template extends SpreadLoop {
    private static final Loader LOADER = Loader.of(Specialized.data(MethodHandles.lookup(), Source.class));
    private static final int HALF = Vectors.DOUBLES.length();
    private static final int CHUNK = 4 * Lanes.WIDTH;

    Template() {
      super(Vectors.COUNT);
    }

    @Override
    void add(
        Object base, long start, int from, int to, int lane, float[] exponentials, int first, float center, Sums out) {
      FloatVector middle = Vectors.all(center);
      int width = Vectors.width;
      DoubleVector offset0 = DoubleVector.fromArray(Vectors.DOUBLES, out.offset, lane);
      DoubleVector offset1 = DoubleVector.fromArray(Vectors.DOUBLES, out.offset, lane + HALF);
      DoubleVector square0 = DoubleVector.fromArray(Vectors.DOUBLES, out.square, lane);
      DoubleVector square1 = DoubleVector.fromArray(Vectors.DOUBLES, out.square, lane + HALF);
      for (int chunk = from; chunk < to; chunk += CHUNK) {
        int stop = Math.min(chunk + CHUNK, to);
        FloatVector offset = Vectors.all(0f);
        FloatVector square = Vectors.all(0f);
        for (int i = chunk + lane; i < stop; i += width) {
          FloatVector m = middle.sub(LOADER.load(base, start, i));
          FloatVector em = FloatVector.fromArray(Vectors.FLOATS, exponentials, i - first).mul(m);
          offset = offset.add(em);
          square = em.fma(m, square);
        }
        offset0 = offset0.add(offset.convertShape(VectorOperators.F2D, Vectors.DOUBLES, 0));
        offset1 = offset1.add(offset.convertShape(VectorOperators.F2D, Vectors.DOUBLES, 1));
        square0 = square0.add(square.convertShape(VectorOperators.F2D, Vectors.DOUBLES, 0));
        square1 = square1.add(square.convertShape(VectorOperators.F2D, Vectors.DOUBLES, 1));
      }
      offset0.intoArray(out.offset, lane);
      offset1.intoArray(out.offset, lane + HALF);
      square0.intoArray(out.square, lane);
      square1.intoArray(out.square, lane + HALF);
    }
  }
}
