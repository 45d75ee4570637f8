package dev.surprisal.cli.files;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A file format that holds tensors. A new one implements this and joins {@link #ALL}. */
interface Format {
  /** Every format, in the order in which a file is tried. */
  List<Format> ALL = List.of(new Npy());

  /**
   * Whether a file looks like this format, by its first bytes.
   *
   * @param file the file
   * @return true if it does
   */
  boolean recognises(MappedFile file);

  /**
   * The tensors of a file, their types, shapes and places checked against its length.
   *
   * @param file the file
   * @return the tensors
   * @throws BadInputException if the file is broken or holds what this tool cannot read
   */
  List<Tensor> tensors(MappedFile file) throws BadInputException;

  /**
   * The format of a file.
   *
   * @param file the file
   * @return the first that recognises it
   * @throws BadInputException if none does
   */
  static Format of(MappedFile file) throws BadInputException {
    for (Format format : ALL) {
      if (format.recognises(file)) {
        return format;
      }
    }
    throw file.broken(0, "not a .npy file");
  }

  /**
   * The tensor of a file that holds logits.
   *
   * @param file the file
   * @param name its name, or null where only one can be meant
   * @return a tensor of floating-point numbers with two or three dimensions
   * @throws BadInputException if there is none, or more than one
   */
  default Tensor logits(MappedFile file, String name) throws BadInputException {
    return choose(file, name, "logits (floating point, 2 or 3 dimensions)",
        tensor -> !tensor.type().isInteger() && (tensor.shape().size() == 2 || tensor.shape().size() == 3));
  }

  /**
   * The tensor of a file that holds targets.
   *
   * @param file the file
   * @param name its name, or null where only one can be meant
   * @return a tensor of integers
   * @throws BadInputException if there is none, or more than one
   */
  default Tensor targets(MappedFile file, String name) throws BadInputException {
    return choose(file, name, "targets (32-bit or 64-bit integers)", tensor -> tensor.type().isInteger());
  }

  private Tensor choose(MappedFile file, String name, String what, Predicate<Tensor> fits) throws BadInputException {
    List<Tensor> all = tensors(file);
    if (name != null && all.stream().noneMatch(tensor -> tensor.name().equals(name))) {
      throw new BadInputException(file.path(), "no tensor named " + name + ", there are " + list(all));
    }
    List<Tensor> fitting = all.stream().filter(tensor -> name == null || tensor.name().equals(name)).filter(fits).toList();
    if (fitting.isEmpty()) {
      throw new BadInputException(file.path(), "no tensor that can be " + what + ", there are " + list(all));
    }
    if (fitting.size() > 1) {
      throw new BadInputException(file.path(), "more than one tensor can be " + what + ", name one of " + list(fitting));
    }
    return fitting.getFirst();
  }

  private static String list(List<Tensor> tensors) {
    return tensors.isEmpty() ? "none" : tensors.stream().map(Tensor::toString).collect(Collectors.joining(", "));
  }

  /**
   * Requires a tensor to fill exactly the bytes it was given.
   *
   * @param file   the file
   * @param tensor a tensor in it
   * @param bytes  the bytes there are for it
   * @throws BadInputException if its shape needs more bytes or fewer
   */
  static void requireBytes(MappedFile file, Tensor tensor, long bytes) throws BadInputException {
    long needed;
    try {
      needed = Math.multiplyExact(tensor.elements(), (long) tensor.type().bytes());
    } catch (ArithmeticException _) {
      throw file.broken(tensor.position(), tensor + " is larger than any file");
    }
    if (needed != bytes) {
      throw file.broken(tensor.position(), tensor + " needs " + needed + " bytes, but there are " + bytes);
    }
  }
}
