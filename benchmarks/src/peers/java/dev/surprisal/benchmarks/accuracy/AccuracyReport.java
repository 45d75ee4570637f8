package dev.surprisal.benchmarks.accuracy;

import dev.surprisal.Backend;
import dev.surprisal.DType;
import dev.surprisal.benchmarks.Job;
import dev.surprisal.benchmarks.input.RowKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch;

/**
 * Writes ACCURACY.md: errors of the library and of others against an oracle of 30 digits, on the same stored values.
 */
public final class AccuracyReport {
  private final Map<Job, StringBuilder> tables = new LinkedHashMap<>();

  private AccuracyReport() {
    for (Job job : Job.all().stream().filter(Job::isOfLogits).toList()) {
      StringBuilder head = new StringBuilder("## ").append(title(job)).append("\n\n| rows | dtype |");
      for (Contestant contestant : Contestant.values()) {
        head.append(' ').append(contestant.title).append(": max | RMS |");
      }
      head.append("\n|---|---|").append("---:|---:|".repeat(Contestant.values().length)).append('\n');
      tables.put(job, head);
    }
  }

  private static String title(Job job) {
    return switch (job.statistic()) {
      case SCORE -> "Varentropy";
      case JENSEN_SHANNON -> "Jensen-Shannon divergence";
      case LOG_SOFTMAX -> "Log-softmax, every entry";
      default -> job.title().substring(0, 1).toUpperCase(Locale.ROOT) + job.title().substring(1);
    };
  }

  /** Exact values below it are held against it. */
  private static double least(Job job) {
    return switch (job.statistic()) {
      case LOG_SUM_EXP, ENTROPY, CROSS_ENTROPY, SCORE, LOG_SOFTMAX, ROW_SUM, COLUMN_SUMS -> 1e-12;
      case KL_DIVERGENCE, JENSEN_SHANNON, RENYI_DIVERGENCE -> 1e-6;
      case TOTAL_VARIATION -> 1e-4;
    };
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
        .replace("{{attack}}", Files.readString(Path.of("benchmarks/results/attack.md")).stripTrailing())
        .replace("{{backend}}", Backend.current().toString());
    Files.writeString(Path.of("ACCURACY.md"), text);
    System.out.println("ACCURACY.md");
  }

  private void add(Sample sample) {
    try (sample) {
      tables.forEach((job, table) -> {
        double[] exact = sample.exact(job.statistic());
        StringBuilder row = table.append("| ").append(sample.title).append(" | ")
            .append(sample.x.dtype().name().toLowerCase(Locale.ROOT)).append(" |");
        for (Contestant contestant : Contestant.values()) {
          Optional<Errors> errors =
              contestant.compute(job.statistic(), sample).map(results -> new Errors(least(job)).add(exact, results));
          row.append(' ').append(errors.map(e -> format(e.max())).orElse("-"))
              .append(" | ").append(errors.map(e -> format(e.rootMeanSquare())).orElse("-")).append(" |");
        }
        row.append('\n');
      });
    }
    System.out.println(sample.title + ", " + sample.x.dtype());
  }

  private static String format(double error) {
    return error == 0 ? "0" : String.format(Locale.ROOT, "%.1e", error);
  }
}
