package dev.surprisal.kernel.vector;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Has the vector forms of the loops that are called compiled, while their plain forms work. Before it is compiled a
 * vector operation is a call that makes an object, and a row takes a thousand times as long; so a daemon thread runs
 * the vector form over rows made up until it is faster than the plain form, and puts it in its place. Nobody waits for
 * that, and no result changes, since both forms leave the same bits.
 *
 * <p>The thread ends when nothing is left to do, and another one begins with the next loop. It asks for little. HotSpot
 * hands a method to its second compiler after so many calls ({@code Tier4InvocationThreshold}), however short; most are
 * of no entry at all, for each vector operation that is not compiled calls dozens of methods, which would all want to
 * be compiled first. Some have entries, enough for HotSpot to inline what they call: it does so if that is called once
 * in four calls ({@code InlineFrequencyRatio}), else only if it has not been compiled by itself meanwhile. The calls
 * go on until the loop is compiled, because HotSpot compiles first what is called most at the time.
 */
final class Rehearsals {
  /** Calls until HotSpot wants to compile a loop, and those of a turn, the first of which has entries. */
  private static final int CALLS = 5200;
  private static final int CALLS_AT_A_TIME = 100;

  /** Lengths of rows in turn: so that a loop has seen ends of blocks and of chunks. */
  private static final int[] LENGTHS = {Rehearsal.ENTRIES, 640, Rehearsal.ENTRIES, 1040, Rehearsal.ENTRIES, 496};

  /** What is slower than the plain form by more is not compiled yet, and not looked at closely. */
  private static final int HOPELESS = 4;

  /** In how many turns, one after the other, the vector form must have been the faster one. */
  private static final int TIMES_FASTER = 3;

  /**
   * A form that is still not the faster one after so long was compiled when HotSpot knew too little of it, and will not
   * be compiled again: then another copy is made, and has twice the time.
   */
  private static final long FIRST_TRY_NANOS = 1_500_000_000L;

  /** Whether what the thread takes of the processor is taken from those who call. */
  private static final boolean SHARED = Runtime.getRuntime().availableProcessors() == 1;

  /** When a loop is only waited for, the thread sleeps after a turn as long as that took, and no less than this. */
  private static final long PAUSE_MILLIS = 3;

  /** A loop that is not faster after so long stays plain: the compiler that would make it fast is not there. */
  private static final long LIMIT_NANOS = 60_000_000_000L;

  /** The thread begins so late: the first row of a process needs the other processors, to compile plain Java. */
  private static final long DELAY_MILLIS = 50;

  /** How long the thread waits for more to do. */
  private static final long PATIENCE_MILLIS = 1000;

  private static final Object LOCK = new Object();
  private static final Queue<Item> ADDED = new ArrayDeque<>();
  private static Thread thread;
  private static int unfinished;

  private Rehearsals() {}

  /** A vector form that is to take the place of a plain one. All is called by the thread of the rehearsals. */
  interface Understudy {
    /** A way to run the plain form. */
    Rehearsal ofPlain();

    /** A way to run the vector form, which is made anew. */
    Rehearsal ofVectors();

    /** The vector form is the faster one. */
    void takeOver();
  }

  /** Asks for a loop to be replaced by its vector form. */
  static void add(Understudy understudy) {
    synchronized (LOCK) {
      ADDED.add(new Item(understudy));
      unfinished++;
      if (thread == null) {
        thread = new Daemon();
        thread.start();
      } else {
        LOCK.notifyAll();
      }
    }
  }

  /** Waits until nothing is left to do. */
  static void await() throws InterruptedException {
    synchronized (LOCK) {
      while (unfinished > 0) {
        LOCK.wait();
      }
    }
  }

  /** Rehearses what has been added, all at once, until that is done. */
  private static final class Daemon extends Thread {
    Daemon() {
      super("surprisal-rehearsals");
      setDaemon(true);
      setContextClassLoader(null);
    }

    @Override
    public void run() {
      List<Item> items = new ArrayList<>();
      try {
        Thread.sleep(DELAY_MILLIS);
        while (takeAdded(items)) {
          long start = System.nanoTime();
          for (int i = items.size() - 1; i >= 0; i--) {
            if (items.get(i).advance()) {
              items.remove(i);
              finish(1);
            }
          }
          if (SHARED || areWatched(items)) {
            Thread.sleep(Math.max(PAUSE_MILLIS, (System.nanoTime() - start) / 1_000_000));
          }
        }
      } catch (Throwable e) {
        // Out of memory, or interrupted by someone who knows all threads: plain forms go on.
        synchronized (LOCK) {
          thread = null;
          finish(items.size() + ADDED.size());
          ADDED.clear();
        }
      }
    }

    private static boolean areWatched(List<Item> items) {
      for (Item item : items) {
        if (!item.isWatched()) {
          return false;
        }
      }
      return true;
    }

    /** Takes over what has been added; false, and the thread is to end, if there was nothing for some time. */
    private static boolean takeAdded(List<Item> items) throws InterruptedException {
      synchronized (LOCK) {
        if (ADDED.isEmpty() && items.isEmpty()) {
          LOCK.wait(PATIENCE_MILLIS);
        }
        items.addAll(ADDED);
        ADDED.clear();
        if (items.isEmpty()) {
          thread = null;
          return false;
        }
        return true;
      }
    }

    private static void finish(int count) {
      synchronized (LOCK) {
        unfinished -= count;
        LOCK.notifyAll();
      }
    }
  }

  /** One loop. */
  private static final class Item {
    private final Understudy understudy;

    private Rehearsal ofPlain;
    private Rehearsal ofVectors;
    private long begun;
    private long tryNanos = FIRST_TRY_NANOS;
    private long tried;
    private int calls;
    private int timesFaster;

    Item(Understudy understudy) {
      this.understudy = understudy;
    }

    /** A turn: runs the forms a few times; true if nothing is left to do. */
    boolean advance() {
      long now = System.nanoTime();
      if (ofVectors == null) {
        begun = now;
        tried = now;
        ofPlain = understudy.ofPlain();
        ofVectors = understudy.ofVectors();
      }
      if (now - tried > tryNanos) {
        tried = now;
        tryNanos *= 2;
        calls = 0;
        ofVectors = understudy.ofVectors();
      }
      int entries = LENGTHS[calls / CALLS_AT_A_TIME % LENGTHS.length];
      boolean isFaster = isFaster(entries);
      for (int i = 1; i < CALLS_AT_A_TIME; i++) {
        ofVectors.run(0);
      }
      calls += CALLS_AT_A_TIME;
      timesFaster = isFaster ? timesFaster + 1 : 0;
      if (timesFaster == TIMES_FASTER) {
        understudy.takeOver();
        return true;
      }
      return now - begun > LIMIT_NANOS;
    }

    /** Whether there is nothing more to do than to wait until it is compiled. */
    boolean isWatched() {
      return calls >= CALLS;
    }

    /** Compares calls, and then calls that find everything in the cache: short loops take less than what they read. */
    private boolean isFaster(int entries) {
      long vectors = nanos(ofVectors, entries);
      long plain = nanos(ofPlain, entries);
      return vectors < HOPELESS * plain
          && Math.min(vectors, nanos(ofVectors, entries)) < Math.min(plain, nanos(ofPlain, entries));
    }

    private static long nanos(Rehearsal of, int entries) {
      long start = System.nanoTime();
      of.run(entries);
      return System.nanoTime() - start;
    }
  }
}
