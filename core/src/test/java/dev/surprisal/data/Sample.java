package dev.surprisal.data;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;

/**
 * A row of logits, a second one for statistics of two, and a target: all follow from kind, length and seed.
 *
 * @param name how to make it again, for failure messages
 * @param p the first row
 * @param q the second row
 * @param target an entry of the first
 */
public record Sample(String name, float[] p, float[] q, int target) {
  /** The sample of a kind, a length and a seed. */
  public static Sample of(RowKind kind, PairKind pair, int length, long seed) {
    SplittableRandom random =
        new SplittableRandom(seed * 1_000_003 + length * 10_007L + kind.ordinal() * 101L + pair.ordinal());
    float[] p = kind.row(random, length);
    float[] q = pair.second(kind, p, random);
    int target = random.nextInt(length);
    return new Sample("Sample.of(" + kind + ", " + pair + ", " + length + ", " + seed + ")", p, q, target);
  }

  /** The samples of all kinds that are wanted. */
  public static List<Sample> all(int length, long seed, BiPredicate<RowKind, PairKind> wanted) {
    List<Sample> samples = new ArrayList<>();
    for (RowKind kind : RowKind.values()) {
      for (PairKind pair : PairKind.values()) {
        if (wanted.test(kind, pair)) {
          samples.add(of(kind, pair, length, seed));
        }
      }
    }
    return samples;
  }
}
