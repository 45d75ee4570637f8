package dev.surprisal.kernel;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * A divergence of two distributions over a tile, as a sum of terms that are never negative. Both normalisers are known: p is
 * in its unit, q is scaled to the same unit by {@code ratio}, and {@code v = log(p/q)} of each entry is exact relative to
 * itself, also where p and q nearly agree.
 *
 * <pre>
 *   KL              a = sum p (e^-v - 1 + v)                     = sum p log(p/q) if both have the same mass
 *   Jensen-Shannon  a = sum (p log(p/m) + q log(q/m)) / 2        m = (p + q) / 2
 * </pre>
 *
 * <p>For {@code |v| < 1} a term is {@code p v^2} times a polynomial in v; farther apart nothing cancels in the definition.
 */
abstract class DivergenceLoop {
  /** What the two rows are. */
  enum Kind {
    LOGITS_LOGITS,
    PROBABILITIES_LOGITS,
    PROBABILITIES_PROBABILITIES
  }

  private static final int KINDS = Kind.values().length;
  private static final DivergenceLoop[] LOOPS = new DivergenceLoop[2 * KINDS * Source.COUNT];

  abstract void add(Object xBase, long xStart, Object yBase, long yStart, int from, int to, int lane, Tile tile);

  /** All 16 lanes of the tile that both cursors are at. */
  final void add(Row x, Row y, int from, int to, Tile tile) {
    for (int lane = 0; lane < Lanes.WIDTH; lane += Lanes.COUNT) {
      add(x.base, x.start, y.base, y.start, from, to, lane, tile);
    }
  }

  /** The loop for two rows of one source; made when it is first asked for. */
  static DivergenceLoop of(Source source, Kind kind, boolean jensenShannon) {
    int index = (source.ordinal() * KINDS + kind.ordinal()) * 2 + (jensenShannon ? 1 : 0);
    DivergenceLoop loop = LOOPS[index];
    if (loop == null) {
      loop = Specialized.of(
          DivergenceLoop.class, Template.class, new Object[] {source.loader, kind, jensenShannon});
      LOOPS[index] = loop;
    }
    return loop;
  }

  /** The loop; see {@link Specialized}. Too long to be inlined, on purpose: with its caller's code it would not fit. */
  private static final class Template extends DivergenceLoop {
    private static final Object[] DATA = Specialized.data(MethodHandles.lookup(), Object[].class);
    private static final Loader LOADER = (Loader) DATA[0];
    private static final Kind KIND = (Kind) DATA[1];
    private static final boolean JENSEN_SHANNON = (Boolean) DATA[2];

    Template() {}

    @Override
    void add(Object xBase, long xStart, Object yBase, long yStart, int from, int to, int lane, Tile tile) {
      int slot = lane;
      for (int block = from; block < to; block += Tile.BLOCK) {
        int end = Math.min(block + Tile.BLOCK, to);
        FloatVector sum = Lanes.all(0f);
        for (int i = block + lane; i < end; i += Lanes.WIDTH) {
          FloatVector x = LOADER.load(xBase, xStart, i);
          FloatVector y = LOADER.load(yBase, yStart, i);
          FloatVector p = x;
          FloatVector q = y.mul(tile.ratio);
          FloatVector v;
          VectorMask<Float> none;
          if (KIND == Kind.LOGITS_LOGITS) {
            none = Lanes.all(tile.reference).sub(x).compare(VectorOperators.GT, 87f);
            VectorMask<Float> yNone = Lanes.all(tile.referenceSecond).sub(y).compare(VectorOperators.GT, 87f);
            p = Exp.scaled(x.blend(tile.reference, none).sub(tile.shift), Lanes.all(tile.magic)).blend(0f, none);
            q = Exp.scaled(y.blend(tile.referenceSecond, yNone).sub(tile.shiftSecond), Lanes.all(tile.magicSecond))
                .blend(0f, yNone).mul(tile.ratio);
            // x - y - offset, with what the first subtraction rounded off.
            FloatVector u = x.sub(y);
            FloatVector back = u.sub(x);
            FloatVector lost = x.sub(u.sub(back)).sub(y.add(back));
            v = u.sub(tile.offset).add(lost);
            none = JENSEN_SHANNON ? none.or(yNone) : none;
          } else if (KIND == Kind.PROBABILITIES_LOGITS) {
            // q of an entry far below the others is as good as 0, but not so its logarithm.
            FloatVector kept = y.blend(tile.referenceSecond - 87f,
                Lanes.all(tile.referenceSecond).sub(y).compare(VectorOperators.GT, 87f));
            q = Exp.scaled(kept.sub(tile.shiftSecond), Lanes.all(tile.magicSecond)).mul(tile.ratio);
            v = Log.ofRatio(p, q).add(kept.sub(y));
            none = p.compare(VectorOperators.EQ, 0f);
          } else {
            v = Log.ofRatio(p, q);
            v = v.blend(Float.POSITIVE_INFINITY, q.compare(VectorOperators.EQ, 0f));
            none = p.compare(VectorOperators.EQ, 0f);
            none = JENSEN_SHANNON ? none.or(q.compare(VectorOperators.EQ, 0f)) : none;
          }
          v = v.blend(0f, none);
          VectorMask<Float> close = v.abs().compare(VectorOperators.LT, 1f).andNot(none);
          if (JENSEN_SHANNON) {
            sum = sum.add(shannonApart(p, q, v).blend(p.mul(v).mul(v).mul(shannonClose(v)), close));
          } else {
            sum = sum.add(q.sub(p).add(p.mul(v)).blend(p.mul(v).mul(v).mul(excess(v)), close));
          }
        }
        sum.intoArray(tile.a, slot);
        slot += Lanes.WIDTH;
      }
    }

