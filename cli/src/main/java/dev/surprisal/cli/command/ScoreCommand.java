package dev.surprisal.cli.command;

import dev.surprisal.Backend;
import dev.surprisal.cli.files.BadInputException;
import dev.surprisal.cli.files.LogitsFile;
import dev.surprisal.cli.files.Targets;
import dev.surprisal.cli.html.ScorePage;
import dev.surprisal.cli.output.Column;
import dev.surprisal.cli.output.Figures;
import dev.surprisal.cli.output.Lines;
import dev.surprisal.cli.output.OutputFile;
import dev.surprisal.cli.output.Progress;
import dev.surprisal.cli.output.RowFile;
import dev.surprisal.cli.output.ScoreReport;
import dev.surprisal.cli.output.Terminal;
import dev.surprisal.cli.scoring.ScoreProfile;
import dev.surprisal.cli.scoring.ScoreSummary;
import dev.surprisal.cli.scoring.ScoredRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code surprisal score}: perplexity and entropy of files of logits. */
@Command(name = "score", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Perplexity and entropy of files of logits, one row a position. Files may be larger than memory.")
public final class ScoreCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Parameters(paramLabel = "LOGITS", arity = "1..*",
      description = "A .safetensors, .npy or llama-perplexity base file, an index of shards (.json), or several shards.")
  private List<Path> paths;

  @Mixin
  private ScoringOptions options;

  /** For picocli. */
  public ScoreCommand() {}

  @Override
  public Integer call() throws BadInputException, IOException {
    options.check();
    options.checkOutputs(paths);
    try (LogitsFile logits = options.openLogits(paths);
        Targets targets = options.openTargets(paths, logits);
        RowFile<ScoredRow> perRow = options.perRow() == null ? null : RowFile.create(options.perRow(), Column.ofScores());
        OutputFile html = options.html() == null ? null : new OutputFile(options.html())) {
      score(logits, targets, perRow, html);
    }
    return 0;
  }

  private void score(LogitsFile logits, Targets targets, RowFile<ScoredRow> perRow, OutputFile html)
      throws BadInputException, IOException {
    ScoreSummary summary = new ScoreSummary();
    ScoreProfile profile = new ScoreProfile(logits.vocabulary());
    long start = System.nanoTime();
    try (Progress progress = Progress.ofFiles(logits.rows(), logits.rowBytes())) {
      options.scorer(progress).score(logits, targets, row -> {
        summary.accept(row);
        profile.accept(row);
        if (perRow != null) {
          perRow.accept(row);
        }
      });
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (perRow != null) {
      perRow.complete();
    }
    if (html != null) {
      html.write(ScorePage.of(logits, summary, profile));
      html.complete();
    }
    print(new ScoreReport(logits, summary), logits.rows() * logits.rowBytes(), seconds);
  }

  private void print(ScoreReport report, long bytes, double seconds) {
    if (options.json()) {
      spec.commandLine().getOut().println(report.json());
      return;
    }
    Lines lines = new Lines(spec.commandLine().getOut(), Terminal.ofStandardOutput());
    report.print(lines);
    lines.print("backend", "%s", Backend.current());
    lines.print("time", "%s", Figures.time(bytes, seconds));
  }
}
