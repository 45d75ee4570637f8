package dev.surprisal.kernel.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.kernel.scalar.Exp;
import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Scale;
import dev.surprisal.kernel.scalar.Sizes;
import dev.surprisal.kernel.scalar.Source;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The two forms of the loops over two rows of logits leave the same bits, block by block, whatever the rows. */
class PairFormsTest {
  private static final long SEED = 20261130;
  private static final double[] SHARES_OF_SPECIAL = {0, 0, 0.0005, 0.002, 0.3};

  private final SplittableRandom random = new SplittableRandom(SEED);

  /** The rows at hand: {@code count} entries from {@code from} on. */
  private int from;
  private int count;
  private float[] xs;
  private float[] ys;
  private Forms.Stored x;
  private Forms.Stored y;

  /** Two rows with special values of their own: independent for an infinite distance, else y so far from x. */
  private void draw(Source source, int vectors, double special, double distance) {
    count = vectors * Lanes.WIDTH;
    from = random.nextInt(3) * Lanes.WIDTH;
    double deviation = 1 + 4 * random.nextDouble();
    boolean low = random.nextBoolean();
    xs = Forms.logits(random, from + count, deviation, special);
    ys = Forms.logits(random, from + count, deviation, special);
    float moved = (float) random.nextGaussian();
    for (int i = 0; i < ys.length && distance < Double.POSITIVE_INFINITY; i++) {
      if (random.nextDouble() >= special) {
        ys[i] = xs[i] + moved + (float) (distance * random.nextGaussian());
      }
    }
    for (int i = 0; i < ys.length; i++) {
      xs[i] = vary(xs[i], low);
      ys[i] = vary(ys[i], low);
    }
    x = Forms.Stored.of(source, xs, random.nextInt(20));
    y = Forms.Stored.of(source, ys, random.nextInt(20));
  }

  /** Sets the sign of some NaN, and makes low what is far above others where all is to be low. */
  private float vary(float value, boolean low) {
    if (low && value > 80) {
      return Float.NEGATIVE_INFINITY;
    }
    return value != value && random.nextBoolean() ? Float.intBitsToFloat(0xFFC00000) : value;
  }

  /** Of a reference that ordinary entries have, or of one a little above all finite entries of a row. */
  private Scale scale(float[] row) {
    float reference = 12 + random.nextInt(12);
    if (random.nextBoolean()) {
      reference = 6;
      for (float value : row) {
        reference = value < Float.POSITIVE_INFINITY ? Math.max(reference, value + 6) : reference;
      }
    }
    Scale scale = new Scale();
    scale.refer(reference);
    return scale;
  }

  @ParameterizedTest
  @EnumSource
  void differences(Source source) {
    for (DifferenceLoop.Variant variant : DifferenceLoop.Variant.values()) {
      Forms<DifferenceLoop> forms = Forms.of(DifferenceLoop.class, source, variant);
      DifferenceLoop.Blocks a = new DifferenceLoop.Blocks();
      DifferenceLoop.Blocks b = new DifferenceLoop.Blocks();
      int compared = 0;
      int amiss = 0;
      for (double special : SHARES_OF_SPECIAL) {
        for (int vectors : Forms.VECTORS) {
          draw(source, vectors, special, random.nextBoolean() ? 0.3 : Double.POSITIVE_INFINITY);
          Scale xScale = scale(xs);
          Scale yScale = scale(ys);
          float offset = random.nextFloat() - 0.5f;
          forms.vectors.add(x.base(), x.start(), y.base(), y.start(), from, from + count, xScale, yScale, offset, a);
          forms.plain.add(x.base(), x.start(), y.base(), y.start(), from, from + count, xScale, yScale, offset, b);
          for (int block = 0; block < Forms.blocks(count); block++) {
            String what = variant + " " + count + " block " + block + ", special " + special;
            boolean right = compare(variant, a, b, block, what);
            compared += right ? 1 : 0;
            amiss += right ? 0 : 1;
          }
        }
      }
      System.out.printf(
          "differences of %s, %s: %d blocks compared, %d amiss, seed %d%n", source, variant, compared, amiss, SEED);
      assertTrue(compared > 50 && amiss > 20);
    }
  }

