package dev.surprisal.threads;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.DType;
import dev.surprisal.Scorer;
import dev.surprisal.data.Figure;
import dev.surprisal.data.Mismatches;
import dev.surprisal.data.PairKind;
import dev.surprisal.data.RowKind;
import dev.surprisal.data.Sample;
import dev.surprisal.data.Storage;
import dev.surprisal.data.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * For an hour: random rows, statistics, dtypes and storages, from many threads through one scorer;
 * see the script core/soak.
 */
@Tag("soak")
class SoakTest {
  private static final int THREADS = 4;
  private static final int LONGEST = 150_000;
  private static final Duration DURATION = Duration.ofMinutes(Integer.getInteger("soak.minutes", 60));

  private static final long TOLERATED_MEGABYTES = 64;

  private final AtomicLong jobs = new AtomicLong();
  private final long end = System.nanoTime() + DURATION.toNanos();

  @Test
  void rightForAnHourInConstantMemory() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    SplittableRandom seeds = new SplittableRandom(seed);
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS); ForkJoinPool pool = new ForkJoinPool(3)) {
      List<Scorer> scorers = List.of(Scorer.sequential(), Scorer.parallel(), Scorer.on(pool));
      List<Future<?>> all = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        SplittableRandom random = seeds.split();
        all.add(threads.submit(() -> work(scorers, random)));
      }
      watchMemory(all);
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  private void work(List<Scorer> scorers, RandomGenerator random) {
    while (System.nanoTime() < end) {
      Mismatches mismatches = new Mismatches();
      int length = (int) Math.exp(random.nextDouble() * Math.log(LONGEST));
      RowKind kind = any(RowKind.values(), random);
      PairKind pair = any(PairKind.values(), random);
      long seed = random.nextLong(1L << 40);
      List<Sample> samples = IntStream.range(0, 1 + random.nextInt(length > 10_000 ? 2 : 20))
          .mapToObj(row -> Sample.of(kind, pair, length, seed + row)).toList();
      Workload workload = new Workload(samples, any(DType.values(), random), any(DType.values(), random));
      Storage storage = any(Storage.values(), random);
      for (Figure figure : Figure.all()) {
        Scorer scorer = scorers.get(random.nextInt(scorers.size()));
        mismatches.check(figure, workload, workload.compute(figure, scorer, storage), storage);
        jobs.incrementAndGet();
      }
      mismatches.assertNone();
    }
  }

  private static <T> T any(T[] values, RandomGenerator random) {
    return values[random.nextInt(values.length)];
  }

  /**
   * Looks after collections, which always find some jobs at work: the least that was found in the second half of the
   * time must not be more than the least in the first.
   */
  private void watchMemory(List<Future<?>> all) throws Exception {
    int looks = 40;
    long[] heap = new long[looks];
    long[] process = new long[looks];
    for (int i = 0; i < looks && all.stream().noneMatch(Future::isDone); i++) {
      TimeUnit.MILLISECONDS.sleep(DURATION.toMillis() / looks);
      System.gc();
      heap[i] = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory() >> 20;
      process[i] = processMegabytes();
      System.out.printf("%.1f min: %,d calls right, heap %d MB, process %d MB%n",
          (i + 1.0) / looks * DURATION.toMinutes(), jobs.get(), heap[i], process[i]);
      if (i == looks - 1) {
        assertNoGrowth("heap", heap);
        assertNoGrowth("process", process);
      }
    }
  }

  private static void assertNoGrowth(String what, long[] megabytes) {
    long before = Arrays.stream(megabytes, 1, megabytes.length / 2).min().orElseThrow();
    long after = Arrays.stream(megabytes, megabytes.length / 2, megabytes.length).min().orElseThrow();
    assertTrue(after <= before + TOLERATED_MEGABYTES, what + " grew from " + before + " to " + after + " MB");
  }

  /** What the process has in memory; 0 where the system does not tell in Linux's way. */
  private static long processMegabytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    return !Files.exists(status) ? 0
        : Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10).sum();
  }
}
