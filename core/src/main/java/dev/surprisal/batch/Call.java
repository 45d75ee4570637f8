package dev.surprisal.batch;

import dev.surprisal.kernel.Destination;
import dev.surprisal.kernel.Engine;
import dev.surprisal.kernel.RowScore;
import dev.surprisal.kernel.Rows;
import dev.surprisal.kernel.Team;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.locks.LockSupport;

/**
 * One call of a scorer in flight: its arguments, and the threads at work on it. Reused by later calls, so that a call
 * allocates nothing.
 *
 * <p>The calling thread works through chunks of rows (or through the pieces of one long row); helpers forked into the pool take
 * chunks from the same counter. The caller never waits for a helper that has not begun: when the chunks are used up it closes
 * the door, and waits for those inside. A helper that has nothing left to do stands by for a few microseconds, for waking a
 * parked thread takes longer than many a row; one that comes too late finds the door closed and leaves.
 */
public final class Call implements Team {
  /** Where the statistics of a scored row go. */
  @FunctionalInterface
  public interface Sink {
    /** Stores what is known of a row. */
    void put(int row, RowScore score);
  }

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

  public Rows x;
  public Rows y;
  public boolean normalizedX;
  public boolean normalizedY;
  public int[] targets;
  public double[] out;
  public final Destination destination = new Destination();
  public Sink sink;

  private final Engine engine;
  private final Helper[] helpers;
  private Job job;
  private Pass pass;
  private ForkJoinPool pool;
  private long units;
  private long chunk;
  private Thread caller;
  private volatile Throwable failure;

  /** The first unit, a row or a piece of one, that nobody has taken. */
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
    engine.begin(count);
    for (long row = 0; row < count; row++) {
      work.row(engine, this, row);
    }
  }

  /** Computes all rows, in chunks, with as many helpers as there are further chunks. */
  void run(Job work, long count, long rowsPerChunk, ForkJoinPool helpersFrom) {
    job = work;
    share(count, rowsPerChunk, helpersFrom);
  }

  /** Computes one row after the other, the pieces of each shared with helpers. */
  void runShared(Job work, long count, ForkJoinPool helpersFrom) {
    pool = helpersFrom;
    engine.share(this);
    try {
      runAlone(work, count);
    } finally {
      engine.share(null);
      pass = null;
    }
  }

  @Override
  public void each(int count, Pass next) {
    pass = next;
    share(count, 1, pool);
  }

  /** Does all units, with helpers; throws what one of them threw, when no thread is left inside. */
  private void share(long count, long unitsPerChunk, ForkJoinPool helpersFrom) {
    units = count;
    chunk = unitsPerChunk;
    failure = null;
    caller = Thread.currentThread();
    next = 0;
    inside = 0;
    try {
      long further = (count - 1) / unitsPerChunk;
      for (int i = 0; i < helpers.length && i < further; i++) {
        helpers[i].forkInto(helpersFrom);
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
      while ((from = (long) NEXT.getAndAdd(this, chunk)) < units) {
        long to = Math.min(from + chunk, units);
        if (pass == null) {
          mine.begin(to);
          for (long row = from; row < to; row++) {
            job.row(mine, this, row);
          }
        } else {
          for (long piece = from; piece < to; piece++) {
            pass.piece((int) piece, mine);
          }
        }
      }
    } catch (Throwable thrown) {
      failure = thrown;
      next = units;
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
    for (int idle = 0; idle < STANDBY_SPINS; idle++) {
      int now = inside;
      if (now >= 0 && next < units && INSIDE.compareAndSet(this, now, now + 1)) {
        takeChunks(mine);
        if ((int) INSIDE.getAndAdd(this, -1) == CLOSED + 1) {
          LockSupport.unpark(caller);
        }
        idle = 0;
      }
      Thread.onSpinWait();
    }
  }

  /** Whether the rows are long enough to be shared, piece by piece. */
  boolean hasLongRows() {
    return x.vocabulary() >= engine.worthSharing();
  }

  boolean mayBeShared() {
    return x.isShared() && (y == null || y.isShared()) && destination.isShared();
  }

  void clear() {
    x = null;
    y = null;
    targets = null;
    out = null;
    destination.clear();
    sink = null;
    caller = null;
  }

  /** A task that is never done: {@code exec} says "not yet", so that the same object can be forked again and again. */
  private static final class Helper extends ForkJoinTask<Void> {
    private static final long serialVersionUID = 1;
    private final transient Call call;
    private final transient Engine engine;

    /** Whether it is in the pool's queue, at work or standing by. */
    private volatile boolean attending;

    Helper(Call call, Engine engine) {
      this.call = call;
      this.engine = engine;
    }

    void forkInto(ForkJoinPool pool) {
      if (!attending) {
        attending = true;
        pool.execute(this);
      }
    }

    @Override
    protected boolean exec() {
      try {
        call.help(engine);
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
