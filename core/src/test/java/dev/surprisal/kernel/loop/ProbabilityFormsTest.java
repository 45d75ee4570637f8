package dev.surprisal.kernel.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.kernel.loop.CostLoop.Cost;
import dev.surprisal.kernel.scalar.Element;
import dev.surprisal.kernel.scalar.LaneSum;
import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Scale;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The two forms of the loops over probabilities, and of those in double, leave the same bits, whatever the rows. */
class ProbabilityFormsTest {
  private static final long SEED = 20261130;
  private static final double[] SHARES_OF_SPECIAL = {0, 0, 0.002, 0.05, 0.3, 1};

  private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

  @ParameterizedTest
  @EnumSource
  void costs(Source source) {
    SplittableRandom random = new SplittableRandom(SEED);
    int compared = 0;
    int amiss = 0;
    for (Cost cost : Cost.values()) {
      Forms<CostLoop> forms = Forms.of(CostLoop.class, source, cost);
      CostLoop.Blocks a = new CostLoop.Blocks();
      CostLoop.Blocks b = new CostLoop.Blocks();
      for (double special : SHARES_OF_SPECIAL) {
        for (int vectors : Forms.VECTORS) {
          int count = vectors * Lanes.WIDTH;
          int from = random.nextInt(3) * Lanes.WIDTH;
          double deviation = 4 * random.nextDouble();
          float[] first = probabilities(random, from + count, source, deviation, special);
          Scale scale = new Scale();
          float[] second = cost.isOfLogits()
              ? logits(random, from + count, source, deviation, special, scale)
              : probabilities(random, from + count, source, deviation, special);
          if (!cost.isOfLogits() && random.nextInt(4) == 0) {
            second = first;
          }
          Forms.Stored p = Forms.Stored.of(source, first, random.nextInt(20));
          Forms.Stored q = Forms.Stored.of(source, second, random.nextInt(20));
          float ratio = special == 0 ? 1f / count : (float) Math.exp(36 * (random.nextDouble() - random.nextDouble()));
          float center = cost == Cost.NORMALIZED ? 0.9f + random.nextInt(2) : (float) (4 * random.nextGaussian());
          float excluded = excluded(random, q, source, from, second.length);
          forms.vectors.add(
              p.base(), p.start(), q.base(), q.start(), from, from + count, scale, ratio, center, excluded, a);
          forms.plain.add(
              p.base(), p.start(), q.base(), q.start(), from, from + count, scale, ratio, center, excluded, b);
          for (int block = 0; block < Forms.blocks(count); block++) {
            String what = cost + " " + count + " special " + special + " block " + block;
            boolean same = areProbabilities(a.watched, b.watched, block, what);
            amiss += same ? 0 : 1;
            if (same) {
              compared++;
              assertArrayEquals(Forms.lanes(a.cost, block), Forms.lanes(b.cost, block), what);
              assertArrayEquals(Forms.lanes(a.mass, block), Forms.lanes(b.mass, block), what);
              if (cost.isRatio()) {
                assertArrayEquals(Forms.lanes(a.magnitude, block), Forms.lanes(b.magnitude, block), what);
              }
            }
          }
        }
      }
    }
    System.out.printf("costs of %s: %d blocks compared, %d amiss, seed %d%n", source, compared, amiss, SEED);
    assertTrue(compared > 700);
    assertTrue(amiss > 20);
  }

  /** What is finite is finite as it is stored. */
  private static float[] probabilities(
      SplittableRandom random, int count, Source source, double deviation, double special) {
    float[] p = Forms.probabilities(random, count, deviation, special);
    for (int i = 0; i < count && source.element() == Element.F16; i++) {
      p[i] = p[i] > 65_504 && p[i] < Float.POSITIVE_INFINITY ? 65_504 : p[i];
    }
    return p;
  }

  /** Logits, the largest of which is what the scale refers to; minus infinity is one of them. */
  private static float[] logits(
      SplittableRandom random, int count, Source source, double deviation, double special, Scale scale) {
    float[] x = Forms.logits(random, count, deviation, special);
    boolean far = special > 0 && random.nextInt(3) == 0;
    float shift = far ? source.element() == Element.F16 ? 60_000 : 300_000 : random.nextInt(3) * 1_000;
    float max = shift + 20;
    for (int i = 0; i < count; i++) {
      x[i] += Float.isInfinite(x[i]) || x[i] != x[i] ? 0 : shift;
      x[i] = x[i] > max && x[i] < Float.POSITIVE_INFINITY ? shift : x[i];
      // About where the distance is taken instead of the exponential.
      x[i] = random.nextDouble() < special / 2 ? max - 50 + random.nextInt(-2, 3) * 0x1p-4f : x[i];
    }
    scale.refer(max);
    return x;
  }

