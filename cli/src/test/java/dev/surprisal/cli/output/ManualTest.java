package dev.surprisal.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.surprisal.cli.Run;
import dev.surprisal.cli.files.NpyWriter;
import dev.surprisal.cli.scoring.Divergence;
import dev.surprisal.cli.scoring.RowFigure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of the manual name what the tool writes, in that order, and nothing else. */
class ManualTest {
  private static final Path MANUAL = Path.of("..", "docs", "command-line.md");
  private static final Pattern NAME = Pattern.compile("`(\\w+)`");

  /** The tables below the heading "Output", each without its head: keys of score, keys of compare, columns of both. */
  private static List<List<String>> tables;

  @TempDir
  private Path directory;

  @BeforeAll
  static void read() throws IOException {
    List<String> lines = Files.readAllLines(MANUAL);
    tables = new ArrayList<>();
    for (String line : lines.subList(lines.indexOf("## Output"), lines.size())) {
      if (line.startsWith("|---")) {
        tables.add(new ArrayList<>());
      } else if (line.startsWith("| `")) {
        tables.getLast().add(line);
      }
    }
    assertEquals(4, tables.size(), "tables in " + MANUAL);
  }

  /** The names in the first cell of every line. */
  private static List<String> names(List<String> table) {
    return table.stream().map(line -> line.split("(?<!\\\\)\\|")[1])
        .flatMap(cell -> NAME.matcher(cell).results().map(match -> match.group(1))).toList();
  }

  private static <R> List<String> lines(List<Column<R>> columns) {
    return columns.stream().map(column -> String.format("| `%s` | %s | %s | %s |", column.name(),
        column.type().toString().toLowerCase(Locale.ROOT), column.unit(), column.meaning().replace("|", "\\|"))
        .replace("|  |", "| |")).toList();
  }

  private Path logits() throws IOException {
    return NpyWriter.floats(directory.resolve("rows.npy"), new float[][] {{1, 2}, {3, 4}});
  }

  private static List<String> keys(Run run) throws IOException {
    assertEquals(0, run.exitCode(), run.err());
    JsonNode json = new ObjectMapper().readTree(run.out());
    List<String> keys = new ArrayList<>();
    json.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  @Test
  void keysOfScore() throws IOException {
    assertEquals(keys(Run.surprisal("score", logits(), "--json")), names(tables.get(0)));
  }

  /** "The same keys for BASE, except undefined, and". */
  @Test
  void keysOfCompare() throws IOException {
    List<String> keys = new ArrayList<>(names(tables.get(0)));
    keys.remove("undefined");
    keys.addAll(names(tables.get(1)));
    assertEquals(keys(Run.surprisal("compare", logits(), logits(), "--json")), keys);
  }

  @Test
  void columnsOfScores() {
    assertEquals(lines(Column.ofScores()), tables.get(2));
  }

  /** "These come after row and target, and then each of the others twice, as Base and Other". */
  @Test
  void columnsOfComparisons() {
    int divergences = Divergence.values().length;
    List<String> columns = lines(Column.ofComparison());
    assertEquals(lines(Column.ofScores()).subList(0, 2), columns.subList(0, 2));
    assertEquals(columns.subList(2, 2 + divergences), tables.get(3));
    assertFalse(tables.get(3).isEmpty());
    assertEquals(
        Arrays.stream(RowFigure.values()).map(RowFigure::column)
            .flatMap(name -> Stream.of(name + "Base", name + "Other")).toList(),
        Column.ofComparison().stream().map(Column::name).skip(2 + divergences).toList());
  }
}
