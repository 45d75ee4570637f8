package dev.surprisal.benchmarks.accuracy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.surprisal.DType;
import dev.surprisal.Scorer;
import dev.surprisal.benchmarks.Job;
import dev.surprisal.benchmarks.input.Batches;
import dev.surprisal.benchmarks.peers.OnnxRuntime;
import dev.surprisal.benchmarks.peers.PyTorch;
import dev.surprisal.kernel.Statistic;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Who computes. Results are one value a row, or empty where somebody has no such statistic. */
enum Contestant {
  /** The library. */
  SURPRISAL("Surprisal") {
    private final Scorer scorer = Scorer.sequential();

    @Override
    Optional<double[]> compute(Statistic statistic, Sample sample) {
      return Optional.of(switch (statistic) {
        case LOG_SUM_EXP -> scorer.logSumExp(sample.x.logits(0));
        case CROSS_ENTROPY -> scorer.crossEntropy(sample.x.logits(0), sample.targets);
        case ENTROPY -> scorer.entropy(sample.x.logits(0));
        case SCORE -> scorer.score(sample.x.logits(0), sample.targets).varentropy();
        case KL_DIVERGENCE -> scorer.klDivergence(sample.x.logits(0), sample.y.logits(0));
        case JENSEN_SHANNON -> scorer.jensenShannon(sample.x.logits(0), sample.y.logits(0));
        case RENYI_DIVERGENCE -> scorer.renyiDivergence(sample.x.logits(0), sample.y.logits(0), Job.ORDER);
        case TOTAL_VARIATION -> scorer.totalVariation(sample.x.logits(0), sample.y.logits(0));
        case LOG_SOFTMAX -> toDoubles(scorer.logSoftmax(sample.x.logits(0), new float[sample.x.shape().batchSize()]));
        case ROW_SUM, COLUMN_SUMS -> throw new IllegalArgumentException(statistic + " is not of logits");
      });
    }
  },
  /** PyTorch on a tensor of the dtype. */
  PYTORCH("PyTorch") {
    @Override
    Optional<double[]> compute(Statistic statistic, Sample sample) {
      return pyTorch(statistic, sample, tensor(sample.x), tensor(sample.y));
    }
  },
  /** PyTorch on the tensor's values as f32, which is the same for f32. */
  PYTORCH_FLOAT("PyTorch, .float() first") {
    @Override
    Optional<double[]> compute(Statistic statistic, Sample sample) {
      return sample.x.dtype() == DType.F32 ? Optional.empty()
          : pyTorch(statistic, sample, tensor(sample.x).to(ScalarType.Float), tensor(sample.y).to(ScalarType.Float));
    }
  },
  /** ONNX Runtime on f32. */
  ONNX_RUNTIME("ONNX Runtime") {
    @Override
    Optional<double[]> compute(Statistic statistic, Sample sample) {
      return sample.x.dtype() == DType.F32 ? onnx(statistic, sample) : Optional.empty();
    }
  };

  final String title;

  Contestant(String title) {
    this.title = title;
  }

  abstract Optional<double[]> compute(Statistic statistic, Sample sample);

  private static Tensor tensor(Batches batches) {
    return PyTorch.tensor(batches.segment(0), batches.dtype(), batches.shape().rows(), batches.shape().vocabulary());
  }

  private static Optional<double[]> pyTorch(Statistic statistic, Sample sample, Tensor x, Tensor y) {
    double[] out =
        new double[statistic == Statistic.LOG_SOFTMAX ? sample.x.shape().batchSize() : sample.x.shape().rows()];
    return switch (statistic) {
      case LOG_SUM_EXP -> Optional.of(PyTorch.logSumExp(x, out));
      case CROSS_ENTROPY -> Optional.of(PyTorch.crossEntropy(x, PyTorch.indices(sample.targets), out));
      case ENTROPY -> Optional.of(PyTorch.entropy(x, out));
      case SCORE, RENYI_DIVERGENCE, TOTAL_VARIATION, ROW_SUM, COLUMN_SUMS -> Optional.empty();
      case KL_DIVERGENCE -> Optional.of(PyTorch.klDivergence(x, y, out));
      case JENSEN_SHANNON -> Optional.of(PyTorch.jensenShannon(x, y, out));
      case LOG_SOFTMAX -> Optional.of(PyTorch.logSoftmax(x, out));
    };
  }

  private static Optional<double[]> onnx(Statistic statistic, Sample sample) {
    int rows = sample.x.shape().rows();
    int vocabulary = sample.x.shape().vocabulary();
    try (OnnxTensor x = OnnxRuntime.tensor(sample.x.segment(0), rows, vocabulary);
        OnnxTensor target = OnnxRuntime.indices(sample.targets);
        OnnxRuntime logSoftmax = OnnxRuntime.logSoftmax(1, rows, vocabulary);
        OnnxRuntime crossEntropy = OnnxRuntime.crossEntropy(1, rows, vocabulary)) {
      return switch (statistic) {
        case CROSS_ENTROPY -> Optional.of(toDoubles(crossEntropy.run(Map.of("x", x, "target", target)), rows));
        case LOG_SOFTMAX -> Optional.of(toDoubles(logSoftmax.run(Map.of("x", x)), rows * vocabulary));
        default -> Optional.empty();
      };
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double[] toDoubles(FloatBuffer values, int count) {
    float[] floats = new float[count];
    values.get(0, floats);
    return toDoubles(floats);
  }

  private static double[] toDoubles(float[] floats) {
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }
}
