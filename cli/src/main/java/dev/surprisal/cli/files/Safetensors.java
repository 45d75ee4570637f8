package dev.surprisal.cli.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A {@code .safetensors} file: named tensors behind a header in JSON.
 *
 * <pre>
 * 0   length of the header, 8 bytes, little-endian
 * 8   {"logits": {"dtype": "BF16", "shape": [8, 32000], "data_offsets": [0, 512000]}, ...}
 * ..  the tensors; offsets count from here
 * </pre>
 */
final class Safetensors implements Format {
  /** The reference implementation refuses longer ones too. */
  private static final long LONGEST_HEADER = 100_000_000;
  private static final int HEADER = 8;
  private static final String METADATA = "__metadata__";
  private static final ObjectMapper JSON = JsonMapper.builder()
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .build();
  private static final Map<String, ElementType> TYPES = Map.of("F16", ElementType.F16, "BF16", ElementType.BF16,
      "F32", ElementType.F32, "F64", ElementType.F64, "I32", ElementType.I32, "I64", ElementType.I64);

  @Override
  public boolean recognises(InputFile file) throws BadInputException {
    return file.hasAt(HEADER, "{") || file.path().toString().endsWith(".safetensors");
  }

  @Override
  public List<Tensor> tensors(InputFile file) throws BadInputException {
    file.require(HEADER, "the .safetensors header");
    long length = file.longAt(0);
    if (length < 0 || length > LONGEST_HEADER) {
      throw file.broken(0,
          "a header of " + Long.toUnsignedString(length) + " bytes, expected at most " + LONGEST_HEADER);
    }
    long data = HEADER + length;
    file.require(data, "the .safetensors header");
    List<Tensor> tensors = new ArrayList<>();
    long end = 0;
    for (Map.Entry<String, JsonNode> entry : header(file, (int) length).properties()) {
      if (!entry.getKey().equals(METADATA)) {
        tensors.add(tensor(file, entry.getKey(), entry.getValue(), data));
        end = Math.max(end, entry.getValue().path("data_offsets").path(1).longValue());
      }
    }
    if (data + end != file.size()) {
      throw file.broken(data, "the tensors take " + end + " bytes, but there are " + (file.size() - data));
    }
    return tensors;
  }

  private static JsonNode header(InputFile file, int length) throws BadInputException {
    try {
      JsonNode header = JSON.readTree(file.textAt(HEADER, length, StandardCharsets.UTF_8));
      if (!header.isObject()) {
        throw file.broken(HEADER, "the header is no JSON object");
      }
      return header;
    } catch (JsonProcessingException e) {
      throw file.broken(HEADER + Math.max(0, e.getLocation().getCharOffset()),
          "the header is not JSON: " + e.getOriginalMessage());
    }
  }

  private static Tensor tensor(InputFile file, String name, JsonNode node, long data) throws BadInputException {
    String dtype = node.path("dtype").asText();
    JsonNode offsets = node.path("data_offsets");
    if (dtype.isEmpty() || !node.path("shape").isArray() || offsets.size() != 2 || !isSize(offsets.get(0))
        || !isSize(offsets.get(1))) {
      throw file.broken(HEADER, "tensor " + name + " lacks dtype, shape or data_offsets: " + node);
    }
    List<Long> shape = new ArrayList<>();
    for (JsonNode size : node.path("shape")) {
      if (!isSize(size)) {
        throw file.broken(HEADER, "tensor " + name + " has a shape that is no list of sizes: " + node.path("shape"));
      }
      shape.add(size.longValue());
    }
    long begin = offsets.get(0).longValue();
    long end = offsets.get(1).longValue();
    if (begin > end || end > file.size() - data) {
      throw file.broken(HEADER,
          "tensor " + name + " has data_offsets " + offsets + ", but there are " + (file.size() - data)
              + " bytes");
    }
    Tensor tensor = new Tensor(name, dtype, TYPES.getOrDefault(dtype, ElementType.OTHER), shape, data + begin);
    if (tensor.type() != ElementType.OTHER) {
      Format.requireBytes(file, tensor, end - begin);
    }
    return tensor;
  }

  private static boolean isSize(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0;
  }
}
