package dev.surprisal.kernel.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The two forms of the loops over terms of two rows leave the same bits, whatever the rows. */
class TermFormsTest {
  private static final long SEED = 20261130;
  private static final double[] SHARES_OF_SPECIAL = {0, 0, 0, 0.002, 0.05, 0.5};

  /** As many entries as short rows side by side have: more than a block. */
  private static final int LONGEST = Sizes.SHORT * Lanes.WIDTH;

  private static float[] probabilities(SplittableRandom random, int count, double deviation, double special) {
    float[] p = Forms.logits(random, count, deviation, 0);
    float[] other = Forms.logits(random, count, deviation, 1);
    for (int i = 0; i < count; i++) {
      p[i] = random.nextDouble() < special ? Math.abs(other[i]) : (float) Math.exp(p[i] - 5);
    }
    return p;
  }

  private static float[] add(float[] x, float by) {
    for (int i = 0; i < x.length; i++) {
      x[i] += by;
    }
    return x;
  }

  @ParameterizedTest
  @EnumSource
  void logRatios(Source source) {
    SplittableRandom random = new SplittableRandom(SEED);
    int compared = 0;
    for (LogRatioLoop.Kind kind : LogRatioLoop.Kind.values()) {
      Forms<LogRatioLoop> forms = Forms.of(LogRatioLoop.class, source, kind);
      boolean xLogits = kind == LogRatioLoop.Kind.LOGITS_LOGITS;
      boolean yLogits = xLogits || kind == LogRatioLoop.Kind.WEIGHTS_LOGITS;
      for (double special : SHARES_OF_SPECIAL) {
        for (int vectors : Forms.VECTORS) {
          int count = vectors * Lanes.WIDTH;
          if (count > Sizes.BLOCK) {
            continue;
          }
          int from = random.nextInt(3) * Lanes.WIDTH;
          // Some rows reach beyond the range of exponentials.
          double deviation = random.nextInt(4) == 0 ? 40 : 1 + 4 * random.nextDouble();
          float xMove = random.nextInt(4) == 0 ? 50_000 : 0;
          float yMove = random.nextInt(4) == 0 ? -50_000 : 0;
          float[] xs = xLogits
              ? add(Forms.logits(random, from + count, deviation, special), xMove)
              : probabilities(random, from + count, deviation, special);
          float[] ys = yLogits
              ? add(Forms.logits(random, from + count, deviation, special), yMove)
              : probabilities(random, from + count, deviation, special);
          Forms.Stored x = Forms.Stored.of(source, xs, random.nextInt(20));
          Forms.Stored y = Forms.Stored.of(source, ys, random.nextInt(20));
          LogRatioLoop.Normalisers by = new LogRatioLoop.Normalisers();
          by.x.refer(xMove + 18);
          by.y.refer(yMove + 21.5f);
          by.ratio = (float) Math.exp(random.nextGaussian());
          by.offset = (float) random.nextGaussian();
          by.offsetRest = 1e-8f * (float) random.nextGaussian();
          float[][] a = new float[3][count];
          float[][] b = new float[3][count];
          forms.vectors.read(
              x.base(), x.start(), y.base(), y.start(), from, from + count, by, a[0], a[1], a[2]);
          forms.plain.read(
              x.base(), x.start(), y.base(), y.start(), from, from + count, by, b[0], b[1], b[2]);
          String what = kind + " " + count + " special " + special;
          assertArrayEquals(a[0], b[0], what + " p");
          assertArrayEquals(a[1], b[1], what + " q");
          assertArrayEquals(a[2], b[2], what + " v");
          compared += isFinite(a[0]) && isFinite(a[1]) && isFinite(a[2]) ? 1 : 0;
        }
      }
    }
    System.out.printf("ratios of %s: %d blocks of finite ones compared, seed %d%n", source, compared, SEED);
    assertTrue(compared > 100);
  }

  private static boolean isFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /** What a {@link LogRatioLoop} may leave of probabilities, and for a share above 0 what none would. */
  private static final class Ratios {
    final float[] p;
    final float[] q;
    final float[] v;

