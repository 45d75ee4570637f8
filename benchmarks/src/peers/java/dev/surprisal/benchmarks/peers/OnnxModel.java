package dev.surprisal.benchmarks.peers;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * An ONNX model of one node, in the protobuf encoding. Field numbers are those of {@code onnx.proto}.
 *
 * <p>Only what a model of one node needs: fields of varints and of bytes, in the order of their numbers.
 */
final class OnnxModel {
  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final int ATTRIBUTE_INT = 2;
  private static final int ATTRIBUTE_STRING = 3;
  private static final int IR_VERSION = 8;
  private static final int OPSET = 13;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private OnnxModel() {}

  /** {@code y = LogSoftmax(x)} along the rows. */
  static byte[] logSoftmax(int rows, int vocabulary) {
    OnnxModel node = new OnnxModel().string(1, "x").string(2, "y").string(4, "LogSoftmax")
        .message(5, new OnnxModel().string(1, "axis").varint(3, -1).varint(20, ATTRIBUTE_INT));
    return model(new OnnxModel().message(1, node).string(2, "log-softmax")
        .message(11, tensor("x", FLOAT, rows, vocabulary))
        .message(12, tensor("y", FLOAT, rows, vocabulary)));
  }

  /** {@code y = SoftmaxCrossEntropyLoss(x, target)}, one value a row. */
  static byte[] crossEntropy(int rows, int vocabulary) {
    OnnxModel node =
        new OnnxModel().string(1, "x").string(1, "target").string(2, "y").string(4, "SoftmaxCrossEntropyLoss")
            .message(5, new OnnxModel().string(1, "reduction").string(4, "none").varint(20, ATTRIBUTE_STRING));
    return model(new OnnxModel().message(1, node).string(2, "cross-entropy")
        .message(11, tensor("x", FLOAT, rows, vocabulary))
        .message(11, tensor("target", INT64, rows))
        .message(12, tensor("y", FLOAT, rows)));
  }

  private static byte[] model(OnnxModel graph) {
    OnnxModel opset = new OnnxModel().string(1, "").varint(2, OPSET);
    return new OnnxModel().varint(1, IR_VERSION).message(7, graph).message(8, opset).bytes.toByteArray();
  }

  private static OnnxModel tensor(String name, int type, long... shape) {
    OnnxModel dimensions = new OnnxModel();
    for (long dimension : shape) {
      dimensions.message(1, new OnnxModel().varint(1, dimension));
    }
    OnnxModel tensorType = new OnnxModel().varint(1, type).message(2, dimensions);
    return new OnnxModel().string(1, name).message(2, new OnnxModel().message(1, tensorType));
  }

  private OnnxModel varint(int field, long value) {
    raw(field << 3);
    return raw(value);
  }

  private OnnxModel string(int field, String value) {
    return delimited(field, value.getBytes(StandardCharsets.UTF_8));
  }

  private OnnxModel message(int field, OnnxModel value) {
    return delimited(field, value.bytes.toByteArray());
  }

  private OnnxModel delimited(int field, byte[] value) {
    raw(field << 3 | 2);
    raw(value.length);
    bytes.writeBytes(value);
    return this;
  }

  /** Seven bits a byte, the lowest first, the top bit set on all but the last. */
  private OnnxModel raw(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes.write((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
    return this;
  }
}
