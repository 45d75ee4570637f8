package dev.surprisal.cli.files;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A whole file as memory: nothing is read before it is touched, and nothing of it is on the heap. */
public final class MappedFile implements AutoCloseable {
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path path;
  private final Arena arena;
  private final MemorySegment bytes;

  private MappedFile(Path path, Arena arena, MemorySegment bytes) {
    this.path = path;
    this.arena = arena;
    this.bytes = bytes;
  }

  /**
   * Maps a file.
   *
   * @param path the file
   * @return its bytes, until it is closed
   * @throws BadInputException if there is no such file, or it cannot be read
   */
  public static MappedFile open(Path path) throws BadInputException {
    // Shared, because the scoring threads read it.
    Arena arena = Arena.ofShared();
    try {
      if (Files.isDirectory(path)) {
        throw new BadInputException(path, "is a directory, not a file");
      }
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
        return new MappedFile(path, arena, channel.map(MapMode.READ_ONLY, 0, channel.size(), arena));
      }
    } catch (IOException e) {
      arena.close();
      throw new BadInputException(path, reason(e));
    } catch (BadInputException e) {
      arena.close();
      throw e;
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

  /** {@return its length in bytes} */
  public long size() {
    return bytes.byteSize();
  }

  /** {@return its bytes} */
  public MemorySegment bytes() {
    return bytes;
  }

  int intAt(long position) {
    return bytes.get(INT, position);
  }

  long longAt(long position) {
    return bytes.get(LONG, position);
  }

  int unsignedByteAt(long position) {
    return Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, position));
  }

  int unsignedShortAt(long position) {
    return Short.toUnsignedInt(bytes.get(SHORT, position));
  }

  /** The text of a header, one character a byte. */
  String textAt(long position, int length) {
    return new String(bytes.asSlice(position, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
  }

  String utf8At(long position, int length) {
    return new String(bytes.asSlice(position, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /** Requires the file to have bytes up to a position, saying what is missing if it ends before. */
  void require(long end, String what) throws BadInputException {
    if (size() < end) {
      throw broken(size(), "the file ends inside " + what + ", which needs " + end + " bytes");
    }
  }

  /** Requires the file not to have become shorter since it was mapped. */
  void requireUnchanged() throws BadInputException {
    long now;
    try {
      now = Files.size(path);
    } catch (IOException e) {
      throw new BadInputException(path, "went away while it was read: " + reason(e));
    }
    if (now < size()) {
      throw broken(now, "the file shrank while it was read, from " + size() + " to " + now + " bytes");
    }
  }

  float floatAt(long position) {
    return Float.intBitsToFloat(intAt(position));
  }

  BadInputException broken(long position, String reason) {
    return new BadInputException(path, position, reason);
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
