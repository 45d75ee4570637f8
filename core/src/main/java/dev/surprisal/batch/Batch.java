package dev.surprisal.batch;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Runs calls: on the calling thread alone, or with helpers from a pool. Any number of threads may call at once; each has a
 * {@link Call} of its own.
 */
public final class Batch {
  /** Logits for which a helper is worth waking, and that a thread takes at a time. */
  private static final long CHUNK = 1 << 16;

  private static final int IDLE_CALLS = 64;

  private final Engines engines;
  private final ForkJoinPool pool;
  private final int helpers;
  private final AtomicReferenceArray<Call> idle = new AtomicReferenceArray<>(IDLE_CALLS);

  /**
   * A way to run calls.
   *
   * @param engines makes an engine for each thread
   * @param pool where helpers come from, or null for none
   */
  public Batch(Engines engines, ForkJoinPool pool) {
    this.engines = engines;
    this.pool = pool;
    // The caller works too: with the common pool (one thread fewer than processors) that makes one thread a processor.
    this.helpers = pool == null ? 0
        : pool == ForkJoinPool.commonPool() ? ForkJoinPool.getCommonPoolParallelism() : pool.getParallelism() - 1;
  }

  /** A call whose arguments are to be filled in, and that {@link #run} takes back. */
  public Call call() {
    for (int i = 0; i < IDLE_CALLS; i++) {
      Call call = idle.getPlain(i) == null ? null : idle.getAndSet(i, null);
      if (call != null) {
        return call;
      }
    }
    return new Call(engines, helpers);
  }

  /** Does the job on rows {@code 0 .. rows - 1}. What a row throws on any thread is thrown here, when no thread is left inside. */
  public void run(Job job, Call call, long rows) {
    try {
      long chunk = Math.max(1, CHUNK / call.x.vocabulary());
      boolean splitRows = rows <= helpers && call.hasLongRows();
      if (helpers == 0 || rows <= chunk && !splitRows || !call.mayBeShared()) {
        call.runAlone(job, rows);
      } else if (pool.isShutdown()) {
        throw new RejectedExecutionException("the scorer's pool is shut down: " + pool);
      } else if (splitRows) {
        call.runShared(job, rows, pool);
      } else {
        call.run(job, rows, chunk, pool);
      }
    } finally {
      giveBack(call);
    }
  }

  /** Does the job on rows {@code 0 .. rows - 1} in order, on the calling thread. */
  public void runAlone(Job job, Call call, long rows) {
    try {
      call.runAlone(job, rows);
    } finally {
      giveBack(call);
    }
  }

  private void giveBack(Call call) {
    call.clear();
    for (int i = 0; i < IDLE_CALLS; i++) {
      if (idle.getPlain(i) == null && idle.compareAndSet(i, null, call)) {
        return;
      }
    }
  }
}