  /** NaN, as most often, or a value as it is stored, or 0. */
  private static float excluded(SplittableRandom random, Forms.Stored row, Source source, int from, int to) {
    return switch (random.nextInt(6)) {
      case 0, 1 -> Stage.value(source, row.base(), row.start() + random.nextInt(from, to));
      case 2 -> random.nextBoolean() ? 0f : -0f;
      default -> Float.NaN;
    };
  }

  /** Whether all values of a block are probabilities, as both forms must find. */
  private static boolean areProbabilities(ProbabilityWatch a, ProbabilityWatch b, int block, String what) {
    boolean are = Forms.least(a.smallest, block) >= 0 && Forms.most(a.largest, block) < INFINITY;
    assertEquals(are, Forms.least(b.smallest, block) >= 0 && Forms.most(b.largest, block) < INFINITY, what);
    if (are) {
      assertEquals(Forms.least(a.smallest, block), Forms.least(b.smallest, block), what);
      assertEquals(Forms.most(a.largest, block), Forms.most(b.largest, block), what);
    }
    return are;
  }

  @ParameterizedTest
  @EnumSource
  void sums(Source source) {
    SplittableRandom random = new SplittableRandom(SEED);
    Forms<SumLoop> forms = Forms.of(SumLoop.class, source, null);
    ProbabilityWatch watchedA = new ProbabilityWatch();
    ProbabilityWatch watchedB = new ProbabilityWatch();
    int compared = 0;
    for (double special : SHARES_OF_SPECIAL) {
      LaneSum a = new LaneSum();
      LaneSum b = new LaneSum();
      for (int vectors : Forms.VECTORS) {
        int count = vectors * Lanes.WIDTH;
        int from = random.nextInt(3) * Lanes.WIDTH;
        float[] values = probabilities(random, from + count, source, 4 * random.nextDouble(), special);
        Forms.Stored p = Forms.Stored.of(source, values, random.nextInt(20));
        float excluded = excluded(random, p, source, from, values.length);
        forms.vectors.add(p.base(), p.start(), from, from + count, excluded, a, watchedA);
        forms.plain.add(p.base(), p.start(), from, from + count, excluded, b, watchedB);
        compared += areProbabilities(watchedA, watchedB, 0, count + " special " + special) ? 1 : 0;
        assertArrayEquals(bits(a.lanes), bits(b.lanes), count + " special " + special);
        if (!Double.isFinite(Lanes.fold(a.lanes))) {
          a.clear();
          b.clear();
        }
      }
    }
    System.out.printf("sums of %s: %d spans compared, seed %d%n", source, compared, SEED);
    assertTrue(compared > 60);
  }

  @ParameterizedTest
  @EnumSource
  void costsInDouble(DoubleCostLoop.Kind kind) {
    SplittableRandom random = new SplittableRandom(SEED);
    Forms<DoubleCostLoop> forms = Forms.of(DoubleCostLoop.class, Source.F32_ARRAY, kind);
    boolean ofLogits = kind == DoubleCostLoop.Kind.LOGITS || kind == DoubleCostLoop.Kind.RATIO_LOGITS;
    int finite = 0;
    for (double special : SHARES_OF_SPECIAL) {
      for (int vectors : Forms.VECTORS) {
        int count = vectors * Lanes.WIDTH;
        int from = random.nextInt(3) * Lanes.WIDTH;
        int pStart = random.nextInt(20);
        int qStart = random.nextInt(20);
        float[] p = finite(Forms.probabilities(random, pStart + from + count, 4, special));
        float[] q = ofLogits
            ? Forms.logits(random, qStart + from + count, 4, special)
            : finite(Forms.probabilities(random, qStart + from + count, 4, special));
        double point = ofLogits ? 10 * random.nextGaussian() : Math.exp(10 * random.nextGaussian());
        double[] a = random.doubles(Lanes.WIDTH).toArray();
        double[] b = a.clone();
        forms.vectors.add(p, pStart, q, qStart, from, from + count, point, a);
        forms.plain.add(p, pStart, q, qStart, from, from + count, point, b);
        assertArrayEquals(bits(a), bits(b), kind + " " + count + " special " + special);
        finite += Double.isFinite(Lanes.fold(a)) ? 1 : 0;
      }
    }
    System.out.printf("costs in double, %s: %d sums are finite, seed %d%n", kind, finite, SEED);
    assertTrue(finite > 34);
  }

