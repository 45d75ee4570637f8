package dev.surprisal.batch;

import dev.surprisal.kernel.Engine;
import dev.surprisal.kernel.RowScore;
import dev.surprisal.kernel.Rows;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.locks.LockSupport;

/**
 * One call of a scorer in flight: its arguments, and the threads at work on it. Reused by later calls, so that a call
 * allocates nothing.
 *
 * <p>The calling thread works through chunks of rows; helpers forked into the pool take chunks from the same counter. The
 * caller never waits for a helper that has not begun: when the rows are used up it closes the call, and waits for those
 * inside. A helper that comes too late finds the door closed and leaves.
 */
public final class Call {
  /** Where the statistics of a scored row go. */
  @FunctionalInterface
  public interface Sink {
    /** Stores what is known of a row. */
    void put(int row, RowScore score);
  }

  private static final int CLOSED = Integer.MIN_VALUE;
  private static final int SPINS = 2_000;
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

  public Rows x;
  public Rows y;
  public boolean normalizedX;
  public boolean normalizedY;
  public int[] targets;
  public double[] out;
  public Rows outRows;
  public Sink sink;

  private final Engine engine;
  private final Helper[] helpers;
  private Job job;
  private long rows;
  private long chunk;
  private Thread caller;
  private volatile Throwable failure;

  /** The first row that nobody has taken. */
  private volatile long next;

  /** How many helpers are at work, with {@link #CLOSED} once no further one may begin. */
  private volatile int inside = CLOSED;

  Call(Engines engines, int helpers) {
    this.engine = engines.create();
    this.helpers = new Helper[helpers];
    for (int i = 0; i < helpers; i++) {
      this.helpers[i] = new Helper(this, engines.create());
    }
  }

  /** Computes all rows on the calling thread. */
  void runAlone(Job work, long count) {
    for (long row = 0; row < count; row++) {
      work.row(engine, this, row);
    }
  }

  /** Computes all rows, in chunks, with as many helpers as there are further chunks. */
  void run(Job work, long count, long rowsPerChunk, ForkJoinPool pool) {
    job = work;
    rows = count;
    chunk = rowsPerChunk;
    failure = null;
    caller = Thread.currentThread();
    next = 0;
    inside = 0;
    try {
      long further = (count - 1) / rowsPerChunk;
      for (int i = 0; i < helpers.length && i < further; i++) {
        helpers[i].forkInto(pool);
      }
      takeChunks(engine);
    } finally {
      close();
    }
    Throwable thrown = failure;
    failure = null;
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown != null) {
      throw (RuntimeException) thrown; // a Job throws nothing checked
    }
  }

  private void takeChunks(Engine mine) {
    try {
      long from;
      while ((from = (long) NEXT.getAndAdd(this, chunk)) < rows) {
        long to = Math.min(from + chunk, rows);
        for (long row = from; row < to; row++) {
          job.row(mine, this, row);
        }
      }
    } catch (Throwable thrown) {
      failure = thrown;
      next = rows;
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

  private void help(Engine mine) {
    int now;
    do {
      now = inside;
      if (now < 0) {
        return;
      }
    } while (!INSIDE.compareAndSet(this, now, now + 1));
    takeChunks(mine);
    if ((int) INSIDE.getAndAdd(this, -1) == CLOSED + 1) {
      LockSupport.unpark(caller);
    }
  }

  boolean mayBeShared() {
    return x.isShared() && (y == null || y.isShared()) && (outRows == null || outRows.isShared());
  }

  void clear() {
    x = null;
    y = null;
    targets = null;
    out = null;
    outRows = null;
    sink = null;
    caller = null;
  }

  /** A task that is never done: {@code exec} says "not yet", so that the same object can be forked again and again. */
  private static final class Helper extends ForkJoinTask<Void> {
    private static final long serialVersionUID = 1;
    private final transient Call call;
    private final transient Engine engine;
    private volatile boolean queued;

    Helper(Call call, Engine engine) {
      this.call = call;
      this.engine = engine;
    }

    void forkInto(ForkJoinPool pool) {
      if (!queued) {
        queued = true;
        pool.execute(this);
      }
    }

    @Override
    protected boolean exec() {
      queued = false;
      call.help(engine);
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
