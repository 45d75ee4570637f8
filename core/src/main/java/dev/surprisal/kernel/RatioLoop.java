package dev.surprisal.kernel;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * From a block of two rows, whose normalisers are known, the probabilities p (in their unit) and q (in the same unit, by
 * {@code ratio}) and {@code v = log(p/q)}. Where p is 0, v is infinite: the term is then that of q alone.
 */
abstract class RatioLoop {
  /** What the two rows are. */
  enum Kind {
    LOGITS_LOGITS(true),
    PROBABILITIES_LOGITS(true),
    /** As {@code PROBABILITIES_LOGITS}, but with y in place of v, for {@link PreciseRatio}. */
    CLOSE_PROBABILITIES_LOGITS(true),
    PROBABILITIES_PROBABILITIES(false),
    /** As {@code PROBABILITIES_PROBABILITIES}, but with y in place of v, for {@link PreciseRatio}. */
    CLOSE_PROBABILITIES_PROBABILITIES(false);

    /** Whether the second row is one of logits. */
    final boolean logits;

    Kind(boolean logits) {
      this.logits = logits;
    }
  }

  private static final int KINDS = Kind.values().length;
  private static final RatioLoop[] LOOPS = new RatioLoop[KINDS * Source.COUNT];

  /** Reads the entries {@code from .. to - 1}, whole vectors of 16, and writes the arrays from their beginning. */
  abstract void read(
      Object xBase, long xStart, Object yBase, long yStart, int from, int to, float[] p, float[] q, float[] v, Tile tile);

  /** The loop for two rows of one source; made when it is first asked for. */
  static RatioLoop of(Source source, Kind kind) {
    int index = source.ordinal() * KINDS + kind.ordinal();
    RatioLoop loop = LOOPS[index];
    if (loop == null) {
      loop = Specialized.of(RatioLoop.class, Template.class, new Object[] {source.loader, kind});
      LOOPS[index] = loop;
    }
    return loop;
  }

  /** The loop; see {@link Specialized}. */
  private static final class Template extends RatioLoop {
    private static final Object[] DATA = Specialized.data(MethodHandles.lookup(), Object[].class);
    private static final Loader LOADER = (Loader) DATA[0];
    private static final Kind KIND = (Kind) DATA[1];

    Template() {}

    @Override
    void read(
        Object xBase, long xStart, Object yBase, long yStart, int from, int to, float[] p, float[] q, float[] v, Tile tile) {
      FloatVector xTop = Lanes.all(tile.x.reference);
      FloatVector yTop = Lanes.all(tile.y.reference);
      FloatVector xShift = Lanes.all(tile.x.shift);
      FloatVector yShift = Lanes.all(tile.y.shift);
      FloatVector xScale = Lanes.all(tile.x.magic);
      FloatVector yScale = Lanes.all(tile.y.magic);
      FloatVector ratio = Lanes.all(tile.ratio);
      FloatVector offset = Lanes.all(tile.offset);
      FloatVector offsetRest = Lanes.all(tile.offsetRest);
      FloatVector offsetLast = Lanes.all(tile.offsetLast);
      if (KIND == Kind.LOGITS_LOGITS) {
        for (int i = from; i < to; i += Lanes.COUNT) {
          FloatVector x = LOADER.load(xBase, xStart, i);
          FloatVector y = LOADER.load(yBase, yStart, i);
          VectorMask<Float> xNone = xTop.sub(x).compare(VectorOperators.GT, Exp.RANGE);
          VectorMask<Float> yNone = yTop.sub(y).compare(VectorOperators.GT, Exp.RANGE);
          Exp.scaled(x.blend(xTop, xNone).sub(xShift), xScale).blend(0f, xNone).intoArray(p, i - from);
          Exp.scaled(y.blend(yTop, yNone).sub(yShift), yScale).blend(0f, yNone).mul(ratio).intoArray(q, i - from);
          // x - y - offset, with what the first subtraction rounded off.
          FloatVector u = x.sub(y);
          FloatVector back = u.sub(x);
          FloatVector lost = x.sub(u.sub(back)).sub(y.add(back)).sub(offsetRest).sub(offsetLast);
          u.sub(offset).add(lost).blend(Float.NEGATIVE_INFINITY, xNone).intoArray(v, i - from);
        }
      } else if (KIND == Kind.PROBABILITIES_LOGITS || KIND == Kind.CLOSE_PROBABILITIES_LOGITS) {
        for (int i = from; i < to; i += Lanes.COUNT) {
          FloatVector x = LOADER.load(xBase, xStart, i);
          FloatVector y = LOADER.load(yBase, yStart, i);
          // q of an entry far below the others is as good as 0, but not so its logarithm.
          VectorMask<Float> yNone = yTop.sub(y).compare(VectorOperators.GT, Exp.RANGE);
          FloatVector kept = y.blend(yTop, yNone);
          FloatVector exp = Exp.scaled(kept.sub(yShift), yScale).mul(ratio);
          x.intoArray(p, i - from);
          exp.blend(0f, yNone).intoArray(q, i - from);
          if (KIND == Kind.CLOSE_PROBABILITIES_LOGITS) {
            y.intoArray(v, i - from);
            continue;
          }
          Log.ofRatio(x, exp).add(kept.sub(y))
              .blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f))
              .intoArray(v, i - from);
        }
      } else {
        for (int i = from; i < to; i += Lanes.COUNT) {
          FloatVector x = LOADER.load(xBase, xStart, i);
          FloatVector y = LOADER.load(yBase, yStart, i);
          x.intoArray(p, i - from);
          y.mul(ratio).intoArray(q, i - from);
          if (KIND == Kind.CLOSE_PROBABILITIES_PROBABILITIES) {
            y.intoArray(v, i - from);
            continue;
          }
          Log.ofRatio(x, y).sub(offset)
              .blend(Float.POSITIVE_INFINITY, y.compare(VectorOperators.EQ, 0f))
              .blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f))
              .intoArray(v, i - from);
        }
      }
    }
  }
}
