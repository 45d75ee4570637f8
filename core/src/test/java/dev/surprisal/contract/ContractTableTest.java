package dev.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.Scorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The contract is written in {@code docs/contract.md}; the Javadoc of {@link Scorer} has a copy, which may not drift.
 */
@Tag("without-module") // whatever the backend: once is enough
class ContractTableTest {
  private static final Path CORE = Path.of(System.getProperty("basedir"));
  private static final String COMMENT = "/// ";

  private static List<String> table(Path file, String prefix) throws IOException {
    return Files.readAllLines(CORE.resolve(file)).stream()
        .filter(line -> line.startsWith(prefix + "|"))
        .map(line -> line.substring(prefix.length()))
        .toList();
  }

  @Test
  void javadocHasTheTableOfTheContract() throws IOException {
    List<String> contract = table(Path.of("../docs/contract.md"), "");
    assertTrue(contract.size() > 20, "the table is not where this test looks");
    assertEquals(contract, table(Path.of("src/main/java/dev/surprisal/Scorer.java"), COMMENT));
  }
}
