package dev.surprisal.cli.command;

import dev.surprisal.cli.demo.Demo;
import dev.surprisal.cli.demo.ScoredWord;
import dev.surprisal.cli.demo.TextPage;
import dev.surprisal.cli.files.BadInputException;
import dev.surprisal.cli.files.ElementType;
import dev.surprisal.cli.output.FilesInUse;
import dev.surprisal.cli.output.OutputFile;
import dev.surprisal.cli.output.Progress;
import dev.surprisal.cli.output.Terminal;
import dev.surprisal.demo.Passage;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code surprisal demo}: how surprising is each word of a text to a language model? */
@Command(name = "demo", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Scores every word of an English text with the CMU Sphinx en-us trigram model (72,354 words).")
public final class DemoCommand implements Callable<Integer> {
  /** What rows can be saved as. */
  private enum SavedType {
    /** Single precision. */
    F32,
    /** Half precision. */
    F16,
    /** The upper half of a single. */
    BF16
  }

  @Spec
  private CommandSpec spec;

  @Option(names = "--text", paramLabel = "FILE", description = "A text in UTF-8; without it, the beginning of a novel.")
  private Path text;

  @Option(names = "--html", paramLabel = "OUT", description = "Write the coloured text as a page to OUT.")
  private Path html;

  @Option(names = "--save", paramLabel = "OUT",
      description = "Write the rows of logits and the targets to OUT, a .safetensors file to try score and compare on.")
  private Path save;

  @Option(names = "--dtype", paramLabel = "TYPE", defaultValue = "F32",
      description = "How the saved logits are stored: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private SavedType dtype;

  /** For picocli. */
  public DemoCommand() {}

  @Override
  public Integer call() throws BadInputException, IOException {
    checkOutputs();
    Demo demo = new Demo(text());
    try (OutputFile page = html == null ? null : new OutputFile(html);
        OutputFile rows = save == null ? null : new OutputFile(save)) {
      List<ScoredWord> words = score(demo, rows);
      demo.print(words, spec.commandLine().getOut(), Terminal.ofStandardOutput());
      if (rows != null) {
        rows.complete();
      }
      if (page != null) {
        page.write(TextPage.of(words, demo.vocabulary()));
        page.complete();
      }
    }
    return 0;
  }

  /** Refuses to write over the text, or to write two outputs to one file. */
  private void checkOutputs() throws BadInputException, IOException {
    FilesInUse files = new FilesInUse();
    if (text != null) {
      files.read("the text", List.of(text));
    }
    files.write("--html", html);
    files.write("--save", save);
  }

  private List<ScoredWord> score(Demo demo, OutputFile rows) throws IOException {
    try (Progress progress = Progress.ofText(demo.words())) {
      return demo.score(rows, ElementType.valueOf(dtype.name()), progress::accept);
    }
  }

  private String text() throws BadInputException, IOException {
    if (text == null) {
      return Passage.text();
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
