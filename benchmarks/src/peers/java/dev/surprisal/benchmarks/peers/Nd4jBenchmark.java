package dev.surprisal.benchmarks.peers;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import dev.surprisal.benchmarks.input.Storage;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * ND4J, on one thread, on a copy of the inputs. Intermediate arrays live in a workspace, its way of using memory again;
 * without one most of the time goes into allocation.
 */
public class Nd4jBenchmark extends PeerBenchmark {
  private static final double TOLERANCE = 1e-4;
  private static final WorkspaceConfiguration WORKSPACE = WorkspaceConfiguration.builder()
      .initialSize(64L << 20).policyAllocation(AllocationPolicy.STRICT).build();

  private INDArray[] arrays;

  /** Made by JMH. */
  public Nd4jBenchmark() {}

  @Override
  public void prepare() {
    allocate(Inputs.LOGITS, DType.F32, Storage.ARRAY);
    int size = x.shape().batchSize();
    arrays = IntStream.range(0, x.shape().batches())
        .mapToObj(batch -> Arrays.copyOfRange(x.floats(), batch * size, (batch + 1) * size))
        .map(batch -> Nd4j.createFromArray(batch).reshape(x.shape().rows(), VOCABULARY))
        .toArray(INDArray[]::new);
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
    checkSame("log-sum-exp", scorer.logSumExp(x.logits(0)), logSumExp(0), TOLERANCE);
    checkSame("entropy", scorer.entropy(x.logits(0)), entropy(0), TOLERANCE);
  }

  private static MemoryWorkspace workspace() {
    return Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE, "statistics");
  }

  private double[] entropy(int batch) {
    try (MemoryWorkspace _ = workspace()) {
      INDArray logs = Nd4j.nn().logSoftmax(arrays[batch], 1);
      return toDoubles(Transforms.exp(logs, true).muli(logs).sum(1).negi());
    }
  }

  private double[] logSumExp(int batch) {
    try (MemoryWorkspace _ = workspace()) {
      return toDoubles(Nd4j.math().logSumExp(arrays[batch], 1));
    }
  }

  private double[] toDoubles(INDArray values) {
    for (int row = 0; row < out.length; row++) {
      out[row] = values.getDouble(row);
    }
    return out;
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] entropy(Rate rate) {
    return entropy(next(rate));
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] logSumExp(Rate rate) {
    return logSumExp(next(rate));
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return the length of the result
   */
  @Benchmark
  public long logSoftmax(Rate rate) {
    try (MemoryWorkspace _ = workspace()) {
      return Nd4j.nn().logSoftmax(arrays[next(rate)], 1).length();
    }
  }
}
