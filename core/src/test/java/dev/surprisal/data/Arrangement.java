package dev.surprisal.data;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Where in a row the entries of each of a few levels stand: all but the last level are of few entries, the last has
 * what is left. It decides which terms meet in one lane of a sum, and in which order.
 */
public enum Arrangement {
  /** The few first, level by level. */
  FIRST {
    @Override
    void place(int[] few, long seed, byte[] to) {
      int at = 0;
      for (int level = 0; level < few.length; level++) {
        for (int i = 0; i < few[level] && at < to.length; i++) {
          to[at++] = (byte) level;
        }
      }
    }
  },

  /** The few last. */
  LAST {
    @Override
    void place(int[] few, long seed, byte[] to) {
      FIRST.place(few, seed, to);
      for (int i = 0; i < to.length / 2; i++) {
        byte other = to[to.length - 1 - i];
        to[to.length - 1 - i] = to[i];
        to[i] = other;
      }
    }
  },

  /** The few of each level in a place of their own. */
  MIDDLE {
    @Override
    void place(int[] few, long seed, byte[] to) {
      for (int level = 0; level < few.length; level++) {
        int from = (int) ((level + 1L) * to.length / (few.length + 1));
        Arrays.fill(to, from, Math.min(from + few[level], to.length), (byte) level);
      }
    }
  },

  /** One level after the other, entry by entry. */
  INTERLEAVED {
    @Override
    void place(int[] few, long seed, byte[] to) {
      runs(1, few.length + 1, to);
    }
  },

  /** The same in runs, as long as the first level says. */
  RUNS {
    @Override
    void place(int[] few, long seed, byte[] to) {
      runs(few[0], few.length + 1, to);
    }
  },

  /** The first of every lane of a vector, of every chunk, of every block of a sum. */
  EVERY_16 {
    @Override
    void place(int[] few, long seed, byte[] to) {
      every(16, few.length, to);
    }
  },
  EVERY_128 {
    @Override
    void place(int[] few, long seed, byte[] to) {
      every(128, few.length, to);
    }
  },
  EVERY_512 {
    @Override
    void place(int[] few, long seed, byte[] to) {
      every(512, few.length, to);
    }
  },

  /** The few anywhere. */
  SCATTERED {
    @Override
    void place(int[] few, long seed, byte[] to) {
      SplittableRandom random = new SplittableRandom(seed);
      for (int level = 0; level < few.length; level++) {
        for (int i = 0; i < few[level]; i++) {
          to[random.nextInt(to.length)] = (byte) level;
        }
      }
    }
  };

  /** Fills the level of each entry into an array that has the last level everywhere. */
  abstract void place(int[] few, long seed, byte[] to);

  private static void runs(int length, int levels, byte[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = (byte) (i / length % levels);
    }
  }

  private static void every(int distance, int levels, byte[] to) {
    for (int i = 0; i < to.length; i += distance) {
      to[i] = (byte) (i / distance % levels);
    }
  }
}