    Ratios(SplittableRandom random, int count, double special) {
      double deviation = 1 + 3 * random.nextDouble();
      p = probabilities(random, count, deviation, special);
      q = probabilities(random, count, deviation, special);
      v = new float[count];
      // Some pairs of rows are close.
      float apart = random.nextInt(3) == 0 ? (float) Math.pow(10, -8 * random.nextDouble()) : 0;
      float[] other = Forms.logits(random, count, 1, 1);
      for (int i = 0; i < count; i++) {
        if (apart > 0 && random.nextDouble() >= special) {
          q[i] = p[i] * (float) Math.exp(apart * random.nextGaussian());
        }
        if (random.nextInt(50) == 0) {
          p[i] = random.nextBoolean() ? p[i] : 0;
          q[i] = random.nextBoolean() ? q[i] : 0;
        }
        boolean any = random.nextDouble() < special / 4;
        v[i] = any ? other[i] : p[i] == 0 ? Float.NEGATIVE_INFINITY : (float) Math.log((double) p[i] / q[i]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void divergences(DivergenceLoop.Kind kind) {
    SplittableRandom random = new SplittableRandom(SEED);
    Forms<DivergenceLoop> forms = Forms.of(DivergenceLoop.class, Source.F32_ARRAY, kind);
    DivergenceLoop.Blocks a = new DivergenceLoop.Blocks();
    DivergenceLoop.Blocks b = new DivergenceLoop.Blocks();
    int compared = 0;
    int infinite = 0;
    for (int k = 0; k < 10; k++) {
      for (double special : SHARES_OF_SPECIAL) {
        for (int vectors : Forms.VECTORS) {
          int count = vectors * Lanes.WIDTH;
          if (count > LONGEST) {
            continue;
          }
          Ratios of = new Ratios(random, count, special);
          int block = random.nextInt(4);
          forms.vectors.add(of.p, of.q, of.v, count, block, a);
          forms.plain.add(of.p, of.q, of.v, count, block, b);
          assertArrayEquals(Forms.lanes(a.terms, block), Forms.lanes(b.terms, block), count + " special " + special);
          for (int lane = 0; lane < Lanes.WIDTH; lane++) {
            float sum = a.terms.lanes[block * Lanes.WIDTH + lane];
            compared += Float.isFinite(sum) ? 1 : 0;
            infinite += sum == Float.POSITIVE_INFINITY ? 1 : 0;
          }
        }
      }
    }
    System.out.printf("%s: %d finite and %d infinite sums compared, seed %d%n", kind, compared, infinite, SEED);
    assertTrue(compared > 5000 && infinite > 100);
  }

  @Test
  void totalVariation() {
    SplittableRandom random = new SplittableRandom(SEED);
    Forms<TotalVariationLoop> forms = Forms.of(TotalVariationLoop.class, Source.F32_ARRAY, null);
    TotalVariationLoop.Blocks a = new TotalVariationLoop.Blocks();
    TotalVariationLoop.Blocks b = new TotalVariationLoop.Blocks();
    int compared = 0;
    for (int k = 0; k < 10; k++) {
      for (double special : SHARES_OF_SPECIAL) {
        for (int vectors : Forms.VECTORS) {
          int count = vectors * Lanes.WIDTH;
          if (count > LONGEST) {
            continue;
          }
          Ratios of = new Ratios(random, count, special);
          int block = random.nextInt(4);
          forms.vectors.add(of.p, of.q, of.v, count, block, a);
          forms.plain.add(of.p, of.q, of.v, count, block, b);
          String what = count + " special " + special;
          assertArrayEquals(Forms.lanes(a.gain, block), Forms.lanes(b.gain, block), what);
          assertArrayEquals(Forms.lanes(a.loss, block), Forms.lanes(b.loss, block), what);
          assertArrayEquals(Forms.lanes(a.gaining, block), Forms.lanes(b.gaining, block), what);
          assertArrayEquals(Forms.lanes(a.mass, block), Forms.lanes(b.mass, block), what);
          assertArrayEquals(Forms.lanes(a.level, block), Forms.lanes(b.level, block), what);
          compared += Arrays.stream(Forms.lanes(a.gain, block)).allMatch(TermFormsTest::isFinite) ? 1 : 0;
        }
      }
    }
    System.out.printf("total variation: %d blocks of finite sums compared, seed %d%n", compared, SEED);
    assertTrue(compared > 500);
  }

  private static boolean isFinite(int bits) {
    return Float.isFinite(Float.intBitsToFloat(bits));
  }
}