  @ParameterizedTest
  @EnumSource
  void logRatiosInDouble(DoubleLogRatioLoop.Kind kind) {
    SplittableRandom random = new SplittableRandom(SEED);
    Forms<DoubleLogRatioLoop> forms = Forms.of(DoubleLogRatioLoop.class, Source.F32_ARRAY, kind);
    int finite = 0;
    for (double special : SHARES_OF_SPECIAL) {
      for (int vectors : Forms.VECTORS) {
        int count = vectors * Lanes.WIDTH;
        float[] p = finite(Forms.probabilities(random, count, 4, special));
        float[] a = kind == DoubleLogRatioLoop.Kind.LOGITS
            ? Forms.logits(random, count, 4, special)
            : finite(Forms.probabilities(random, count, 4, special));
        float[] b = a.clone();
        double base = 10 * random.nextGaussian();
        double offset = random.nextGaussian();
        forms.vectors.replace(a, p, count, base, offset);
        forms.plain.replace(b, p, count, base, offset);
        assertArrayEquals(bits(a), bits(b), kind + " " + count + " special " + special);
        for (float value : a) {
          finite += Float.isFinite(value) ? 1 : 0;
        }
        double by = Math.exp(30 * random.nextGaussian());
        forms.vectors.scale(p, a, count, by);
        forms.plain.scale(p, b, count, by);
        assertArrayEquals(bits(a), bits(b), kind + " scaled " + count + " special " + special);
        forms.plain.scale(p, p, count, by);
        assertArrayEquals(bits(a), bits(p), kind + " scaled in place " + count + " special " + special);
      }
    }
    System.out.printf("logarithms in double, %s: %d are finite, seed %d%n", kind, finite, SEED);
    assertTrue(finite > 20_000);
  }

  @ParameterizedTest
  @EnumSource
  void widening(Source source) {
    SplittableRandom random = new SplittableRandom(SEED);
    int lost = 0;
    int gained = 0;
    for (WidenLoop.Kind kind : WidenLoop.Kind.values()) {
      Forms<WidenLoop> forms = Forms.of(WidenLoop.class, source, kind);
      PowerLoop.Block a = new PowerLoop.Block();
      PowerLoop.Block b = new PowerLoop.Block();
      for (double special : SHARES_OF_SPECIAL) {
        for (int vectors : Forms.VECTORS) {
          int count = Math.min(vectors * Lanes.WIDTH, Sizes.BLOCK);
          int from = random.nextInt(3) * Lanes.WIDTH;
          Forms.Stored x = Forms.Stored.of(source, row(random, kind, from + count, special), random.nextInt(20));
          Forms.Stored y = Forms.Stored.of(source, row(random, kind, from + count, special), random.nextInt(20));
          float xHarmless = random.nextFloat();
          float yHarmless = random.nextFloat();
          forms.vectors.read(
              x.base(), x.start(), y.base(), y.start(), from, from + count, xHarmless, yHarmless, a);
          forms.plain.read(
              x.base(), x.start(), y.base(), y.start(), from, from + count, xHarmless, yHarmless, b);
          compare(a, b, kind + " " + count + " special " + special);
          lost += a.lost;
          gained += a.gained;
        }
      }
    }
    System.out.printf("widening of %s: %d lost, %d gained, seed %d%n", source, lost, gained, SEED);
    assertTrue(lost > 1_000 && gained > 1_000);
  }

  @ParameterizedTest
  @EnumSource
  void powers(WidenLoop.Kind kind) {
    SplittableRandom random = new SplittableRandom(SEED);
    Forms<PowerLoop> forms = Forms.of(PowerLoop.class, Source.F32_ARRAY, null);
    WidenLoop widen = WidenLoop.of(Source.F32_ARRAY, kind);
    PowerLoop.Block a = new PowerLoop.Block();
    PowerLoop.Block b = new PowerLoop.Block();
    boolean logits = kind == WidenLoop.Kind.LOGITS;
    int finite = 0;
    for (double order : new double[] {-700, -0.5, 0, 0.3, 0.999999, 1.5, 2, 40, 1e200}) {
      for (double special : SHARES_OF_SPECIAL) {
        for (int vectors : Forms.VECTORS) {
          int count = Math.min(vectors * Lanes.WIDTH, Sizes.BLOCK);
          float[] x = row(random, kind, count, special);
          float[] y = random.nextInt(3) == 0 ? close(random, x) : row(random, kind, count, special);
          float reference = logits ? 4 : 1;
          widen.read(x, 0, y, 0, 0, count, reference, reference, a);
          widen.read(x, 0, y, 0, 0, count, reference, reference, b);
          double rest = random.nextGaussian();
          String what = kind + " " + order + " " + count + " special " + special;
          double[] sumsA = random.doubles(5 * Lanes.WIDTH).toArray();
          double[] sumsB = sumsA.clone();
          double[] resultsA = drive(forms.vectors, a, count, logits, order - 1, rest, sumsA);
          double[] resultsB = drive(forms.plain, b, count, logits, order - 1, rest, sumsB);
          assertArrayEquals(bits(sumsA), bits(sumsB), what);
          assertArrayEquals(bits(resultsA), bits(resultsB), what);
          compare(a, b, what);
          assertArrayEquals(bits(a.tilted), bits(b.tilted), what);
          for (double sum : sumsA) {
            finite += Double.isFinite(sum) ? 1 : 0;
          }
        }
      }
    }
    System.out.printf("powers of %s: %d sums are finite, seed %d%n", kind, finite, SEED);
    assertTrue(finite > 10_000);
  }

