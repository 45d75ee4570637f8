package dev.surprisal.cli.command;

import dev.surprisal.Backend;
import dev.surprisal.cli.files.BadInputException;
import dev.surprisal.cli.files.LogitsFile;
import dev.surprisal.cli.files.Targets;
import dev.surprisal.cli.html.ComparePage;
import dev.surprisal.cli.output.Column;
import dev.surprisal.cli.output.CompareReport;
import dev.surprisal.cli.output.Figures;
import dev.surprisal.cli.output.Lines;
import dev.surprisal.cli.output.OutputFile;
import dev.surprisal.cli.output.Progress;
import dev.surprisal.cli.output.RowFile;
import dev.surprisal.cli.output.Terminal;
import dev.surprisal.cli.scoring.CompareProfile;
import dev.surprisal.cli.scoring.CompareSummary;
import dev.surprisal.cli.scoring.ComparedRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code surprisal compare}: how far a second file of logits is from a first. */
@Command(name = "compare", mixinStandardHelpOptions = true, sortOptions = false,
    description = "How far the distributions of OTHER, say of a quantised model, are from those of BASE, row by row: divergences, agreement,"
        + " perplexity of both. The files may differ in format and precision.")
public final class CompareCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Parameters(paramLabel = "BASE", index = "0",
      description = "Logits of the original: a .safetensors, .npy or llama-perplexity base file, or an index of shards (.json).")
  private Path basePath;

  @Parameters(paramLabel = "OTHER", index = "1", description = "Logits of the other model for the same positions.")
  private Path otherPath;

  @Mixin
  private ScoringOptions options;

  /** For picocli. */
  public CompareCommand() {}

  @Override
  public Integer call() throws BadInputException, IOException {
    options.check();
    options.checkOutputs(List.of(basePath, otherPath));
    try (LogitsFile base = options.openLogits(List.of(basePath));
        LogitsFile other = options.openLogits(List.of(otherPath));
        Targets targets = options.openTargets(List.of(basePath), base);
        RowFile<ComparedRow> perRow = options.perRow() == null ? null : RowFile.create(options.perRow(), Column.ofComparison());
        OutputFile html = options.html() == null ? null : new OutputFile(options.html())) {
      compare(base, other, targets, perRow, html);
    }
    return 0;
  }

  private void compare(LogitsFile base, LogitsFile other, Targets targets, RowFile<ComparedRow> perRow, OutputFile html)
      throws BadInputException, IOException {
    CompareProfile profile = new CompareProfile(base.vocabulary());
    long start = System.nanoTime();
    try (CompareSummary summary = new CompareSummary()) {
      try (Progress progress = Progress.ofFiles(base.rows(), base.rowBytes() + other.rowBytes())) {
        options.scorer(progress).compare(base, other, targets, row -> {
          summary.accept(row);
          profile.accept(row);
          if (perRow != null) {
            perRow.accept(row);
          }
        });
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      CompareReport report = new CompareReport(base, other, summary, profile.worst().worst());
      if (perRow != null) {
        perRow.complete();
      }
      if (html != null) {
        html.write(ComparePage.of(base, other, summary, profile, report));
        html.complete();
      }
      print(report, base.rows() * (base.rowBytes() + other.rowBytes()), seconds);
    }
  }

  private void print(CompareReport report, long bytes, double seconds) {
    if (options.json()) {
      spec.commandLine().getOut().println(report.json());
      return;
    }
    Lines lines = new Lines(spec.commandLine().getOut(), Terminal.ofStandardOutput());
    report.print(lines);
    lines.gap();
    lines.print("backend", "%s", Backend.current());
    lines.print("time", "%s", Figures.time(bytes, seconds));
  }
}
