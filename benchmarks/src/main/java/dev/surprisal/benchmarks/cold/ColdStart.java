package dev.surprisal.benchmarks.cold;

import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import dev.surprisal.benchmarks.input.SyntheticRows;
import java.util.Arrays;
import java.util.Locale;

/**
 * The first seconds of a process that computes the entropy of one row after the other, as a user's would: what the
 * first call takes, and how long it takes until later ones have their speed. {@link ColdStarts} has many of these.
 */
public final class ColdStart {
  private static final int VOCABULARY = 131_072;

  /** Calls after the first one that are looked at one by one. */
  private static final int NEXT = 200;

  private static final long NANOS = 5_000_000_000L;
  private static final int MOST_CALLS = 1 << 20;

  /** Full speed is reached with the call from which on so many have a median of this share of it. */
  private static final int STEADY = 20;
  private static final double SHARE = 0.9;

  private static final double MILLIS = 1e-6;

  private ColdStart() {}

  /**
   * Prints milliseconds: the scorer and the first call, that call, the slowest of the next 200, all of these, and from
   * the start until full speed; and the nanoseconds that a logit takes then.
   *
   * @param none nothing
   */
  public static void main(String[] none) {
    float[] row = SyntheticRows.logits(VOCABULARY);
    double[] out = new double[1];
    long[] ends = new long[MOST_CALLS];
    long start = System.nanoTime();
    Scorer scorer = Scorer.sequential();
    Logits logits = Logits.of(row, 1, VOCABULARY);
    long ready = System.nanoTime();
    int calls = 0;
    do {
      scorer.entropy(logits, out);
      ends[calls++] = System.nanoTime();
    } while (ends[calls - 1] - start < NANOS && calls < MOST_CALLS);
    System.out.println(figures(start, ready, Arrays.copyOf(ends, calls)));
  }

  private static String figures(long start, long ready, long[] ends) {
    long[] calls = new long[ends.length];
    calls[0] = ends[0] - ready;
    for (int i = 1; i < ends.length; i++) {
      calls[i] = ends[i] - ends[i - 1];
    }
    int next = Math.min(NEXT, calls.length - 1);
    long worst = Arrays.stream(calls, 1, next + 1).max().orElse(0);
    long full = median(calls, calls.length * 3 / 4, calls.length);
    int steady = 0;
    while (median(calls, steady, Math.min(steady + STEADY, calls.length)) > full / SHARE) {
      steady++;
    }
    return String.format(Locale.ROOT, "%.2f %.2f %.2f %.1f %.0f %.4f", (ends[0] - start) * MILLIS, calls[0] * MILLIS,
        worst * MILLIS, (ends[next] - ends[0]) * MILLIS, (ends[steady] - start) * MILLIS, (double) full / VOCABULARY);
  }

  private static long median(long[] of, int from, int to) {
    long[] sorted = Arrays.copyOfRange(of, from, to);
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
