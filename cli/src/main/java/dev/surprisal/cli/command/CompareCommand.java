package dev.surprisal.cli.command;

import dev.surprisal.cli.files.BadInputException;
import dev.surprisal.cli.files.LogitsFile;
import dev.surprisal.cli.files.Targets;
import dev.surprisal.cli.html.ComparePage;
import dev.surprisal.cli.output.Column;
import dev.surprisal.cli.output.CompareReport;
import dev.surprisal.cli.output.OutputFile;
import dev.surprisal.cli.output.RowFile;
import dev.surprisal.cli.scoring.CompareProfile;
import dev.surprisal.cli.scoring.CompareSummary;
import dev.surprisal.cli.scoring.ComparedRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code surprisal compare}: how far a second file of logits is from a first. */
@Command(name = "compare", mixinStandardHelpOptions = true, sortOptions = false,
    description = "How far the distributions of OTHER, say of a quantised model, are from those of BASE, row by row:"
        + " divergences, agreement,"
        + " perplexity of both. The files may differ in format and precision.")
public final class CompareCommand implements Callable<Integer> {
  @Parameters(paramLabel = "BASE", index = "0",
      description = "Logits of the original: a .safetensors, .npy or llama-perplexity base file, or an index of shards"
          + " (.json).")
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
        RowFile<ComparedRow> perRow = options.beginPerRow(Column.ofComparison());
        OutputFile html = options.beginHtml();
        CompareSummary summary = new CompareSummary()) {
      CompareProfile profile = new CompareProfile(base.vocabulary());
      ScoringPass<ComparedRow> pass = new ScoringPass<>(options, perRow, html);
      pass.score(List.of(base, other), (scorer, sink) -> scorer.compare(base, other, targets, sink),
          List.of(summary, profile));
      CompareReport report = new CompareReport(base, other, summary, profile.worst().worst());
      pass.complete(report, () -> ComparePage.of(base, other, summary, profile, report));
    }
    return 0;
  }
}
