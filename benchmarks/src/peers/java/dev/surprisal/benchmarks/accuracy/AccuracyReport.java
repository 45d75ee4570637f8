package dev.surprisal.benchmarks.accuracy;

import dev.surprisal.Backend;
import dev.surprisal.DType;
import dev.surprisal.benchmarks.input.RowKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch;

/** Writes ACCURACY.md: errors of the library and of others against an oracle of 30 digits, on the same stored values. */
public final class AccuracyReport {
  private final Map<Statistic, StringBuilder> tables = new EnumMap<>(Statistic.class);

  private AccuracyReport() {
    for (Statistic statistic : Statistic.values()) {
      StringBuilder head = new StringBuilder("## ").append(statistic.title).append("\n\n| rows | dtype |");
      for (Contestant contestant : Contestant.values()) {
        head.append(' ').append(contestant.title).append(": max | RMS |");
      }
      head.append("\n|---|---|").append("---:|---:|".repeat(Contestant.values().length)).append('\n');
      tables.put(statistic, head);
    }
  }

  /**
   * Writes the report.
   *
   * @param args none
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    torch.set_num_threads(1);
    AccuracyReport report = new AccuracyReport();
    for (DType dtype : DType.values()) {
      for (RowKind kind : RowKind.values()) {
        report.add(Sample.of(kind, dtype));
      }
      report.add(Sample.ofTrigrams(dtype));
    }
    String text = Files.readString(Path.of("benchmarks/ACCURACY.template.md"))
        .replace("{{tables}}", String.join("\n", report.tables.values()).stripTrailing())
        .replace("{{backend}}", Backend.current().toString());
    Files.writeString(Path.of("ACCURACY.md"), text);
    System.out.println("ACCURACY.md");
  }

  private void add(Sample sample) {
    try (sample) {
      for (Statistic statistic : Statistic.values()) {
        double[] exact = statistic.exact.apply(sample);
        StringBuilder row = tables.get(statistic).append("| ").append(sample.title).append(" | ")
            .append(sample.x.dtype().name().toLowerCase(Locale.ROOT)).append(" |");
        for (Contestant contestant : Contestant.values()) {
          Optional<Errors> errors = contestant.compute(statistic, sample).map(results -> new Errors(statistic.least).add(exact, results));
          row.append(' ').append(errors.map(e -> format(e.max())).orElse("-"))
              .append(" | ").append(errors.map(e -> format(e.rootMeanSquare())).orElse("-")).append(" |");
        }
        row.append('\n');
      }
    }
    System.out.println(sample.title + ", " + sample.x.dtype());
  }

  private static String format(double error) {
    return error == 0 ? "0" : String.format(Locale.ROOT, "%.1e", error);
  }
}
