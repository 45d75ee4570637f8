package dev.surprisal.benchmarks.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Map;

/** A model of one node in ONNX Runtime, which writes its result into a direct buffer of ours. */
final class OnnxRuntime implements AutoCloseable {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  private final OrtSession session;
  private final FloatBuffer result;
  private final OnnxTensor output;

  private OnnxRuntime(byte[] model, int threads, long... resultShape) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      session = ENVIRONMENT.createSession(model, options);
    }
    int size = 1;
    for (long dimension : resultShape) {
      size = Math.multiplyExact(size, (int) dimension);
    }
    result = ByteBuffer.allocateDirect(size * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
    output = OnnxTensor.createTensor(ENVIRONMENT, result, resultShape);
  }

  static OnnxRuntime logSoftmax(int threads, int rows, int vocabulary) throws OrtException {
    return new OnnxRuntime(OnnxModel.logSoftmax(rows, vocabulary), threads, rows, vocabulary);
  }

  static OnnxRuntime crossEntropy(int threads, int rows, int vocabulary) throws OrtException {
    return new OnnxRuntime(OnnxModel.crossEntropy(rows, vocabulary), threads, rows);
  }

  /** A tensor over memory of ours. */
  static OnnxTensor tensor(MemorySegment values, int rows, int vocabulary) throws OrtException {
    FloatBuffer buffer = values.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
    return OnnxTensor.createTensor(ENVIRONMENT, buffer, new long[] {rows, vocabulary});
  }

  /** A tensor of indices. */
  static OnnxTensor indices(int[] targets) throws OrtException {
    LongBuffer copy = ByteBuffer.allocateDirect(targets.length * Long.BYTES).order(ByteOrder.nativeOrder()).asLongBuffer();
    for (int i = 0; i < targets.length; i++) {
      copy.put(i, targets[i]);
    }
    return OnnxTensor.createTensor(ENVIRONMENT, copy, new long[] {targets.length});
  }

  /** Runs the model; the result stays valid until the next run. */
  FloatBuffer run(Map<String, OnnxTensor> inputs) throws OrtException {
    session.run(inputs, Map.of("y", output)).close();
    return result;
  }

  @Override
  public void close() throws OrtException {
    output.close();
    session.close();
  }
}
