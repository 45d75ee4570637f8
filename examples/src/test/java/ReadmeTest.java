import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.Scorer;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README says of code is so: the first example, what it prints, and the calls of its tables. */
class ReadmeTest {
  private static final Path README = Path.of("../README.md");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /** What the calls of the tables are made on. */
  private static final String CALLS = """
      import dev.surprisal.*;
      import java.lang.foreign.MemorySegment;
      import java.nio.ByteBuffer;
      import java.util.concurrent.ForkJoinPool;

      class Calls {
        Scorer scorer;
        Logits logits, teacher, student;
        Probabilities p, q, joint;
        float[] floats;
        short[] shorts;
        MemorySegment segment;
        ByteBuffer buffer;
        int rows, vocabulary, offset, byteOffset, rowStride, from, to;
        double alpha;
        int[] targets;
        double[] results;
        Scores scores;
        ForkJoinPool pool;

        void calls() {
          %s;
        }
      }
      """;

  @Test
  void showsTheFirstExampleAndWhatItPrints() throws IOException, ReflectiveOperationException {
    List<String> shown = between("<!-- example:", "<!-- end of example");
    List<String> expected = new ArrayList<>();
    expected.add("```java");
    expected.addAll(Example.source("FirstScores"));
    expected.addAll(List.of("```", "", "It prints:", "", "```"));
    expected.addAll(Example.run("FirstScores"));
    expected.add("```");
    assertEquals(String.join("\n", expected), String.join("\n", shown), "docs/record writes it anew");
  }

  @Test
  void everyCallOfTheTablesCompiles(@TempDir Path classes) throws IOException, URISyntaxException {
    List<String> calls = calls();
    assertTrue(calls.size() > 20, calls::toString);
    Path library = Path.of(Scorer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    StringWriter messages = new StringWriter();
    boolean compiled = ToolProvider.getSystemJavaCompiler()
        .getTask(messages, null, null, List.of("-proc:none", "-cp", library.toString(), "-d", classes.toString()), null,
            List.of(new Source(CALLS.formatted(String.join(";\n    ", calls)))))
        .call();
    assertTrue(compiled, messages::toString);
  }

  @Test
  void everyMethodOfScorerIsInTheTables() throws IOException {
    String calls = String.join("\n", calls()).toLowerCase(Locale.ROOT); // scorer.entropy(...) and Scorer.parallel()
    Set<String> missing = new TreeSet<>();
    for (Method method : Scorer.class.getDeclaredMethods()) {
      boolean isPublic = Modifier.isPublic(method.getModifiers());
      if (isPublic && !calls.contains("scorer." + method.getName().toLowerCase(Locale.ROOT) + "(")) {
        missing.add(method.getName());
      }
    }
    assertEquals(Set.of(), missing);
  }

  /** The code in the last column of the tables. */
  private static List<String> calls() throws IOException {
    List<String> calls = new ArrayList<>();
    for (String line : between("<!-- calls", "<!-- end of calls")) {
      if (line.startsWith("|")) {
        String[] cells = line.split("\\|");
        Matcher code = CODE.matcher(cells[cells.length - 1]);
        while (code.find()) {
          calls.add(code.group(1));
        }
      }
    }
    return calls;
  }

  /** The lines between the first that begins in one way and the next that begins in another. */
  private static List<String> between(String begin, String end) throws IOException {
    List<String> lines = Files.readAllLines(README);
    int from = indexOf(lines, 0, begin);
    return lines.subList(from + 1, indexOf(lines, from, end));
  }

  private static int indexOf(List<String> lines, int from, String beginning) {
    int at = from;
    while (at < lines.size() && !lines.get(at).startsWith(beginning)) {
      at++;
    }
    assertTrue(at < lines.size(), "no line begins with " + beginning);
    return at;
  }

  /** A source that is in no file. */
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("string:///Calls.java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
