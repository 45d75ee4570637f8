package dev.surprisal.kernel.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The two forms of the loops over short rows side by side leave the same bits of rows with a finite maximum. */
class ShortFormsTest {
  private static final long SEED = 20261201;
  private static final double[] SHARES_OF_SPECIAL = {0, 0, 0, 0.002, 0.02, 0.3};

  private final Forms<ShortRowsLoop> rows = Forms.of(ShortRowsLoop.class, Source.F32_ARRAY, null);
  private final Forms<ShortPairsLoop> pairs = Forms.of(ShortPairsLoop.class, Source.F32_ARRAY, null);

  /** Columns as they are before their loop. Some rows have ties, some are large, some have one entry. */
  private static void fill(SplittableRandom random, int vocabulary, double special, ShortRowsLoop.Columns a) {
    for (int lane = 0; lane < Lanes.WIDTH; lane++) {
      float[] row = Forms.logits(random, vocabulary, random.nextInt(4) == 0 ? 60 : 3, special);
      int shape = random.nextInt(6);
      float move = random.nextInt(3) == 0 ? (float) (1e4 * random.nextGaussian()) : 0;
      for (int i = 0; i < vocabulary; i++) {
        float x = shape == 0 ? Math.round(row[i]) : shape == 1 && i > 0 ? Float.NEGATIVE_INFINITY : row[i];
        a.values[i * Lanes.WIDTH + lane] = x + move;
      }
    }
  }

  private static ShortRowsLoop.Columns copy(ShortRowsLoop.Columns of) {
    ShortRowsLoop.Columns copy = new ShortRowsLoop.Columns();
    System.arraycopy(of.values, 0, copy.values, 0, of.values.length);
    return copy;
  }

  private static boolean isDistribution(ShortRowsLoop.Columns columns, int lane) {
    return Math.abs(columns.max[lane]) < Float.POSITIVE_INFINITY;
  }

  private static void assertSame(float[] a, float[] b, int vocabulary, int lane, String what) {
    for (int i = 0; i < vocabulary; i++) {
      int at = i * Lanes.WIDTH + lane;
      assertEquals(a[at], b[at], what + " entry " + i);
    }
  }

  @Test
  void rows() {
    SplittableRandom random = new SplittableRandom(SEED);
    int compared = 0;
    for (double special : SHARES_OF_SPECIAL) {
      for (int vocabulary = 1; vocabulary <= Sizes.SHORT; vocabulary++) {
        ShortRowsLoop.Columns a = new ShortRowsLoop.Columns();
        fill(random, vocabulary, special, a);
        ShortRowsLoop.Columns b = copy(a);
        rows.vectors.read(a, vocabulary);
        rows.plain.read(b, vocabulary);
        for (int lane = 0; lane < Lanes.WIDTH; lane++) {
          String what = "special " + special + " of " + vocabulary + " lane " + lane;
          assertEquals(a.max[lane], b.max[lane], what);
          if (!isDistribution(a, lane)) {
            continue;
          }
          assertEquals(a.ties[lane], b.ties[lane], what);
          assertEquals(a.mass[lane], b.mass[lane], what);
          assertEquals(a.distance[lane], b.distance[lane], what);
          assertEquals(a.square[lane], b.square[lane], what);
          assertSame(a.exponentials, b.exponentials, vocabulary, lane, what);
          assertSame(a.distances, b.distances, vocabulary, lane, what);
          compared++;
        }
      }
    }
    System.out.printf("short rows: %d compared, seed %d%n", compared, SEED);
    assertTrue(compared > 4000);
  }

  @Test
  void pairs() {
    SplittableRandom random = new SplittableRandom(SEED);
    int compared = 0;
    for (double special : SHARES_OF_SPECIAL) {
      for (int vocabulary = 1; vocabulary <= Sizes.SHORT; vocabulary++) {
        ShortRowsLoop.Columns x = new ShortRowsLoop.Columns();
        ShortRowsLoop.Columns y = new ShortRowsLoop.Columns();
        fill(random, vocabulary, special, x);
        fill(random, vocabulary, special, y);
        if (random.nextInt(3) == 0) {
          beClose(random, vocabulary, x, y);
        }
        ShortPairsLoop.Columns a = new ShortPairsLoop.Columns(x, y);
        ShortPairsLoop.Columns b = new ShortPairsLoop.Columns(copy(x), copy(y));
        rows.vectors.read(a.x, vocabulary);
        rows.vectors.read(a.y, vocabulary);
        rows.plain.read(b.x, vocabulary);
        rows.plain.read(b.y, vocabulary);
        normalise(a);
        normalise(b);
        pairs.vectors.klDivergence(a, vocabulary);
        pairs.plain.klDivergence(b, vocabulary);
        for (int lane = 0; lane < Lanes.WIDTH; lane++) {
          if (isDistribution(x, lane) && isDistribution(y, lane)) {
            String what = "special " + special + " of " + vocabulary + " lane " + lane;
            assertEquals(a.mismatches[lane], b.mismatches[lane], what);
            assertSame(a.terms, b.terms, vocabulary, lane, what);
            assertEquals(a.sums[lane], b.sums[lane], what);
            assertEquals(
                pairs.vectors.sumApart(a, vocabulary, lane), pairs.plain.sumApart(b, vocabulary, lane), what);
            compared++;
          }
        }
        pairs.vectors.logRatios(a, vocabulary);
        pairs.plain.logRatios(b, vocabulary);
        for (int lane = 0; lane < Lanes.WIDTH; lane++) {
          if (isDistribution(x, lane) && isDistribution(y, lane)) {
            String what = "special " + special + " of " + vocabulary + " lane " + lane;
            assertSame(a.p, b.p, vocabulary, lane, what + " p");
            assertSame(a.q, b.q, vocabulary, lane, what + " q");
            assertSame(a.logRatios, b.logRatios, vocabulary, lane, what + " v");
          }
        }
      }
    }
    System.out.printf("short pairs: %d compared, seed %d%n", compared, SEED);
    assertTrue(compared > 3000);
  }

  private static void beClose(
      SplittableRandom random, int vocabulary, ShortRowsLoop.Columns x, ShortRowsLoop.Columns y) {
    for (int i = 0; i < vocabulary * Lanes.WIDTH; i++) {
      y.values[i] = x.values[i] + (float) (1e-3 * random.nextGaussian());
    }
  }

  private static void normalise(ShortPairsLoop.Columns columns) {
    for (int lane = 0; lane < Lanes.WIDTH; lane++) {
      double x = columns.x.ties[lane] + columns.x.mass[lane];
      double y = columns.y.ties[lane] + columns.y.mass[lane];
      columns.ratio[lane] = (float) (x / y);
      columns.logMass[lane] = Math.log(x) - Math.log(y);
    }
  }
}
