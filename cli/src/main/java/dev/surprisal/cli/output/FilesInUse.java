package dev.surprisal.cli.output;

import dev.surprisal.cli.files.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files of one run of a command: none that it writes may be one that it reads, or another one that it writes. */
public final class FilesInUse {
  /** A file, and what it is in a message. */
  private record Use(Path path, String what) {}

  private final List<Use> uses = new ArrayList<>();

  /** No files yet. */
  public FilesInUse() {}

  /**
   * Adds inputs.
   *
   * @param what what they are, for a message: {@code the file of logits}
   * @param paths where they are
   */
  public void read(String what, List<Path> paths) {
    paths.forEach(path -> uses.add(new Use(path, what)));
  }

  /**
   * Adds an output, after all inputs.
   *
   * @param option the option that asks for it
   * @param path where it is to appear, or null if it is not asked for
   * @throws BadInputException if it would replace one of the files added before
   * @throws IOException if it cannot be told whether two files are the same
   */
  public void write(String option, Path path) throws BadInputException, IOException {
    if (path == null) {
      return;
    }
    for (Use use : uses) {
      if (isSame(path, use.path)) {
        throw new BadInputException(path, "cannot write " + option + " to it: it is " + use.what + " " + use.path);
      }
    }
    uses.add(new Use(path, "the output of " + option));
  }

  /** Links make two names of one file; of files that are not there yet, only the names can be compared. */
  private static boolean isSame(Path a, Path b) throws IOException {
    return Files.exists(a) && Files.exists(b)
        ? Files.isSameFile(a, b)
        : a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize());
  }
}
