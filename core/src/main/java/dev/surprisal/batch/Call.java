package dev.surprisal.batch;

import dev.surprisal.kernel.Arguments;
import dev.surprisal.kernel.Statistic;
import dev.surprisal.kernel.Worker;
import dev.surprisal.kernel.storage.Pieces;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * One call of a scorer in flight: its arguments, and the threads at work on it. Reused by later calls, so that a call
 * allocates nothing.
 *
 * <p>The calling thread works through chunks of rows (or through the pieces of one long row); helpers forked into
 * the pool take chunks from the same counter. The caller never waits for a helper that has not begun: when the
 * chunks are used up it closes the door, and waits for those inside. A helper that has nothing left to do stands
 * by for a few microseconds, for waking a parked thread takes longer than many a row; one that comes too late
 * finds the door closed and leaves.
 *
 * <p>A thread has a worker only while it computes, not while it waits or stands by.
 */
public final class Call implements Pieces.Team {
  private static final int CLOSED = Integer.MIN_VALUE;
  private static final int SPINS = 2_000;
  private static final int STANDBY_SPINS = 1_000;
  private static final VarHandle NEXT;
  private static final VarHandle INSIDE;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      NEXT = lookup.findVarHandle(Call.class, "next", long.class);
      INSIDE = lookup.findVarHandle(Call.class, "inside", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Who computes. */
  enum Way {
    /** The calling thread, all rows in order. */
    ALONE,

    /** All threads, chunks of rows. */
    ROWS,

    /** All threads, pieces of one row after the other. */
    PIECES
  }

  /** What is computed of what. */
  public final Arguments arguments = new Arguments();

  private final Idle<Worker> workers;
  private final Helper[] helpers;

  /** What the threads do: rows of a statistic, or pieces of a row in a pass. */
  private Statistic statistic;
  private Pieces.Pass pass;

  /** How it was accepted. */
  private Way way;
  private long rows;
  private long rowsPerChunk;

  private ForkJoinPool pool;
  private long items;
  private long chunk;
  private Thread caller;

  /** The worker of a caller that computes one long row after the other. */
  private Worker own;

  private volatile Throwable failure;

  /** The first item, a row or a piece of one, that nobody has taken. */
  private volatile long next;

  /** How many helpers are at work, with {@link #CLOSED} once no further one may begin. */
  private volatile int inside = CLOSED;

  Call(Idle<Worker> workers, int helpers) {
    this.workers = workers;
    this.helpers = new Helper[helpers];
    for (int i = 0; i < helpers; i++) {
      this.helpers[i] = new Helper(this);
    }
  }

  void accept(long count, Way how, long chunkOfRows) {
    rows = count;
    way = how;
    rowsPerChunk = chunkOfRows;
  }

  /** Computes all rows, in the way that was accepted. */
  void run(Statistic what, ForkJoinPool helpersFrom) {
    switch (way) {
      case ALONE -> runAlone(what, null);
      case ROWS -> {
        statistic = what;
        share(rows, rowsPerChunk, helpersFrom);
      }
      case PIECES -> {
        pool = helpersFrom;
        runAlone(what, this);
      }
    }
  }

  /** Computes one row after the other, the pieces of each shared with a team if there is one. */
  private void runAlone(Statistic what, Pieces.Team team) {
    Worker worker = workers.borrow();
    try {
      own = worker;
      worker.share(team);
      what.compute(worker, arguments, 0, rows);
    } finally {
      own = null;
      pass = null;
      worker.share(null);
      workers.giveBack(worker);
    }
  }

  @Override
  public void each(int count, Pieces.Pass of) {
    pass = of;
    share(count, 1, pool);
  }

  /** Does all items, with helpers; throws what one of them threw, when no thread is left inside. */
  private void share(long count, long itemsPerChunk, ForkJoinPool helpersFrom) {
    items = count;
    chunk = itemsPerChunk;
    failure = null;
    caller = Thread.currentThread();
    next = 0;
    inside = 0;
    try {
      long further = (count - 1) / itemsPerChunk;
      for (int i = 0; i < helpers.length && i < further; i++) {
        helpers[i].forkInto(helpersFrom);
      }
      takeChunks();
    } finally {
      close();
    }
    Throwable thrown = failure;
    failure = null;
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown != null) {
      throw (RuntimeException) thrown; // a statistic throws nothing checked
    }
  }

  private void takeChunks() {
    boolean mine = own != null && Thread.currentThread() == caller;
    Worker worker = mine ? own : workers.borrow();
    try {
      long from;
      while ((from = (long) NEXT.getAndAdd(this, chunk)) < items) {
        long to = Math.min(from + chunk, items);
        if (pass == null) {
          statistic.compute(worker, arguments, from, to);
        } else {
          for (long piece = from; piece < to; piece++) {
            worker.piece(pass, (int) piece);
          }
        }
      }
    } catch (Throwable thrown) {
      failure = thrown;
      next = items;
    } finally {
      if (!mine) {
        workers.giveBack(worker);
      }
    }
  }

  private void close() {
    INSIDE.getAndBitwiseOr(this, CLOSED);
    for (int spins = 0; inside != CLOSED; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, 100_000);
      }
    }
  }

  private void help() {
    for (int idle = 0; idle < STANDBY_SPINS; idle++) {
      int now = inside;
      if (now >= 0 && next < items && INSIDE.compareAndSet(this, now, now + 1)) {
        takeChunks();
        if ((int) INSIDE.getAndAdd(this, -1) == CLOSED + 1) {
          LockSupport.unpark(caller);
        }
        idle = 0;
      }
      Thread.onSpinWait();
    }
  }

  void clear() {
    arguments.clear();
    statistic = null;
    caller = null;
    pool = null;
  }

  /** A task that is never done: {@code exec} says "not yet", so that the same object can be forked again and again. */
  private static final class Helper extends ForkJoinTask<Void> {
    private static final long serialVersionUID = 1;
    private final transient Call call;

    /** Whether it is in the pool's queue, at work or standing by. */
    private volatile boolean attending;

    Helper(Call call) {
      this.call = call;
    }

    /** Does nothing if the pool has been shut down since the call was accepted: the caller does without helpers. */
    void forkInto(ForkJoinPool pool) {
      if (!attending) {
        attending = true;
        try {
          pool.execute(this);
        } catch (RejectedExecutionException shutDown) {
          attending = false;
        }
      }
    }

    @Override
    protected boolean exec() {
      try {
        call.help();
      } finally {
        attending = false;
      }
      return false;
    }

    @Override
    public Void getRawResult() {
      return null;
    }

    @Override
    protected void setRawResult(Void value) {}
  }
}
