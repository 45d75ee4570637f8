package dev.surprisal.cli.command;

import dev.surprisal.cli.files.BadInputException;
import dev.surprisal.cli.files.LogitsFile;
import dev.surprisal.cli.files.Targets;
import dev.surprisal.cli.html.ScorePage;
import dev.surprisal.cli.output.Column;
import dev.surprisal.cli.output.OutputFile;
import dev.surprisal.cli.output.RowFile;
import dev.surprisal.cli.output.ScoreReport;
import dev.surprisal.cli.scoring.ScoreProfile;
import dev.surprisal.cli.scoring.ScoreSummary;
import dev.surprisal.cli.scoring.ScoredRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code surprisal score}: perplexity and entropy of files of logits. */
@Command(name = "score", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Perplexity and entropy of files of logits, one row a position. Files may be larger than memory.")
public final class ScoreCommand implements Callable<Integer> {
  @Parameters(paramLabel = "LOGITS", arity = "1..*",
      description = "A .safetensors, .npy or llama-perplexity base file, an index of shards (.json), or several"
          + " shards.")
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
        RowFile<ScoredRow> perRow = options.beginPerRow(Column.ofScores());
        OutputFile html = options.beginHtml()) {
      ScoreSummary summary = new ScoreSummary();
      ScoreProfile profile = new ScoreProfile(logits.vocabulary());
      ScoringPass<ScoredRow> pass = new ScoringPass<>(options, perRow, html);
      pass.score(List.of(logits), (scorer, sink) -> scorer.score(logits, targets, sink), List.of(summary, profile));
      pass.complete(new ScoreReport(logits, summary), () -> ScorePage.of(logits, summary, profile));
    }
    return 0;
  }
}
