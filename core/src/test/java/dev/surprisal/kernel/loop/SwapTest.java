package dev.surprisal.kernel.loop;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.DType;
import dev.surprisal.Scorer;
import dev.surprisal.data.Figure;
import dev.surprisal.data.Mismatches;
import dev.surprisal.data.PairKind;
import dev.surprisal.data.Sample;
import dev.surprisal.data.Storage;
import dev.surprisal.data.Workload;
import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Loops;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A loop may be replaced by its other form at any moment, between rows and inside them, and no bit changes: while all
 * figures are computed, another thread swaps loops at random.
 */
@Timeout(300)
class SwapTest {
  private static final long SEED = 20261129;

  /** Both forms of the loops that have been asked for. */
  private static final class Swapper implements Runnable {
    private final List<Object[]> tables = new ArrayList<>();
    private final List<Object[]> originals = new ArrayList<>();
    private final Map<Object, Object> others = new LinkedHashMap<>();
    private final SplittableRandom random = new SplittableRandom(SEED);
    final AtomicBoolean done = new AtomicBoolean();
    final AtomicLong swaps = new AtomicLong();

    Swapper() throws ReflectiveOperationException, IOException, URISyntaxException {
      Path room = Path.of(MaxLoop.class.getResource("MaxLoop.class").toURI()).getParent();
      try (Stream<Path> files = Files.list(room)) {
        for (Path file : files.filter(path -> path.toString().endsWith("Loop$Template.class")).sorted().toList()) {
          String name = file.getFileName().toString();
          add(Class.forName(MaxLoop.class.getPackageName() + "." + name.substring(0, name.indexOf('$'))));
        }
      }
    }

    private void add(Class<?> contract) throws ReflectiveOperationException {
      Field field = contract.getDeclaredField("LOOPS");
      field.setAccessible(true);
      Loops<?> loops = (Loops<?>) field.get(null);
      Object[] copies = loops.copies();
      tables.add(copies);
      originals.add(copies.clone());
      for (int index = 0; index < copies.length; index++) {
        if (copies[index] != null) {
          Source source = Source.values()[index / loops.variants()];
          Enum<?> variant = variant(contract, loops, index);
          Object plain = loops.inPlainJava(source, variant);
          Object vectors = loops.inVectors(source, variant);
          others.put(plain, vectors);
          others.put(vectors, plain);
          copies[index] = plain;
        }
      }
    }

    /** Puts back what there was: other tests of this process are of one form only. */
    void restore() {
      for (int i = 0; i < tables.size(); i++) {
        System.arraycopy(originals.get(i), 0, tables.get(i), 0, originals.get(i).length);
      }
    }

    private static Enum<?> variant(Class<?> contract, Loops<?> loops, int index) {
      if (loops.variants() == 1) {
        return null;
      }
      for (Class<?> nested : contract.getDeclaredClasses()) {
        if (nested.isEnum() && nested.getEnumConstants().length == loops.variants()) {
          return (Enum<?>) nested.getEnumConstants()[index % loops.variants()];
        }
      }
      throw new AssertionError("no variants of " + contract);
    }

    @Override
    public void run() {
      while (!done.get()) {
        Object[] copies = tables.get(random.nextInt(tables.size()));
        int index = random.nextInt(copies.length);
        if (copies[index] != null && others.containsKey(copies[index])) {
          copies[index] = others.get(copies[index]);
          swaps.incrementAndGet();
        }
      }
    }
  }

  @Test
  void atAnyMoment() throws Exception {
    Scorer scorer = Scorer.sequential();
    List<Workload> workloads = new ArrayList<>();
    for (int length : new int[] {40, 700, 3000, 20_000}) {
      for (DType dtype : DType.values()) {
        workloads.add(new Workload(
            Sample.all(length, 41, (kind, pair) -> pair == PairKind.SAME_SUPPORT || pair == PairKind.CLOSE_1E2)
                .subList(0, 12),
            dtype));
      }
    }
    Map<String, double[]> expected = new LinkedHashMap<>();
    compute(workloads, scorer, (name, figure, workload, results) -> expected.put(name, results));
    Swapper swapper = new Swapper();
    Thread thread = new Thread(swapper, "swapper");
    thread.start();
    Mismatches mismatches = new Mismatches();
    try {
      compute(workloads, scorer, (name, figure, workload, results) -> mismatches
          .checkSameBits(figure, workload, expected.get(name), results, name));
    } finally {
      swapper.done.set(true);
      thread.join();
      swapper.restore();
    }
    System.out.printf("%d swaps of loops, seed %d%n", swapper.swaps.get(), SEED);
    mismatches.assertNone();
    assertTrue(swapper.swaps.get() > 1000, swapper.swaps + " swaps");
    assertFalse(swapper.others.isEmpty());
  }

  /** Takes results. */
  private interface Sink {
    void take(String name, Figure figure, Workload workload, double[] results);
  }

  private static void compute(List<Workload> workloads, Scorer scorer, Sink sink) {
    for (int i = 0; i < workloads.size(); i++) {
      for (Figure figure : Figure.all()) {
        Storage storage = figure.index() % 2 == 0 ? Storage.ARRAY : Storage.OFF_HEAP;
        sink.take(i + " " + figure, figure, workloads.get(i),
            workloads.get(i).compute(figure, scorer, storage).clone());
      }
    }
  }
}
