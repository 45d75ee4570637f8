package dev.surprisal.cli.files;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that is read at positions, by any number of threads.
 *
 * <p>Read, not mapped: the rows of a file are needed once, in order, and a copy into a buffer that stays in the
 * cache costs less than the page faults of a fresh mapping. And where a file shrinks while it is read, a read
 * says so; mapped memory faults.
 */
public final class InputFile implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private final long size;

  private InputFile(Path path, FileChannel channel, long size) {
    this.path = path;
    this.channel = channel;
    this.size = size;
  }

  /**
   * Opens a file.
   *
   * @param path the file
   * @return the file, until it is closed
   * @throws BadInputException if there is no such file, or it cannot be read
   */
  public static InputFile open(Path path) throws BadInputException {
    if (Files.isDirectory(path)) {
      throw new BadInputException(path, "is a directory, not a file");
    }
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      return new InputFile(path, channel, channel.size());
    } catch (IOException e) {
      throw new BadInputException(path, reason(e));
    }
  }

  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file";
      case AccessDeniedException _ -> "permission denied";
      default -> "cannot be read: " + e.getMessage();
    };
  }

  /** {@return where the file is} */
  public Path path() {
    return path;
  }

  /** {@return its length in bytes when it was opened} */
  public long size() {
    return size;
  }

  /**
   * Fills a buffer.
   *
   * @param position offset of the first byte to read
   * @param buffer filled from its position to its limit, then flipped back to where it was
   * @throws BadInputException if the file cannot be read, or ends before
   */
  void read(long position, ByteBuffer buffer) throws BadInputException {
    buffer.mark();
    long next = position;
    while (buffer.hasRemaining()) {
      int read;
      try {
        read = channel.read(buffer, next);
      } catch (IOException e) {
        throw broken(next, "cannot be read: " + e.getMessage());
      }
      if (read < 0) {
        throw broken(next, "the file shrank while it was read: it had " + size + " bytes");
      }
      next += read;
    }
    buffer.reset();
  }

  /** Fills memory outside the heap. */
  void read(long position, MemorySegment memory) throws BadInputException {
    read(position, memory.asByteBuffer());
  }

  private ByteBuffer read(long position, int length) throws BadInputException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    read(position, buffer);
    return buffer;
  }

  int intAt(long position) throws BadInputException {
    return read(position, Integer.BYTES).getInt();
  }

  long longAt(long position) throws BadInputException {
    return read(position, Long.BYTES).getLong();
  }

  /** Whether the file has certain bytes at a position. */
  boolean hasAt(long position, String characters) throws BadInputException {
    int length = characters.length();
    return size >= position + length && textAt(position, length, StandardCharsets.ISO_8859_1).equals(characters);
  }

  String textAt(long position, int length, Charset charset) throws BadInputException {
    return new String(read(position, length).array(), charset);
  }

  /** Requires the file to have bytes up to a position, saying what is missing if it ends before. */
  void require(long end, String what) throws BadInputException {
    if (size < end) {
      throw broken(size, "the file ends inside " + what + ", which needs " + end + " bytes");
    }
  }

  BadInputException broken(long position, String reason) {
    return new BadInputException(path, position, reason);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException _) {
      // Nothing was written, so nothing is lost.
    }
  }
}
