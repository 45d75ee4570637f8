package dev.surprisal.benchmarks;

import dev.surprisal.DType;
import dev.surprisal.Scorer;
import dev.surprisal.benchmarks.input.Batches;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import dev.surprisal.benchmarks.input.Smoke;
import dev.surprisal.benchmarks.input.Storage;
import dev.surprisal.benchmarks.input.SyntheticRows;
import java.lang.reflect.Method;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * Calls with one batch of rows each: the same batch again and again if the data set has only one, else one batch after
 * the other. How it is measured stands here, for all benchmarks.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@Warmup(iterations = 1, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 3, jvmArgsAppend = {
    "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow", "-Xmx4g"})
public abstract class BatchBenchmark {
  private static final long CHUNK_NANOS = 20_000_000;
  private static final long SETTLED_NANOS = 300_000_000;
  private static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final long LIMIT_NANOS = 60_000_000_000L;
  private static final double IMPROVEMENT = 0.9;

  /** The first input, or the only one. */
  protected Batches x;
  /** The second input, or null. */
  protected Batches y;
  /** One target for each row of a batch. */
  protected int[] targets;
  /** One result for each row of a batch. */
  protected double[] out;
  /** Computes on the number of threads asked for. */
  protected Scorer scorer;

  private ForkJoinPool pool;
  private int batch;

  /** Made by JMH. */
  protected BatchBenchmark() {}

  /**
   * Makes the inputs, then calls the benchmark until it is as fast as it gets.
   *
   * @param benchmark that is going to be measured
   * @throws Exception if something is wrong with either
   */
  @Setup(Level.Trial)
  public final void setUp(BenchmarkParams benchmark) throws Exception {
    prepare();
    String name = benchmark.getBenchmark();
    if (!Smoke.ON) {
      warmUp(name.substring(name.lastIndexOf('.') + 1));
    }
  }

  /**
   * Makes the inputs.
   *
   * @throws Exception if that fails
   */
  public abstract void prepare() throws Exception;

  /**
   * Calls a benchmark until its speed has settled. A fixed time would not do: until the loops are compiled a row takes
   * ten thousand times as long, and how long compiling them takes depends on what else the machine does. On the way
   * speed stands still again and again, for a second or, on a busy machine, several.
   *
   * @param benchmark name of its method
   * @throws Exception if it throws one
   */
  protected void warmUp(String benchmark) throws Exception {
    Method method = getClass().getMethod(benchmark, Rate.class);
    double fastest = Double.POSITIVE_INFINITY;
    long start = System.nanoTime();
    long improved = start;
    long now = start;
    while (now - improved < (fastest < warmNanosPerLogit() ? SETTLED_NANOS : PATIENCE_NANOS)
        && now - start < LIMIT_NANOS) {
      Rate rate = new Rate();
      long chunk = now;
      do {
        method.invoke(this, rate);
        now = System.nanoTime();
      } while (now - chunk < CHUNK_NANOS);
      double nanos = (now - chunk) * 1e-9 / rate.gigalogits;
      improved = nanos < IMPROVEMENT * fastest ? now : improved;
      fastest = Math.min(fastest, nanos);
    }
  }

  /**
   * What is not reached before the loops are compiled.
   *
   * @return nanoseconds a logit
   */
  protected double warmNanosPerLogit() {
    return 1;
  }

  /**
   * Makes synthetic inputs.
   *
   * @param inputs which ones
   * @param shape batches, rows and vocabulary
   * @param dtype how values are stored
   * @param storage where
   */
  protected final void allocate(Inputs inputs, Shape shape, DType dtype, Storage storage) {
    float[] logits = SyntheticRows.logits(shape.batchSize());
    allocate(inputs, logits, inputs.arePairs() ? SyntheticRows.student(logits) : null, shape, dtype, storage);
  }

  /**
   * Makes inputs of logits.
   *
   * @param inputs which ones
   * @param logits whole rows, repeated until the batches are full
   * @param others the same for the second input, if there is one
   * @param shape batches, rows and vocabulary
   * @param dtype how values are stored
   * @param storage where
   */
  protected final void allocate(
      Inputs inputs, float[] logits, float[] others, Shape shape, DType dtype, Storage storage) {
    x = new Batches(inputs.first(logits, shape.vocabulary()), shape, dtype, storage);
    y = inputs.arePairs() ? new Batches(inputs.second(others, shape.vocabulary()), shape, dtype, storage) : null;
    targets = SyntheticRows.targets(shape.rows(), shape.vocabulary());
    out = new double[shape.rows()];
  }

  /**
   * Makes the scorer.
   *
   * @param threads how many compute, the calling one among them
   */
  protected final void useThreads(int threads) {
    pool = threads == 1 ? null : new ForkJoinPool(threads);
    scorer = pool == null ? Scorer.sequential() : Scorer.on(pool);
  }

  /**
   * Goes to the next batch of the first input.
   *
   * @param rate counts what is read
   * @return which batch to read
   */
  protected final int next(Rate rate) {
    rate.add(x.shape(), x.dtype().bytes());
    return next();
  }

  /**
   * Goes to the next batch, counting nothing.
   *
   * @return which batch to read
   */
  protected final int next() {
    batch = batch + 1 < x.shape().batches() ? batch + 1 : 0;
    return batch;
  }

  /**
   * Goes to the next batch of both inputs.
   *
   * @param rate counts what is read
   * @return which batch to read
   */
  protected final int nextPair(Rate rate) {
    rate.add(y.shape(), y.dtype().bytes());
    return next(rate);
  }

  /** {@return the first input} */
  public final Batches x() {
    return x;
  }

  /** {@return the second input, or null} */
  public final Batches y() {
    return y;
  }

  /** {@return the target of each row of a batch} */
  public final int[] targets() {
    return targets;
  }

  /** {@return which batch was read last} */
  public final int batch() {
    return batch;
  }

  /** Frees memory and threads. */
  @TearDown(Level.Trial)
  public void close() {
    if (pool != null) {
      pool.close();
    }
    if (y != null) {
      y.close();
    }
    x.close();
  }
}
