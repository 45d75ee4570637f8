package dev.surprisal.cli.output;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that appears under its name when it is complete, and not at all if something goes wrong before. */
public final class OutputFile implements Closeable {
  private final Path path;
  private final Path temporary;
  private final OutputStream stream;

  /**
   * Begins a file.
   *
   * @param path where it is to appear; a file that is there is replaced
   * @throws IOException if nothing can be written there
   */
  public OutputFile(Path path) throws IOException {
    this.path = path;
    if (Files.isDirectory(path)) {
      throw new IOException(path + ": is a directory");
    }
    this.temporary = path.resolveSibling("." + path.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    try {
      this.stream = new BufferedOutputStream(Files.newOutputStream(temporary), 1 << 16);
    } catch (NoSuchFileException _) {
      throw new IOException(path + ": no such directory");
    } catch (AccessDeniedException _) {
      throw new IOException(path + ": permission denied");
    }
  }

  /** {@return where its contents go} */
  public OutputStream stream() {
    return stream;
  }

  /**
   * Writes a text, in UTF-8.
   *
   * @param text the text
   * @throws IOException if it cannot be written
   */
  public void write(String text) throws IOException {
    stream.write(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Ends the file and gives it its name.
   *
   * @throws IOException if it cannot be written
   */
  public void complete() throws IOException {
    stream.close();
    Files.move(temporary, path, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Removes what was written, unless the file is complete. */
  @Override
  public void close() throws IOException {
    stream.close();
    Files.deleteIfExists(temporary);
  }
}
