package dev.surprisal.benchmarks.against;

import dev.surprisal.Backend;
import dev.surprisal.Scorer;
import dev.surprisal.benchmarks.input.Smoke;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One process of one build. It warms up the points it is given, says that it is ready, and then times a point for each
 * line that it reads. {@link Against} has one of either build at a time and asks them in turn.
 *
 * <p>Not JMH: there every point has forks of its own, so that each of nearly two hundred points would be compiled and
 * warmed up ten times, which takes hours. And the forks of one build come after those of the other, so that what the
 * machine does meanwhile becomes a difference between the builds. Here a process warms up all points of a dtype and a
 * storage at once, and a point is measured in both builds within milliseconds.
 *
 * <p>One process for all dtypes would be cheaper still. But then it is chance what the compiler makes of the code that
 * they share, and short rows are faster in one process than in the next.
 *
 * <p>Times are processor time of the thread, which does not count while another process has its turn. So what
 * computes on other threads cannot be measured here.
 */
public final class Fork {
  /** What is said of a point that this build does not have. */
  static final String ABSENT = "absent";

  private static final long WARM_UP_NANOS = 500_000;
  private static final long BATCH_NANOS = Smoke.choose(1_000_000, 1);
  private static final int BATCHES = 5;
  private static final long QUIET_NANOS = Smoke.choose(2_000_000_000, 1);
  private static final long PATIENCE_NANOS = 120_000_000_000L;
  private static final long QUIET_MILLIS_OF_COMPILATION = 5;
  private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Scorer scorer = Scorer.sequential();
  private final Map<String, Work> works = new LinkedHashMap<>();

  private record Work(Computation computation, Operands operands) {}

  /**
   * Points to be measured, which this build may have or not.
   *
   * @param names of the points
   */
  Fork(List<String> names) {
    Map<String, Operands> operands = new HashMap<>();
    for (Point point : Point.all()) {
      if (names.contains(point.toString())) {
        Operands shared = operands.computeIfAbsent(point.kind() + "/" + point.vocabulary(),
            key -> new Operands(point.dtype(), point.storage(), point.vocabulary()));
        works.put(point.toString(), new Work(point.computation(), shared));
      }
    }
  }

  /**
   * Serves until there is nothing more to read.
   *
   * @param names of the points to warm up
   * @throws IOException if the other process is gone
   */
  public static void main(String[] names) throws IOException {
    new Fork(List.of(names)).serve(new BufferedReader(new InputStreamReader(System.in)), System.out);
  }

  /** Warms up, says on what it runs, and then answers each name with the nanoseconds that a logit takes. */
  void serve(BufferedReader names, PrintStream answers) throws IOException {
    removeAbsent();
    warmUp();
    answers.println(Backend.current());
    answers.flush();
    for (String name = names.readLine(); name != null; name = names.readLine()) {
      Work work = works.get(name);
      answers.println(work == null ? ABSENT : String.format(Locale.ROOT, "%.6f", fastest(work)));
      answers.flush();
    }
  }

  /** This class was compiled with the build after. What the build before lacks is a method or a class. */
  private void removeAbsent() {
    for (Iterator<Work> all = works.values().iterator(); all.hasNext();) {
      Work work = all.next();
      try {
        work.computation.run(scorer, work.operands);
      } catch (NoSuchMethodError | NoSuchFieldError | NoClassDefFoundError e) {
        all.remove();
      }
    }
  }

  /**
   * Computes all points in turn, until the compiler has had next to nothing to do for a while. Speed would be a worse
   * sign: it stands still while the compiler is at work, and on a busy machine it never does.
   */
  private void warmUp() {
    long start = System.nanoTime();
    long now = start;
    long compiled = COMPILER.getTotalCompilationTime();
    long quietSince = start;
    while (now - quietSince < QUIET_NANOS && now - start < PATIENCE_NANOS) {
      for (Work work : works.values()) {
        nanosPerLogit(work, WARM_UP_NANOS);
      }
      now = System.nanoTime();
      if (COMPILER.getTotalCompilationTime() - compiled > QUIET_MILLIS_OF_COMPILATION) {
        compiled = COMPILER.getTotalCompilationTime();
        quietSince = now;
      }
    }
  }

  /**
   * The fastest of a few batches of calls: what else the machine does makes a batch slower, nothing makes it faster.
   * A call before them brings the rows back into the cache.
   */
  private double fastest(Work work) {
    work.computation.run(scorer, work.operands);
    double fastest = Double.POSITIVE_INFINITY;
    for (int batch = 0; batch < BATCHES; batch++) {
      fastest = Math.min(fastest, nanosPerLogit(work, BATCH_NANOS));
    }
    return fastest;
  }

  private double nanosPerLogit(Work work, long nanos) {
    long calls = 0;
    long start = THREADS.getCurrentThreadCpuTime();
    long taken;
    do {
      work.computation.run(scorer, work.operands);
      calls++;
      taken = THREADS.getCurrentThreadCpuTime() - start;
    } while (taken < nanos);
    return (double) taken / (calls * work.operands.values());
  }
}
