package dev.surprisal.benchmarks.studies;

import dev.surprisal.DType;
import dev.surprisal.Scorer;
import dev.surprisal.benchmarks.Job;
import dev.surprisal.benchmarks.input.Batches;
import dev.surprisal.benchmarks.input.Batches.Shape;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Smoke;
import dev.surprisal.benchmarks.input.Storage;
import dev.surprisal.benchmarks.input.SyntheticRows;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A process with a past: every statistic of every dtype in every storage. The compiler has seen all of it when the
 * measurement begins, and code that it can specialise only while one type comes by is no longer fast.
 */
final class Pollution {
  private static final Shape SHAPE = new Shape(1, 4, Smoke.choose(10_007, 101));
  private static final long NANOS = Smoke.choose(2_000_000_000, 1_000_000);

  private final List<Batches> batches = new ArrayList<>();
  private final List<Job.Call> calls = new ArrayList<>();

  private Pollution(Scorer scorer) {
    float[] logits = SyntheticRows.logits(SHAPE.batchSize());
    Map<Inputs, List<Batches>> first = new EnumMap<>(Inputs.class);
    Map<Inputs, List<Batches>> second = new EnumMap<>(Inputs.class);
    for (Inputs inputs : Inputs.values()) {
      first.put(inputs, everywhere(inputs.first(logits, SHAPE.vocabulary())));
      second.put(inputs, everywhere(inputs.second(logits, SHAPE.vocabulary())));
    }
    int[] targets = SyntheticRows.targets(SHAPE.rows(), SHAPE.vocabulary());
    double[] out = new double[SHAPE.rows()];
    for (Job job : Job.all()) {
      for (Batches x : first.get(job.inputs())) {
        for (Batches y : second.get(job.inputs())) {
          calls.add(job.call(scorer, x, y, targets, out));
        }
      }
    }
  }

  /** The values in every dtype and storage. */
  private List<Batches> everywhere(float[] values) {
    List<Batches> everywhere = new ArrayList<>();
    if (values == null) {
      everywhere.add(null);
      return everywhere;
    }
    for (DType dtype : DType.values()) {
      for (Storage storage : Storage.values()) {
        everywhere.add(new Batches(values, SHAPE, dtype, storage));
      }
    }
    batches.addAll(everywhere);
    return everywhere;
  }

  /**
   * Uses everything, for two seconds.
   *
   * @param scorer that will be measured
   */
  static void pollute(Scorer scorer) {
    Pollution pollution = new Pollution(scorer);
    long end = System.nanoTime() + NANOS;
    do {
      pollution.calls.forEach(call -> call.of(0));
    } while (System.nanoTime() < end);
    pollution.batches.forEach(Batches::close);
  }
}
