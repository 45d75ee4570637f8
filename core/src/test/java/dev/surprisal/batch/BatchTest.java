package dev.surprisal.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.kernel.Statistic;
import dev.surprisal.kernel.storage.Rows;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is kept between calls follows the processors, not the threads that call. */
@Timeout(120)
class BatchTest {
  private static final int VOCABULARY = 300;
  private static final int ROWS = 20;
  private static final int CALLS = 20;

  private static void callFrom(int threads, ThreadFactory factory, Batch batch) throws InterruptedException {
    Rows rows = Rows.of(new float[ROWS * VOCABULARY], 0, ROWS, VOCABULARY, VOCABULARY);
    CountDownLatch done = new CountDownLatch(threads);
    AtomicInteger right = new AtomicInteger();
    for (int i = 0; i < threads; i++) {
      factory.newThread(() -> {
        double[] out = new double[ROWS];
        for (int call = 0; call < CALLS; call++) {
          compute(batch, rows, out);
        }
        right.addAndGet(Math.abs(out[ROWS - 1] - Math.log(VOCABULARY)) < 1e-6 ? 1 : 0);
        done.countDown();
      }).start();
    }
    done.await();
    assertEquals(threads, right.get(), "threads with the right result");
  }

  private static void compute(Batch batch, Rows rows, double[] out) {
    Call call = batch.call();
    call.arguments.x = rows;
    call.arguments.out = out;
    batch.run(Statistic.ENTROPY, call, rows.rows());
  }

  private static void assertKeepsNoMoreThanProcessors(Batch batch) {
    int processors = Runtime.getRuntime().availableProcessors();
    assertTrue(batch.idleWorkers() >= 1, "nothing is kept");
    assertTrue(batch.idleWorkers() <= processors,
        batch.idleWorkers() + " workers kept on " + processors + " processors");
  }

  @Test
  void platformThreads() throws InterruptedException {
    Batch batch = new Batch(ForkJoinPool.commonPool());
    callFrom(64, Thread.ofPlatform().factory(), batch);
    assertKeepsNoMoreThanProcessors(batch);
  }

  @Test
  void virtualThreads() throws InterruptedException {
    Batch batch = new Batch(null);
    callFrom(2000, Thread.ofVirtual().factory(), batch);
    assertKeepsNoMoreThanProcessors(batch);
  }

  /** A call that is refused is taken back; one that was accepted is computed without the pool if need be. */
  @Test
  void poolShutDownBeforeAndAfterACallIsAccepted() {
    ForkJoinPool pool = new ForkJoinPool(4);
    Batch batch = new Batch(pool);
    Rows rows = Rows.of(new float[1000 * VOCABULARY], 0, 1000, VOCABULARY, VOCABULARY);
    double[] out = new double[1000];
    Call accepted = batch.call();
    accepted.arguments.x = rows;
    accepted.arguments.out = out;
    batch.accept(accepted, rows.rows());
    pool.shutdown();
    batch.runAccepted(Statistic.ENTROPY, accepted);
    for (double entropy : out) {
      assertEquals(Math.log(VOCABULARY), entropy, 1e-6);
    }
    Call refused = batch.call();
    assertSame(accepted, refused);
    refused.arguments.x = rows;
    assertThrows(RejectedExecutionException.class, () -> batch.accept(refused, rows.rows()));
    assertSame(refused, batch.call());
    assertEquals(1, batch.idleWorkers(), "workers kept");
  }

  @Test
  void oneThreadUsesOneWorkerAgainAndAgain() throws InterruptedException {
    Batch batch = new Batch(null);
    callFrom(1, Thread.ofPlatform().factory(), batch);
    assertEquals(1, batch.idleWorkers(), "workers kept");
  }
}
