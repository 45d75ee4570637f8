package dev.surprisal.benchmarks.studies;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.BatchBenchmark;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Smoke;
import dev.surprisal.benchmarks.input.Storage;
import java.util.Arrays;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A fresh process: how long until the loops are compiled. Each fork scores one row after the other for a few seconds,
 * from the beginning or after {@code Scorer.warmUp}.
 */
@BenchmarkMode(Mode.SingleShotTime)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(value = 5, jvmArgsAppend = {
    "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow", "-Xmx4g"})
public class WarmUpBenchmark extends BatchBenchmark {
  private static final int VOCABULARY = 131_072;
  private static final int MOST_CALLS = 100_000;
  private static final long NANOS = Smoke.choose(6_000, 50) * 1_000_000L;
  /** Full speed is judged by the median of so many calls: one that is interrupted says nothing. */
  private static final int WINDOW = 15;

  /** Whether {@code Scorer.warmUp} goes before. */
  @Param({"false", "true"})
  public boolean warmedUp;

  private final long[] ends = new long[MOST_CALLS];

  /** What a process goes through. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Progress {
    /** What {@code Scorer.warmUp} took, if it was called. */
    public double warmUpMillis;
    /** The first call of all. */
    public double firstCallMillis;
    /** From the beginning to 90 % of full speed. */
    public double fullSpeedMillis;
    /** Rows scored until then. */
    public int fullSpeedRows;

    /** Made by JMH. */
    public Progress() {}
  }

  /** Made by JMH. */
  public WarmUpBenchmark() {}

  /** Not before the measurement. */
  @Override
  protected void warmUp(String benchmark) {}

  @Override
  public void prepare() {
    allocate(Inputs.LOGITS_PAIR, new Shape(1, 1, VOCABULARY), DType.F32, Storage.ARRAY);
  }

  /**
   * One row after the other.
   *
   * @param progress what came out
   * @return the last result
   */
  @Benchmark
  public double[] entropy(Progress progress) {
    return measure(progress, () -> scorer.entropy(x.logits(0), out));
  }

  /**
   * One pair of rows after the other.
   *
   * @param progress what came out
   * @return the last result
   */
  @Benchmark
  public double[] klDivergence(Progress progress) {
    return measure(progress, () -> scorer.klDivergence(x.logits(0), y.logits(0), out));
  }

  private double[] measure(Progress progress, Runnable call) {
    useThreads(1);
    if (warmedUp) {
      long before = System.nanoTime();
      scorer.warmUp(DType.F32);
      progress.warmUpMillis = (System.nanoTime() - before) / 1e6;
    }
    long start = System.nanoTime();
    int calls = 0;
    do {
      call.run();
      ends[calls++] = System.nanoTime() - start;
    } while (calls < WINDOW || calls < MOST_CALLS && ends[calls - 1] < NANOS);
    double fullSpeed = median(calls - Math.max(WINDOW, calls / 4), calls);
    int warm = 0;
    while (warm + WINDOW < calls && median(warm, warm + WINDOW) > fullSpeed / 0.9) {
      warm++;
    }
    progress.firstCallMillis = ends[0] / 1e6;
    progress.fullSpeedMillis = ends[warm] / 1e6;
    progress.fullSpeedRows = warm + 1;
    return out;
  }

  /** The median time of the calls {@code from} to {@code to - 1}. */
  private double median(int from, int to) {
    long[] nanos = new long[to - from];
    for (int i = from; i < to; i++) {
      nanos[i - from] = ends[i] - (i == 0 ? 0 : ends[i - 1]);
    }
    Arrays.sort(nanos);
    return nanos[nanos.length / 2];
  }
}
