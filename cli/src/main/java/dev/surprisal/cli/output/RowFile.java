package dev.surprisal.cli.output;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.surprisal.cli.files.BadInputException;
import dev.surprisal.cli.scoring.RowSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A file with a line for every row: {@code .csv} or {@code .jsonl}, by its name.
 *
 * @param <R> the rows
 */
public final class RowFile<R> implements RowSink<R>, AutoCloseable {
  private final OutputFile file;
  private final RowSink<R> lines;

  private RowFile(OutputFile file, RowSink<R> lines) {
    this.file = file;
    this.lines = lines;
  }

  /**
   * Begins a file.
   *
   * @param path where it is to appear
   * @param columns what it tells of a row
   * @param <R> the rows
   * @return the file
   * @throws BadInputException if its name has neither ending
   * @throws IOException if nothing can be written there
   */
  public static <R> RowFile<R> create(Path path, List<Column<R>> columns) throws BadInputException, IOException {
    boolean csv = path.toString().endsWith(".csv");
    if (!csv && !path.toString().endsWith(".jsonl")) {
      throw new BadInputException(path, "expected a name that ends in .csv or .jsonl");
    }
    OutputFile file = new OutputFile(path);
    return new RowFile<>(file, csv ? csv(file, columns) : jsonLines(file, columns));
  }

  private static <R> RowSink<R> csv(OutputFile out, List<Column<R>> columns) throws IOException {
    out.write(columns.stream().map(Column::name).collect(Collectors.joining(",")) + "\n");
    return row -> {
      StringBuilder line = new StringBuilder();
      for (Column<R> column : columns) {
        Number value = column.value().apply(row);
        line.append(line.isEmpty() ? "" : ",").append(value == null ? "" : value);
      }
      out.write(line.append('\n').toString());
    };
  }

  private static <R> RowSink<R> jsonLines(OutputFile out, List<Column<R>> columns) throws IOException {
    JsonGenerator json = Json.generator(out.stream());
    return row -> {
      json.writeStartObject();
      for (Column<R> column : columns) {
        json.writeFieldName(column.name());
        Json.write(json, column.value().apply(row));
      }
      json.writeEndObject();
      json.flush();
    };
  }

  @Override
  public void accept(R row) throws IOException {
    lines.accept(row);
  }

  /**
   * Ends the file and gives it its name.
   *
   * @throws IOException if it cannot be written
   */
  public void complete() throws IOException {
    file.complete();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
