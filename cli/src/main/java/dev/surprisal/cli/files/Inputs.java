package dev.surprisal.cli.files;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Opens what a command line names: one file, several shards, or an index of shards, as one matrix
 * of logits or its targets.
 */
public final class Inputs {
  private static final Predicate<Tensor> CAN_BE_LOGITS =
      tensor -> tensor.type().isFloatingPoint() && (tensor.shape().size() == 2 || tensor.shape().size() == 3);
  private static final Predicate<Tensor> CAN_BE_TARGETS = tensor -> tensor.type().isInteger();

  private Inputs() {}

  /**
   * Names every file that is read for the files of logits of a command line.
   *
   * @param paths files, or indices of shards
   * @return the files, indices and what they name
   * @throws BadInputException if an index cannot be read
   */
  public static List<Path> files(List<Path> paths) throws BadInputException {
    List<Path> files = new ArrayList<>(paths);
    files.addAll(ShardIndex.expand(paths));
    return files;
  }

  /**
   * Opens files of logits; their rows follow each other in the order given.
   *
   * @param paths files, or indices of shards
   * @param name the tensor to read, or the name before the number of several ({@code logits} for
   *     {@code logits.0, logits.1}); null where only one can be meant. A format without names takes no notice of it
   * @param vocabulary how many entries of each row to read, or null for all
   * @return the rows
   * @throws BadInputException if a file cannot be read as logits, or the files do not have the same shape and type
   */
  public static LogitsFile logits(List<Path> paths, String name, Integer vocabulary) throws BadInputException {
    List<LogitsFile> shards = new ArrayList<>();
    try {
      for (Path path : ShardIndex.expand(paths)) {
        openLogits(InputFile.open(path), name, vocabulary, shards);
      }
      for (LogitsFile shard : shards) {
        requireSameKind(shards.getFirst(), shard);
      }
    } catch (BadInputException | RuntimeException e) {
      shards.forEach(LogitsFile::close);
      throw e;
    }
    return shards.size() == 1 ? shards.getFirst() : new ShardedLogits(shards);
  }

  private static void openLogits(InputFile file, String name, Integer vocabulary, List<LogitsFile> shards)
      throws BadInputException {
    try {
      if (LlamaBaseFile.recognises(file)) {
        shards.add(LlamaBaseFile.open(file, vocabulary));
        return;
      }
      for (Tensor tensor : choose(file, name, CAN_BE_LOGITS, "logits (floating point, 2 or 3 dimensions)")) {
        shards.add(matrix(file, tensor, vocabulary));
      }
    } catch (BadInputException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static LogitsFile matrix(InputFile file, Tensor tensor, Integer vocabulary) throws BadInputException {
    long stored = tensor.shape().getLast();
    if (stored < 1 || stored > Integer.MAX_VALUE) {
      throw file.broken(tensor.position(), "rows of " + stored + " logits, expected 1 to " + Integer.MAX_VALUE);
    }
    if (vocabulary != null && vocabulary > stored) {
      throw file.broken(tensor.position(), "rows of " + stored + " logits, expected at least " + vocabulary);
    }
    long rows = tensor.elements() / stored;
    int used = vocabulary == null ? (int) stored : vocabulary;
    return tensor.type() == ElementType.F64
        ? new DoubleLogits(file, tensor, rows, used, stored)
        : new TensorLogits(file, tensor, rows, used, stored);
  }

  private static void requireSameKind(LogitsFile first, LogitsFile other) throws BadInputException {
    if (first.vocabulary() != other.vocabulary() || !first.encoding().equals(other.encoding())) {
      throw new BadInputException(other.path(),
          "rows of " + other.vocabulary() + " logits in " + other.encoding() + ", but "
              + first.path() + " has rows of " + first.vocabulary() + " in " + first.encoding());
    }
  }

  /**
   * Opens the targets of files of logits.
   *
   * @param source a file of targets, or the name of a tensor in the files of logits
   * @param logits the files of logits
   * @return the targets
   * @throws BadInputException if there are none of that name, or they are no integers
   */
  public static Targets targets(String source, List<Path> logits) throws BadInputException {
    if (Files.exists(Path.of(source))) {
      return targets(List.of(Path.of(source)), null);
    }
    try {
      return targets(ShardIndex.expand(logits), source);
    } catch (NoSuchTensorException _) {
      throw new BadInputException(Path.of(source), "no such file, and no tensor of that name in " + logits.getFirst());
    }
  }

  private static Targets targets(List<Path> paths, String name) throws BadInputException {
    List<Targets> shards = new ArrayList<>();
    try {
      for (Path path : paths) {
        openTargets(InputFile.open(path), name, shards);
      }
    } catch (BadInputException | RuntimeException e) {
      shards.forEach(Targets::close);
      throw e;
    }
    return shards.size() == 1 ? shards.getFirst() : new ShardedTargets(shards);
  }

  private static void openTargets(InputFile file, String name, List<Targets> shards) throws BadInputException {
    try {
      for (Tensor tensor : choose(file, name, CAN_BE_TARGETS, "targets (I32 or I64)")) {
        shards.add(new TensorTargets(file, tensor));
      }
    } catch (BadInputException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** The tensors of a file that are meant: those of a name, or the only one that fits. */
  private static List<Tensor> choose(InputFile file, String name, Predicate<Tensor> fits, String what)
      throws BadInputException {
    List<Tensor> all = Format.tensorsOf(file);
    List<Tensor> named = named(all, name);
    if (named.isEmpty()) {
      throw new NoSuchTensorException(file.path(), (name == null ? "no tensor" : "no tensor named " + name)
          + ", there are " + list(all));
    }
    List<Tensor> fitting = named.stream().filter(fits).toList();
    if (fitting.isEmpty()) {
      throw new BadInputException(file.path(), "no tensor that can be " + what + ", there are " + list(named));
    }
    if (name == null && fitting.size() > 1) {
      throw new BadInputException(file.path(),
          "more than one tensor can be " + what + ", name one of " + list(fitting));
    }
    return fitting;
  }

  private static List<Tensor> named(List<Tensor> all, String name) {
    if (name == null) {
      return all;
    }
    List<Tensor> exact = all.stream().filter(tensor -> tensor.name().isEmpty() || tensor.name().equals(name)).toList();
    return !exact.isEmpty() ? exact
        : all.stream()
            .filter(tensor -> tensor.name().matches(Pattern.quote(name) + "\\.\\d+"))
            .sorted(NaturalOrder.of(Tensor::name))
            .toList();
  }

  private static String list(List<Tensor> tensors) {
    return tensors.isEmpty() ? "none" : tensors.stream().map(Tensor::toString).collect(Collectors.joining(", "));
  }

  /** A file without the tensor asked for. */
  private static final class NoSuchTensorException extends BadInputException {
    private static final long serialVersionUID = 1L;

    NoSuchTensorException(Path file, String reason) {
      super(file, reason);
    }
  }
}
