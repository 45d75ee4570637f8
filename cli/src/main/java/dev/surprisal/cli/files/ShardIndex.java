package dev.surprisal.cli.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The index beside sharded {@code .safetensors} files:
 * {@code {"weight_map": {"logits.0": "model-00001-of-00002.safetensors", ...}}}. It stands for its files, in
 * the natural order of their names.
 */
final class ShardIndex {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LONGEST = 100_000_000;

  private ShardIndex() {}

  /** Puts the shards of each index in its place. */
  static List<Path> expand(List<Path> paths) throws BadInputException {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (path.toString().endsWith(".json")) {
        files.addAll(shards(path));
      } else {
        files.add(path);
      }
    }
    return files;
  }

  private static List<Path> shards(Path index) throws BadInputException {
    TreeSet<String> names = new TreeSet<>(NaturalOrder.of(name -> name));
    for (JsonNode file : read(index).path("weight_map")) {
      if (!file.isTextual()) {
        throw new BadInputException(index, "weight_map names " + file + ", expected the name of a file");
      }
      names.add(file.textValue());
    }
    if (names.isEmpty()) {
      throw new BadInputException(index, "no weight_map that names shards");
    }
    return names.stream().map(index::resolveSibling).toList();
  }

  private static JsonNode read(Path index) throws BadInputException {
    try {
      if (Files.size(index) > LONGEST) {
        throw new BadInputException(index, Files.size(index) + " bytes are too long for an index of shards");
      }
      return JSON.readTree(Files.readAllBytes(index));
    } catch (JsonProcessingException e) {
      throw new BadInputException(index, Math.max(0, e.getLocation().getByteOffset()),
          "not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new BadInputException(index, InputFile.reason(e));
    }
  }
}
