package dev.surprisal.benchmarks.peers;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.input.Batches;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import dev.surprisal.benchmarks.input.Storage;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** PyTorch on the same memory. Nothing is recorded for gradients. */
public class PyTorchBenchmark extends PeerBenchmark {
  /** How values are stored. */
  @Param({"F32", "BF16"})
  public DType dtype;

  /** How many threads compute. */
  @Param({"1", "2"})
  public int threads;

  private NoGradGuard noGradients;
  private Tensor[] p;
  private Tensor[] q;
  private Tensor target;

  /** Made by JMH. */
  public PyTorchBenchmark() {}

  @Override
  public void prepare() {
    torch.set_num_threads(threads);
    noGradients = new NoGradGuard();
    allocate(Inputs.LOGITS_PAIR, dtype, Storage.OFF_HEAP);
    p = tensors(x);
    q = tensors(y);
    target = PyTorch.indices(targets);
    // Intermediate tensors in bf16 have 8 bits: a divergence is then off by 5 % and more.
    double tolerance = dtype == DType.F32 ? 1e-4 : 0.2;
    double[] theirs = new double[out.length];
    checkSame("cross-entropy", scorer.crossEntropy(x.logits(0), targets, out),
        PyTorch.crossEntropy(p[0], target, theirs), tolerance);
    checkSame("log-sum-exp", scorer.logSumExp(x.logits(0), out), PyTorch.logSumExp(p[0], theirs), tolerance);
    checkSame("entropy", scorer.entropy(x.logits(0), out), PyTorch.entropy(p[0], theirs), tolerance);
    checkSame("KL", scorer.klDivergence(x.logits(0), y.logits(0), out), PyTorch.klDivergence(p[0], q[0], theirs),
        tolerance);
    checkSame("JS", scorer.jensenShannon(x.logits(0), y.logits(0), out), PyTorch.jensenShannon(p[0], q[0], theirs),
        tolerance);
  }

  private static Tensor[] tensors(Batches batches) {
    Batches.Shape shape = batches.shape();
    return IntStream.range(0, shape.batches())
        .mapToObj(batch -> PyTorch.tensor(batches.segment(batch), batches.dtype(), shape.rows(), shape.vocabulary()))
        .toArray(Tensor[]::new);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] crossEntropy(Rate rate) {
    return PyTorch.crossEntropy(p[next(rate)], target, out);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] logSumExp(Rate rate) {
    return PyTorch.logSumExp(p[next(rate)], out);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] entropy(Rate rate) {
    return PyTorch.entropy(p[next(rate)], out);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] klDivergence(Rate rate) {
    int batch = nextPair(rate);
    return PyTorch.klDivergence(p[batch], q[batch], out);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] jensenShannon(Rate rate) {
    int batch = nextPair(rate);
    return PyTorch.jensenShannon(p[batch], q[batch], out);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return where the result was
   */
  @Benchmark
  public long logSoftmax(Rate rate) {
    return PyTorch.logSoftmax(p[next(rate)]);
  }

  @Override
  public void close() {
    noGradients.close();
    super.close();
  }
}
