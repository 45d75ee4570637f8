package dev.surprisal.kernel.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.kernel.loop.MomentsLoop.Level;
import dev.surprisal.kernel.scalar.Exp;
import dev.surprisal.kernel.scalar.Lanes;
import dev.surprisal.kernel.scalar.Scale;
import dev.surprisal.kernel.scalar.Source;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The two forms of the loops over one row leave the same bits, block by block, whatever the row. */
class RowFormsTest {
  private static final long SEED = 20261129;
  private static final double[] SHARES_OF_SPECIAL = {0, 0, 0.002, 0.3};

  @ParameterizedTest
  @EnumSource
  void moments(Source source) {
    SplittableRandom random = new SplittableRandom(SEED);
    int compared = 0;
    for (Level level : Level.values()) {
      Forms<MomentsLoop> forms = Forms.of(MomentsLoop.class, source, level);
      for (double special : SHARES_OF_SPECIAL) {
        for (int vectors : Forms.VECTORS) {
          int count = vectors * Lanes.WIDTH;
          int from = random.nextInt(3) * Lanes.WIDTH;
          float[] row = Forms.logits(random, from + count, 1 + 4 * random.nextDouble(), special);
          Forms.Stored x = Forms.Stored.of(source, row, random.nextInt(20));
          Scale scale = new Scale();
          scale.refer(special > 0 && random.nextBoolean() ? 100_000 : 18);
          float target = row[random.nextInt(row.length)];
          float excluded = row[random.nextInt(row.length)];
          MomentsLoop.Blocks a = new MomentsLoop.Blocks();
          MomentsLoop.Blocks b = new MomentsLoop.Blocks();
          forms.vectors.add(x.base(), x.start(), from, from + count, scale, target, excluded, a);
          forms.plain.add(x.base(), x.start(), from, from + count, scale, target, excluded, b);
          for (int block = 0; block < Forms.blocks(count); block++) {
            compared += compare(level, a, b, block, count, level + " " + count + " block " + block) ? 1 : 0;
          }
        }
      }
    }
    System.out.printf("moments of %s: %d blocks compared, seed %d%n", source, compared, SEED);
    assertTrue(compared > 200);
  }

  /** False where a fast loop has left garbage, as both must find. */
  private static boolean compare(
      Level level, MomentsLoop.Blocks a, MomentsLoop.Blocks b, int block, int count, String what) {
    boolean careful = level == Level.CAREFUL;
    boolean amiss = Forms.least(a.nearest, block) < 0 || !careful && Forms.most(a.farthest, block) > Exp.FAR;
    assertEquals(amiss, Forms.least(b.nearest, block) < 0 || !careful && Forms.most(b.farthest, block) > Exp.FAR, what);
    if (amiss) {
      return false;
    }
    assertEquals(Forms.least(a.nearest, block), Forms.least(b.nearest, block), what);
    assertArrayEquals(Forms.lanes(a.mass, block), Forms.lanes(b.mass, block), what);
    if (level != Level.SUM) {
      assertArrayEquals(Forms.lanes(a.distance, block), Forms.lanes(b.distance, block), what);
    }
    if (careful || level == Level.SCORE) {
      assertEquals(Forms.sum(a.above, block), Forms.sum(b.above, block), what);
      int end = Math.min((block + 1) * 512, count);
      for (int i = block * 512; i < end; i++) {
        assertEquals(a.exponentials[i], b.exponentials[i], what + " entry " + i);
        if (careful) {
          assertEquals(a.kept[i], b.kept[i], what + " entry " + i);
        }
      }
    }
    if (careful) {
      assertEquals(Forms.sum(a.ties, block), Forms.sum(b.ties, block), what);
    } else {
      assertEquals(Forms.most(a.farthest, block), Forms.most(b.farthest, block), what);
    }
    return true;
  }

  @ParameterizedTest
  @EnumSource
  void maximaAndIndices(Source source) {
    SplittableRandom random = new SplittableRandom(SEED);
    Forms<MaxLoop> max = Forms.of(MaxLoop.class, source, null);
    Forms<IndexLoop> index = Forms.of(IndexLoop.class, source, null);
    MaxLoop.Watch watch = new MaxLoop.Watch();
    for (double special : SHARES_OF_SPECIAL) {
      for (int vectors : Forms.VECTORS) {
        int count = vectors * Lanes.WIDTH;
        float[] row = Forms.logits(random, count, 3, special / 20);
        Forms.Stored x = Forms.Stored.of(source, row, random.nextInt(20));
        float expected = max.vectors.max(x.base(), x.start(), 0, count, watch);
        assertEquals(expected, max.plain.max(x.base(), x.start(), 0, count, watch));
        assertEquals(
            index.vectors.first(x.base(), x.start(), 0, count, expected),
            index.plain.first(x.base(), x.start(), 0, count, expected));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void decoding(Source source) {
    SplittableRandom random = new SplittableRandom(SEED);
    Forms<DecodeLoop> forms = Forms.of(DecodeLoop.class, source, null);
    for (Transform transform : new Transform[] {Transform.IDENTITY, new Transform(0.7f)}) {
      for (int vectors : Forms.VECTORS) {
        int count = vectors * Lanes.WIDTH;
        Forms.Stored x = Forms.Stored.of(source, Forms.logits(random, count, 3, 0.1), random.nextInt(20));
        float[] a = new float[count];
        float[] b = new float[count];
        forms.vectors.decode(x.base(), x.start(), count, transform, a);
        forms.plain.decode(x.base(), x.start(), count, transform, b);
        assertArrayEquals(a, b);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void spread(Source source) {
    SplittableRandom random = new SplittableRandom(SEED);
    Forms<SpreadLoop> forms = Forms.of(SpreadLoop.class, source, null);
    for (int vectors : Forms.VECTORS) {
      int count = vectors * Lanes.WIDTH;
      Forms.Stored x = Forms.Stored.of(source, Forms.logits(random, count, 3, 0), random.nextInt(20));
      float[] exponentials = new float[count];
      for (int i = 0; i < count; i++) {
        exponentials[i] = random.nextFloat();
      }
      SpreadLoop.Sums a = new SpreadLoop.Sums();
      SpreadLoop.Sums b = new SpreadLoop.Sums();
      forms.vectors.add(x.base(), x.start(), 0, count, exponentials, 0, 0.3f, a);
      forms.plain.add(x.base(), x.start(), 0, count, exponentials, 0, 0.3f, b);
      assertArrayEquals(a.offset, b.offset);
      assertArrayEquals(a.square, b.square);
    }
  }

  @Test
  void aSourceHasItsOwnClass() {
    assertNotSame(
        Forms.of(MaxLoop.class, Source.F32_ARRAY, null).vectors.getClass(),
        Forms.of(MaxLoop.class, Source.F32_SEGMENT, null).vectors.getClass());
  }
}
