package dev.surprisal.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The text that is read where no other is given: the beginning of a novel. */
public final class Passage {
  private static final String RESOURCE = "passage.txt";

  private Passage() {}

  /**
   * Reads the text from the class path.
   *
   * @return the text
   * @throws IOException if it cannot be read
   */
  public static String text() throws IOException {
    try (InputStream in = Passage.class.getResourceAsStream(RESOURCE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
