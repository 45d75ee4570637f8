package dev.surprisal.benchmarks.statistics;

import dev.surprisal.Logits;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import dev.surprisal.benchmarks.input.Storage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;

/** Log-softmax of logits, written as f32 to the kind of storage that the logits are in. Only what is read is counted. */
public class LogSoftmaxBenchmark extends StatisticBenchmark {
  private static final long CACHE_LINE = 64;

  private Arena arena;
  private float[] array;
  private MemorySegment segment;

  /** Made by JMH. */
  public LogSoftmaxBenchmark() {
    super(Inputs.LOGITS);
  }

  @Override
  public void prepare() {
    super.prepare();
    arena = Arena.ofShared();
    int size = x.shape().batchSize();
    if (storage == Storage.ARRAY) {
      array = new float[size];
      segment = MemorySegment.ofArray(array);
    } else {
      segment = arena.allocate((long) size * Float.BYTES, CACHE_LINE);
    }
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return the logarithms of the probabilities
   */
  @Benchmark
  public MemorySegment logSoftmax(Rate rate) {
    Logits logits = x.logits(next(rate));
    if (storage == Storage.ARRAY) {
      scorer.logSoftmax(logits, array);
    } else {
      scorer.logSoftmax(logits, segment);
    }
    return segment;
  }

  @Override
  public void close() {
    arena.close();
    super.close();
  }
}
