package dev.surprisal.benchmarks.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.surprisal.DType;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import dev.surprisal.benchmarks.input.Storage;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** ONNX Runtime on the same memory. */
public class OnnxRuntimeBenchmark extends PeerBenchmark {
  private static final double TOLERANCE = 1e-4;

  /** How many threads compute. */
  @Param({"1", "2"})
  public int threads;

  private OnnxRuntime logSoftmax;
  private OnnxRuntime crossEntropy;
  private final List<Map<String, OnnxTensor>> logits = new ArrayList<>();
  private final List<Map<String, OnnxTensor>> logitsAndTargets = new ArrayList<>();

  /** Made by JMH. */
  public OnnxRuntimeBenchmark() {}

  @Override
  public void prepare() throws OrtException {
    allocate(Inputs.LOGITS, DType.F32, Storage.OFF_HEAP);
    int rows = x.shape().rows();
    logSoftmax = OnnxRuntime.logSoftmax(threads, rows, VOCABULARY);
    crossEntropy = OnnxRuntime.crossEntropy(threads, rows, VOCABULARY);
    OnnxTensor target = OnnxRuntime.indices(targets);
    for (int batch = 0; batch < x.shape().batches(); batch++) {
      OnnxTensor values = OnnxRuntime.tensor(x.segment(batch), rows, VOCABULARY);
      logits.add(Map.of("x", values));
      logitsAndTargets.add(Map.of("x", values, "target", target));
    }
    compare();
  }

  private void compare() throws OrtException {
    FloatBuffer losses = crossEntropy.run(logitsAndTargets.getFirst());
    FloatBuffer logs = logSoftmax.run(logits.getFirst());
    double[] ours = scorer.crossEntropy(x.logits(0), targets, out);
    double[] theirs = new double[ours.length];
    double[] theirLogs = new double[ours.length];
    for (int row = 0; row < ours.length; row++) {
      theirs[row] = losses.get(row);
      theirLogs[row] = -logs.get(row * VOCABULARY + targets[row]);
    }
    checkSame("cross-entropy", ours, theirs, TOLERANCE);
    checkSame("log-softmax", ours, theirLogs, TOLERANCE);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   * @throws OrtException if the runtime does
   */
  @Benchmark
  public FloatBuffer crossEntropy(Rate rate) throws OrtException {
    return crossEntropy.run(logitsAndTargets.get(next(rate)));
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return the logarithms of the probabilities
   * @throws OrtException if the runtime does
   */
  @Benchmark
  public FloatBuffer logSoftmax(Rate rate) throws OrtException {
    return logSoftmax.run(logits.get(next(rate)));
  }

  @Override
  public void close() {
    try {
      logSoftmax.close();
      crossEntropy.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
    super.close();
  }
}
