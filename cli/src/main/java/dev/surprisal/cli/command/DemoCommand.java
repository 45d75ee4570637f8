package dev.surprisal.cli.command;

import dev.surprisal.cli.demo.Demo;
import dev.surprisal.cli.files.BadInputException;
import dev.surprisal.cli.output.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code surprisal demo}: how surprising is each word of a text to a language model? */
@Command(name = "demo", mixinStandardHelpOptions = true,
    description = "Scores every word of an English text with the CMU Sphinx en-us trigram model (72,354 words).")
public final class DemoCommand implements Callable<Integer> {
  private static final String PASSAGE = "/dev/surprisal/cli/demo/passage.txt";

  @Spec
  private CommandSpec spec;

  @Option(names = "--text", paramLabel = "FILE", description = "A text in UTF-8; without it, the beginning of a novel.")
  private Path text;

  /** For picocli. */
  public DemoCommand() {}

  @Override
  public Integer call() throws BadInputException, IOException {
    new Demo(spec.commandLine().getOut(), Terminal.ofStandardOutput(), _ -> {}).run(text());
    return 0;
  }

  private String text() throws BadInputException, IOException {
    if (text == null) {
      try (InputStream passage = DemoCommand.class.getResourceAsStream(PASSAGE)) {
        return new String(passage.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
    try {
      String read = Files.readString(text);
      if (read.chars().noneMatch(Character::isLetterOrDigit)) {
        throw new BadInputException(text, "has no word in it");
      }
      return read;
    } catch (NoSuchFileException _) {
      throw new BadInputException(text, "no such file");
    } catch (CharacterCodingException _) {
      throw new BadInputException(text, "is not text in UTF-8");
    } catch (IOException e) {
      throw new BadInputException(text, "cannot be read: " + e.getMessage());
    }
  }
}
