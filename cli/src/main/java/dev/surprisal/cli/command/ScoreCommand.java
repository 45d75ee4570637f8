package dev.surprisal.cli.command;

import dev.surprisal.Backend;
import dev.surprisal.Scorer;
import dev.surprisal.cli.files.BadInputException;
import dev.surprisal.cli.files.LogitsFile;
import dev.surprisal.cli.files.Targets;
import dev.surprisal.cli.output.Lines;
import dev.surprisal.cli.output.Terminal;
import dev.surprisal.cli.scoring.FileScorer;
import dev.surprisal.cli.scoring.ScoreSummary;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code surprisal score}: perplexity and entropy of a file of logits. */
@Command(name = "score", mixinStandardHelpOptions = true,
    description = "Perplexity and entropy of a file of logits, one row a position. The file is mapped, not loaded.")
public final class ScoreCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Parameters(paramLabel = "LOGITS", description = "A 2-D .npy file of f2, f4 or f8, little-endian, C order.")
  private Path logits;

  @Option(names = "--targets", paramLabel = "FILE",
      description = "A .npy file of i4 or i8: the index of the true entry of each row, " + Scorer.IGNORE + " for none.")
  private Path targets;

  /** For picocli. */
  public ScoreCommand() {}

  @Override
  public Integer call() throws BadInputException {
    ScoreSummary summary = new ScoreSummary();
    long start = System.nanoTime();
    try (LogitsFile rows = LogitsFile.open(logits, null, null);
        Targets truth = targets == null ? null : Targets.open(targets, null)) {
      new FileScorer(Scorer.parallel(), Scorer.IGNORE).score(rows, truth, summary);
      print(rows, summary, (System.nanoTime() - start) / 1e9);
    }
    return 0;
  }

  private void print(LogitsFile rows, ScoreSummary summary, double seconds) {
    Lines lines = new Lines(spec.commandLine().getOut(), Terminal.ofStandardOutput());
    lines.print("logits", "%s: %,d rows of %,d, %s", rows.path(), rows.rows(), rows.vocabulary(), rows.encoding());
    if (targets != null) {
      lines.print("scored", "%,d rows", summary.scored());
      lines.print("mean NLL", "%.6f ± %.6f nats", summary.meanNll(), summary.stderrNll());
      lines.print("perplexity", "%.4f (%.4f bits a token)", summary.perplexity(), summary.bitsPerToken());
      lines.print("accuracy", "%.2f %% of the targets are the most likely entry", 100 * summary.accuracy());
    }
    lines.print("mean entropy", "%.6f nats", summary.meanEntropy());
    lines.print("backend", "%s", Backend.current());
    lines.print("time", "%.2f s, %.2f GB/s", seconds, rows.rows() * rows.rowBytes() / seconds / 1e9);
  }
}
