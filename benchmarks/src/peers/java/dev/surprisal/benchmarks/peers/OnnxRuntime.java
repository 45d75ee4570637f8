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
public final class OnnxRuntime implements AutoCloseable {
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

  /**
   * Log-softmax along the rows.
   *
   * @param threads that compute
   * @param rows of the input
   * @param vocabulary of the input
   * @return a session for the input {@code x}
   * @throws OrtException if the runtime rejects the model
   */
  public static OnnxRuntime logSoftmax(int threads, int rows, int vocabulary) throws OrtException {
    return new OnnxRuntime(OnnxModel.logSoftmax(rows, vocabulary), threads, rows, vocabulary);
  }

  /**
   * Cross-entropy of one target a row.
   *
   * @param threads that compute
   * @param rows of the input
   * @param vocabulary of the input
   * @return a session for the inputs {@code x} and {@code target}
   * @throws OrtException if the runtime rejects the model
   */
  public static OnnxRuntime crossEntropy(int threads, int rows, int vocabulary) throws OrtException {
    return new OnnxRuntime(OnnxModel.crossEntropy(rows, vocabulary), threads, rows);
  }

  /**
   * A tensor over memory of ours.
   *
   * @param values f32
   * @param rows how many
   * @param vocabulary length of a row
   * @return a view
   * @throws OrtException if the runtime cannot make one
   */
  public static OnnxTensor tensor(MemorySegment values, int rows, int vocabulary) throws OrtException {
    FloatBuffer buffer = values.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
    return OnnxTensor.createTensor(ENVIRONMENT, buffer, new long[] {rows, vocabulary});
  }

  /**
   * A tensor of indices.
   *
   * @param targets their values
   * @return a copy
   * @throws OrtException if the runtime cannot make one
   */
  public static OnnxTensor indices(int[] targets) throws OrtException {
    LongBuffer copy =
        ByteBuffer.allocateDirect(targets.length * Long.BYTES).order(ByteOrder.nativeOrder()).asLongBuffer();
    for (int i = 0; i < targets.length; i++) {
      copy.put(i, targets[i]);
    }
    return OnnxTensor.createTensor(ENVIRONMENT, copy, new long[] {targets.length});
  }

  /**
   * Runs the model.
   *
   * @param inputs by name
   * @return the result, valid until the next run
   * @throws OrtException if the runtime does
   */
  public FloatBuffer run(Map<String, OnnxTensor> inputs) throws OrtException {
    session.run(inputs, Map.of("y", output)).close();
    return result;
  }

  @Override
  public void close() throws OrtException {
    output.close();
    session.close();
  }
}
