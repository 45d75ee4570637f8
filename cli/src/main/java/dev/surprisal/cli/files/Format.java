package dev.surprisal.cli.files;

import java.util.List;

/** A file format that holds tensors. A new one implements this and joins {@link #ALL}. */
interface Format {
  /** Every format, in the order in which a file is tried. */
  List<Format> ALL = List.of(new Npy(), new Safetensors());

  /**
   * Whether a file looks like this format.
   *
   * @param file the file
   * @return true if it does
   * @throws BadInputException if the file cannot be read
   */
  boolean recognises(InputFile file) throws BadInputException;

  /**
   * The tensors of a file, their types, shapes and places checked against its length.
   *
   * @param file the file
   * @return the tensors
   * @throws BadInputException if the file is broken or holds what this tool cannot read
   */
  List<Tensor> tensors(InputFile file) throws BadInputException;

  /**
   * The tensors of a file of any format.
   *
   * @param file the file
   * @return the tensors
   * @throws BadInputException if no format recognises the file, or it is broken
   */
  static List<Tensor> tensorsOf(InputFile file) throws BadInputException {
    for (Format format : ALL) {
      if (format.recognises(file)) {
        return format.tensors(file);
      }
    }
    throw file.broken(0, "neither a .npy nor a .safetensors file, and no base file of llama-perplexity");
  }

  /**
   * Requires a tensor to fill exactly the bytes it was given.
   *
   * @param file the file
   * @param tensor a tensor in it
   * @param bytes the bytes there are for it
   * @throws BadInputException if its shape needs more bytes or fewer
   */
  static void requireBytes(InputFile file, Tensor tensor, long bytes) throws BadInputException {
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
