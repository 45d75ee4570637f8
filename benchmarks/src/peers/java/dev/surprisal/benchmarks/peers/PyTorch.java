package dev.surprisal.benchmarks.peers;

import dev.surprisal.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The statistics as users of PyTorch write them. Intermediate tensors are freed at the end of each
 * call, not by the collector.
 */
public final class PyTorch {
  private static final long NO_REDUCTION = 0;
  private static final long IGNORE = -100;
  private static final long[] LAST = {-1};

  private PyTorch() {}

  /**
   * A tensor over memory of ours.
   *
   * @param values the memory
   * @param dtype how values are stored in it
   * @param rows how many
   * @param vocabulary length of a row
   * @return a view
   */
  public static Tensor tensor(MemorySegment values, DType dtype, int rows, int vocabulary) {
    ScalarType type = switch (dtype) {
      case F32 -> ScalarType.Float;
      case F16 -> ScalarType.Half;
      case BF16 -> ScalarType.BFloat16;
    };
    return torch.from_blob(new BytePointer(values.asByteBuffer()), new long[] {rows, vocabulary},
        new TensorOptions(type));
  }

  /**
   * A tensor of indices.
   *
   * @param targets their values
   * @return a copy
   */
  public static Tensor indices(int[] targets) {
    // The tensor that from_blob makes does not keep its memory alive; the copy owns its own.
    try (LongPointer values = new LongPointer(Arrays.stream(targets).asLongStream().toArray())) {
      return torch.from_blob(values, new long[] {targets.length}, new TensorOptions(ScalarType.Long)).clone();
    }
  }

  /**
   * {@code F.cross_entropy(x, target, reduction="none")}.
   *
   * @param x logits
   * @param target one index a row
   * @param out where the result is copied
   * @return {@code out}
   */
  public static double[] crossEntropy(Tensor x, Tensor target, double[] out) {
    try (PointerScope _ = new PointerScope()) {
      return toDoubles(torch.cross_entropy_loss(x, target, new TensorOptional(), NO_REDUCTION, IGNORE, 0), out);
    }
  }

  /**
   * {@code torch.logsumexp(x, -1)}.
   *
   * @param x logits
   * @param out where the result is copied
   * @return {@code out}
   */
  public static double[] logSumExp(Tensor x, double[] out) {
    try (PointerScope _ = new PointerScope()) {
      return toDoubles(torch.logsumexp(x, LAST), out);
    }
  }

  /**
   * {@code lp = x.log_softmax(-1); -(lp.exp() * lp).sum(-1)}.
   *
   * @param x logits
   * @param out where the result is copied
   * @return {@code out}
   */
  public static double[] entropy(Tensor x, double[] out) {
    try (PointerScope _ = new PointerScope()) {
      Tensor logs = torch.log_softmax(x, -1);
      return toDoubles(sum(logs.exp().mul(logs)).neg(), out);
    }
  }

  /**
   * {@code F.kl_div(y.log_softmax(-1), x.log_softmax(-1), reduction="none", log_target=True).sum(-1)}.
   *
   * @param x logits
   * @param y logits of the model
   * @param out where the result is copied
   * @return {@code out}
   */
  public static double[] klDivergence(Tensor x, Tensor y, double[] out) {
    try (PointerScope _ = new PointerScope()) {
      Tensor p = torch.log_softmax(x, -1);
      Tensor q = torch.log_softmax(y, -1);
      return toDoubles(sum(torch.kl_div(q, p, NO_REDUCTION, true)), out);
    }
  }

  /**
   * {@code m = logaddexp(p, q) - log(2); (kl_div(m, p) + kl_div(m, q)).sum(-1) / 2} of logarithms p and q.
   *
   * @param x logits
   * @param y logits of the model
   * @param out where the result is copied
   * @return {@code out}
   */
  public static double[] jensenShannon(Tensor x, Tensor y, double[] out) {
    try (PointerScope _ = new PointerScope()) {
      Tensor p = torch.log_softmax(x, -1);
      Tensor q = torch.log_softmax(y, -1);
      Tensor mean = torch.logaddexp(p, q).sub(new Scalar(Math.log(2)));
      Tensor both = torch.kl_div(mean, p, NO_REDUCTION, true).add(torch.kl_div(mean, q, NO_REDUCTION, true));
      return toDoubles(sum(both).mul(new Scalar(0.5)), out);
    }
  }

  /**
   * {@code x.log_softmax(-1)}, left where it is.
   *
   * @param x logits
   * @return where the result was
   */
  public static long logSoftmax(Tensor x) {
    try (PointerScope _ = new PointerScope()) {
      return torch.log_softmax(x, -1).data_ptr().address();
    }
  }

  /**
   * {@code x.log_softmax(-1)}.
   *
   * @param x logits
   * @param out where the result is copied
   * @return {@code out}
   */
  public static double[] logSoftmax(Tensor x, double[] out) {
    try (PointerScope _ = new PointerScope()) {
      return toDoubles(torch.log_softmax(x, -1), out);
    }
  }

  private static Tensor sum(Tensor values) {
    return values.sum(LAST, false, new ScalarTypeOptional());
  }

  private static double[] toDoubles(Tensor values, double[] out) {
    values.to(ScalarType.Double).data_ptr_double().get(out);
    return out;
  }
}
