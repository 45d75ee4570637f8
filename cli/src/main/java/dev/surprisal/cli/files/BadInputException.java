package dev.surprisal.cli.files;

import java.nio.file.Path;

/** Input that cannot be used: says in one line which file, where in it, and why. */
public class BadInputException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 1000;

  /**
   * Input that is wrong as a whole.
   *
   * @param file   the file
   * @param reason what is wrong, with the offending values
   */
  public BadInputException(Path file, String reason) {
    super(oneLine(file + ": " + reason));
  }

  /**
   * Input that is wrong at one place.
   *
   * @param file     the file
   * @param position offset of the wrong bytes in it
   * @param reason   what is wrong, with the offending values
   */
  public BadInputException(Path file, long position, String reason) {
    super(oneLine(file + ": at byte " + position + ": " + reason));
  }

  /** Reasons quote what stands in files, which may be anything. */
  private static String oneLine(String message) {
    String printable = message.replaceAll("\\p{Cntrl}", "?");
    return printable.length() <= LONGEST ? printable : printable.substring(0, LONGEST) + "...";
  }
}