  /** False where the loop has left garbage, as both forms must find. */
  private static boolean compare(
      DifferenceLoop.Variant variant, DifferenceLoop.Blocks a, DifferenceLoop.Blocks b, int block, String what) {
    boolean amiss = isAmiss(variant, a, block);
    assertEquals(amiss, isAmiss(variant, b, block), what);
    if (amiss) {
      return false;
    }
    assertEquals(Forms.least(a.xNearest, block), Forms.least(b.xNearest, block), what);
    assertEquals(Forms.least(a.yNearest, block), Forms.least(b.yNearest, block), what);
    assertArrayEquals(Forms.lanes(a.xMass, block), Forms.lanes(b.xMass, block), what);
    assertArrayEquals(Forms.lanes(a.yMass, block), Forms.lanes(b.yMass, block), what);
    if (!variant.masses) {
      assertArrayEquals(Forms.lanes(a.difference, block), Forms.lanes(b.difference, block), what);
    }
    if (variant.careful) {
      assertEquals(Forms.sum(a.mismatches, block), Forms.sum(b.mismatches, block), what);
    } else {
      assertEquals(Forms.most(a.farthest, block), Forms.most(b.farthest, block), what);
    }
    return true;
  }

  private static boolean isAmiss(DifferenceLoop.Variant variant, DifferenceLoop.Blocks of, int block) {
    return Forms.least(of.xNearest, block) < 0 || Forms.least(of.yNearest, block) < 0
        || !variant.careful && Forms.most(of.farthest, block) > Exp.FAR;
  }

  @ParameterizedTest
  @EnumSource
  void tangents(Source source) {
    for (TangentLoop.Variant variant : TangentLoop.Variant.values()) {
      Forms<TangentLoop> forms = Forms.of(TangentLoop.class, source, variant);
      TangentLoop.Blocks a = new TangentLoop.Blocks();
      TangentLoop.Blocks b = new TangentLoop.Blocks();
      int compared = 0;
      int amiss = 0;
      for (double special : SHARES_OF_SPECIAL) {
        for (double distance : new double[] {0, 1e-4, 0.1, 0.3, 0.7, 15}) {
          for (int vectors : Forms.VECTORS) {
            draw(source, vectors, special, distance);
            Scale scale = scale(xs);
            float offset = xs[from] - ys[from] + random.nextFloat() / 10;
            forms.vectors.add(x.base(), x.start(), y.base(), y.start(), from, from + count, scale, offset, a);
            forms.plain.add(x.base(), x.start(), y.base(), y.start(), from, from + count, scale, offset, b);
            for (int block = 0; block < Forms.blocks(count); block++) {
              String what = variant + " " + count + " block " + block + ", special " + special + ", " + distance;
              boolean right = compare(a, b, block, what);
              compared += right ? 1 : 0;
              amiss += right ? 0 : 1;
            }
          }
        }
      }
      System.out.printf(
          "tangents of %s, %s: %d blocks compared, %d amiss, seed %d%n", source, variant, compared, amiss, SEED);
      assertTrue(compared > 200 && amiss > 50);
    }
  }

  /** False where the loop has left garbage, as both forms must find. */
  private static boolean compare(TangentLoop.Blocks a, TangentLoop.Blocks b, int block, String what) {
    boolean amiss = Forms.most(a.largest, block) > Exp.FAR;
    assertEquals(amiss, Forms.most(b.largest, block) > Exp.FAR, what);
    if (amiss) {
      return false;
    }
    assertEquals(Forms.most(a.largest, block), Forms.most(b.largest, block), what);
    assertArrayEquals(Forms.lanes(a.mass, block), Forms.lanes(b.mass, block), what);
    assertArrayEquals(Forms.lanes(a.slope, block), Forms.lanes(b.slope, block), what);
    assertArrayEquals(Forms.lanes(a.tangent, block), Forms.lanes(b.tangent, block), what);
    return true;
  }

  @ParameterizedTest
  @EnumSource
  void floors(Source source) {
    Forms<FloorLoop> forms = Forms.of(FloorLoop.class, source, null);
    int lifted = 0;
    for (double special : SHARES_OF_SPECIAL) {
      for (int vectors : Forms.VECTORS) {
        draw(source, Math.min(vectors, Sizes.BLOCK / Lanes.WIDTH), special, random.nextBoolean() ? 0.3 : 40);
        // Low references have entries of their own below them, high ones all entries.
        float reference = random.nextInt(150);
        float offset = random.nextFloat() - 0.5f;
        float[][] a = new float[2][Sizes.BLOCK];
        float[][] b = new float[2][Sizes.BLOCK];
        forms.vectors.copy(
            x.base(), x.start(), y.base(), y.start(), from, from + count, reference, offset, a[0], a[1]);
        forms.plain.copy(x.base(), x.start(), y.base(), y.start(), from, from + count, reference, offset, b[0], b[1]);
        String what = count + " entries, special " + special;
        for (int row = 0; row < 2; row++) {
          for (int i = 0; i < count; i++) {
            assertEquals(a[row][i], b[row][i], what);
          }
        }
        for (int i = 0; i < count; i++) {
          lifted += xs[from + i] < a[0][i] - 1 ? 1 : 0;
        }
      }
    }
    System.out.printf("floors of %s: %d entries lifted, seed %d%n", source, lifted, SEED);
    assertTrue(lifted > 1000);
  }
}
