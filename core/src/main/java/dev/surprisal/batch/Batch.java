package dev.surprisal.batch;

import dev.surprisal.kernel.Statistic;
import dev.surprisal.kernel.Worker;
import dev.surprisal.kernel.scalar.Sizes;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;

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
   * @param pool where helpers come from, or null for none
   */
  public Batch(ForkJoinPool pool) {
    this.pool = pool;
    // The caller works too: with the common pool (one thread fewer than processors) that makes one thread a processor.
    this.helpers = pool == null ? 0
        : pool == ForkJoinPool.commonPool() ? ForkJoinPool.getCommonPoolParallelism() : pool.getParallelism() - 1;
    this.workers = new Idle<>() {
      @Override
      Worker make() {
        return new Worker();
      }
    };
    this.calls = new Idle<>() {
      @Override
      Call make() {
        return new Call(workers, helpers);
      }
    };
  }

  /** A call whose arguments are to be filled in, and that {@link #run} takes back. */
  public Call call() {
    return calls.borrow();
  }

  /**
   * Decides who computes the rows {@code 0 .. rows - 1} of a call. Throws, and takes the call back, if that needs
   * a pool that is shut down. Once a call is accepted only its rows can make it fail: so whatever a call changes, it
   * changes after this.
   */
  public void accept(Call call, long rows) {
    boolean accepted = false;
    try {
      int vocabulary = call.arguments.x.vocabulary();
      long chunk = Math.max(1, CHUNK / vocabulary);
      boolean splitRows = rows <= helpers && vocabulary > Sizes.PIECE;
      boolean alone = helpers == 0 || rows <= chunk && !splitRows || !call.arguments.mayBeShared();
      if (!alone && pool.isShutdown()) {
        throw new RejectedExecutionException("the scorer's pool is shut down: " + pool);
      }
      call.accept(rows, alone ? Call.Way.ALONE : splitRows ? Call.Way.PIECES : Call.Way.ROWS, chunk);
      accepted = true;
    } finally {
      if (!accepted) {
        giveBack(call);
      }
    }
  }

  /**
   * Computes the rows of a call that is accepted. What a row throws on any thread is thrown here, when no thread is
   * left inside.
   */
  public void runAccepted(Statistic statistic, Call call) {
    try {
      call.run(statistic, pool);
    } finally {
      giveBack(call);
    }
  }

  /** Computes the rows {@code 0 .. rows - 1}, if the call is accepted. */
  public void run(Statistic statistic, Call call, long rows) {
    accept(call, rows);
    runAccepted(statistic, call);
  }

  /** Computes the rows {@code 0 .. rows - 1} in order, on the calling thread. */
  public void runAlone(Statistic statistic, Call call, long rows) {
    call.accept(rows, Call.Way.ALONE, rows);
    runAccepted(statistic, call);
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
