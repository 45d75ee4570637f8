import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The programs of this module: their names, their text, and what they print. */
final class Example {
  private static final Path SOURCES = Path.of("src/main/java");

  private Example() {}

  /** The name of every example. */
  static List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.map(file -> file.getFileName().toString().replace(".java", "")).toList();
    }
  }

  /** The lines of its source. */
  static List<String> source(String name) throws IOException {
    return Files.readAllLines(SOURCES.resolve(name + ".java"));
  }

  /** The lines that its main method prints, in the format of no country. */
  static List<String> run(String name) throws ReflectiveOperationException {
    PrintStream console = System.out;
    Locale locale = Locale.getDefault();
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try {
      Locale.setDefault(Locale.ROOT);
      System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
      Class.forName(name).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(console);
      Locale.setDefault(locale);
    }
    return output.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
