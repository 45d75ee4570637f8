package dev.surprisal.cli.files;

import java.nio.file.Path;

/** Input that cannot be used: says in one line which file, where in it, and why. */
public class BadInputException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Input that is wrong as a whole.
   *
   * @param file   the file
   * @param reason what is wrong, with the offending values
   */
  public BadInputException(Path file, String reason) {
    super(file + ": " + reason);
  }

  /**
   * Input that is wrong at one place.
   *
   * @param file     the file
   * @param position offset of the wrong bytes in it
   * @param reason   what is wrong, with the offending values
   */
  public BadInputException(Path file, long position, String reason) {
    super(file + ": at byte " + position + ": " + reason);
  }
}