    /** {@code (e^-v - 1 + v) / v^2} for {@code |v| < 1}, relative error 8.6e-8 before rounding. */
    private static FloatVector excess(FloatVector v) {
      return Lanes.all(0x1.a2c5b8p-16f)
          .fma(v, Lanes.all(-0x1.aa419cp-13f))
          .fma(v, Lanes.all(0x1.6c272ep-10f))
          .fma(v, Lanes.all(-0x1.10fce8p-7f))
          .fma(v, Lanes.all(0x1.555504p-5f))
          .fma(v, Lanes.all(-0x1.55557cp-3f))
          .fma(v, Lanes.all(0.5f));
    }

    /** {@code (log(p/m) + q/p log(q/m)) / (2 v^2)} for {@code |v| < 1}, relative error 8.6e-9 before rounding. */
    private static FloatVector shannonClose(FloatVector v) {
      return Lanes.all(0x1.6b7b24p-17f)
          .fma(v, Lanes.all(-0x1.6b0c50p-14f))
          .fma(v, Lanes.all(0x1.c71b8ep-12f))
          .fma(v, Lanes.all(-0x1.55584cp-9f))
          .fma(v, Lanes.all(0x1.000004p-6f))
          .fma(v, Lanes.all(-0x1.fffffcp-5f))
          .fma(v, Lanes.all(0.125f));
    }

    /**
     * {@code (p log(p/m) + q log(q/m)) / 2} from the larger, M, and the smaller, sM, of p and q, at least a factor e apart:
     * {@code M/2 ((1 + s)(log 2 - log(1 + s)) - s |v|)}.
     */
    private static FloatVector shannonApart(FloatVector p, FloatVector q, FloatVector v) {
      VectorMask<Float> pLarger = p.compare(VectorOperators.GT, q);
      FloatVector larger = q.blend(p, pLarger);
      FloatVector s = p.blend(q, pLarger).div(larger.blend(1f, larger.compare(VectorOperators.EQ, 0f)));
      FloatVector log1p = Lanes.all(0x1.af3652p-5f)
          .fma(s, Lanes.all(-0x1.0ab266p-3f))
          .fma(s, Lanes.all(0x1.88e1bcp-3f))
          .fma(s, Lanes.all(-0x1.fdfc2ap-3f))
          .fma(s, Lanes.all(0x1.55462cp-2f))
          .fma(s, Lanes.all(-0x1.ffffaap-2f))
          .fma(s, Lanes.all(1f))
          .mul(s);
      FloatVector entropies = s.add(1f).mul(Lanes.all((float) Math.log(2)).sub(log1p));
      return larger.mul(0.5f).mul(entropies.sub(s.mul(v.abs())));
    }
  }
}