  /** Has the loop do what it can with a block, in the order in which it is used; sums that the block ends with. */
  private static double[] drive(
      PowerLoop loop, PowerLoop.Block block, int count, boolean logits, double b, double rest, double[] sums) {
    if (!logits) {
      loop.log(block.x, count);
      loop.log(block.y, count);
    }
    loop.subtract(block.x, count, 4, rest);
    loop.subtract(block.y, count, 4, 0);
    double scale = Math.max(1, Math.abs(b));
    double[] lanes = new double[Lanes.WIDTH];
    add(loop, block.x, block.xOut, count, 0, 1, sums, 0, lanes);
    add(loop, block.y, block.yOut, count, 0, 1, sums, 1, lanes);
    double largest = loop.tilt(block, count, b, scale);
    // As the loop is used: about no infinity.
    double about = Double.isFinite(largest) ? largest : 1;
    add(loop, block.tilted, block.nothing, count, about, scale, sums, 2, lanes);
    add(loop, block.x, block.nothing, count, about - 1, scale, sums, 3, lanes);
    double ratio = loop.largestRatio(block, count);
    loop.masses(block, count);
    System.arraycopy(sums, 4 * Lanes.WIDTH, lanes, 0, Lanes.WIDTH);
    loop.addTerms(block, count, b, lanes);
    System.arraycopy(lanes, 0, sums, 4 * Lanes.WIDTH, Lanes.WIDTH);
    return new double[] {largest, ratio};
  }

  private static void add(
      PowerLoop loop, double[] logs, double[] out, int count, double about, double scale, double[] sums, int at,
      double[] lanes) {
    System.arraycopy(sums, at * Lanes.WIDTH, lanes, 0, Lanes.WIDTH);
    loop.addExponentials(logs, out, count, about, scale, lanes);
    System.arraycopy(lanes, 0, sums, at * Lanes.WIDTH, Lanes.WIDTH);
  }

  /** Of probabilities only finite ones, of logits also minus infinity. */
  private static float[] row(SplittableRandom random, WidenLoop.Kind kind, int count, double special) {
    if (kind == WidenLoop.Kind.PROBABILITIES) {
      return finite(Forms.probabilities(random, count, 3, special));
    }
    float[] x = Forms.logits(random, count, 3, special);
    for (int i = 0; i < count; i++) {
      x[i] = x[i] < Float.POSITIVE_INFINITY ? x[i] : 4;
    }
    return x;
  }

  /** A row next to another. */
  private static float[] close(SplittableRandom random, float[] to) {
    float[] x = to.clone();
    for (int i = 0; i < x.length; i++) {
      x[i] *= random.nextInt(20) == 0 ? 1 : 1 + 0x1p-12f * random.nextFloat();
      x[i] = x[i] == Float.POSITIVE_INFINITY ? Float.MAX_VALUE : x[i];
    }
    return x;
  }

  /** Without what is no probability. */
  private static float[] finite(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] >= 0 && values[i] < Float.POSITIVE_INFINITY ? values[i] : 0;
    }
    return values;
  }

  private static void compare(PowerLoop.Block a, PowerLoop.Block b, String what) {
    assertArrayEquals(bits(a.x), bits(b.x), what);
    assertArrayEquals(bits(a.y), bits(b.y), what);
    assertArrayEquals(bits(a.xOut), bits(b.xOut), what);
    assertArrayEquals(bits(a.yOut), bits(b.yOut), what);
    assertEquals(a.lost, b.lost, what);
    assertEquals(a.gained, b.gained, what);
  }

  private static long[] bits(double[] values) {
    long[] bits = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      bits[i] = Double.doubleToLongBits(values[i]); // one NaN
    }
    return bits;
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      bits[i] = Float.floatToIntBits(values[i]);
    }
    return bits;
  }
}
