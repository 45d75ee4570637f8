package dev.surprisal.batch;

import dev.surprisal.kernel.Arguments;
import dev.surprisal.kernel.Statistic;
import dev.surprisal.kernel.Worker;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Computes statistics of batches of rows: on the calling thread alone, or with helpers from a pool. Any number of
 * threads may call at once; each has a {@link Call} of its own.
 */
public final class Batch {
  /** Logits for which a helper is worth waking, and that a thread takes at a time. */
  private static final long CHUNK = 1 << 16;

  private final ForkJoinPool pool;
  private final int helpers;
  private final Idle<Worker> workers;
  private final Idle<Call> calls;

  /**
   * A way to compute.
   *
   * @param workers makes what a thread computes with
   * @param pool where helpers come from, or null for none
   */
  public Batch(Supplier<Worker> workers, ForkJoinPool pool) {
    this.pool = pool;
    // The caller works too: with the common pool (one thread fewer than processors) that makes one thread a processor.
    this.helpers = pool == null ? 0
        : pool == ForkJoinPool.commonPool() ? ForkJoinPool.getCommonPoolParallelism() : pool.getParallelism() - 1;
    this.workers = new Idle<>(workers);
    this.calls = new Idle<>(() -> new Call(this.workers, helpers));
  }

  /** A call whose arguments are to be filled in, and that {@link #run} takes back. */
  public Call call() {
    return calls.borrow();
  }

  /**
   * Computes the rows {@code 0 .. rows - 1}. What a row throws on any thread is thrown here, when
   * no thread is left inside.
   */
  public void run(Statistic statistic, Call call, long rows) {
    try {
      Arguments arguments = call.arguments;
      int vocabulary = arguments.x.vocabulary();
      long chunk = Math.max(1, CHUNK / vocabulary);
      boolean splitRows = rows <= helpers && call.isWorthSharing(vocabulary);
      if (helpers == 0 || rows <= chunk && !splitRows || !arguments.mayBeShared()) {
        call.runAlone(statistic, rows);
      } else if (pool.isShutdown()) {
        throw new RejectedExecutionException("the scorer's pool is shut down: " + pool);
      } else if (splitRows) {
        call.runShared(statistic, rows, pool);
      } else {
        call.run(statistic, rows, chunk, pool);
      }
    } finally {
      giveBack(call);
    }
  }

  /** Computes the rows {@code 0 .. rows - 1} in order, on the calling thread. */
  public void runAlone(Statistic statistic, Call call, long rows) {
    try {
      call.runAlone(statistic, rows);
    } finally {
      giveBack(call);
    }
  }

  private void giveBack(Call call) {
    call.clear();
    calls.giveBack(call);
  }

  /** How many workers are kept for later calls: at most one a processor. */
  public int idleWorkers() {
    return workers.size();
  }
}
