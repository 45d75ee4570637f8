package dev.surprisal.cli.command;

import dev.surprisal.Backend;
import dev.surprisal.cli.files.BadInputException;
import dev.surprisal.cli.files.LogitsFile;
import dev.surprisal.cli.output.Figures;
import dev.surprisal.cli.output.Lines;
import dev.surprisal.cli.output.OutputFile;
import dev.surprisal.cli.output.Progress;
import dev.surprisal.cli.output.Report;
import dev.surprisal.cli.output.RowFile;
import dev.surprisal.cli.output.Terminal;
import dev.surprisal.cli.scoring.RowScorer;
import dev.surprisal.cli.scoring.RowSink;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * One pass over files of logits: each row goes to all that want it, the time is taken, the outputs are completed, the
 * report is printed.
 *
 * @param <R> the rows
 */
final class ScoringPass<R> {
  private final ScoringOptions options;
  private final RowFile<R> perRow;
  private final OutputFile html;
  private long bytes;
  private double seconds;

  /** A way to score the rows of files. */
  @FunctionalInterface
  interface Source<R> {
    void score(RowScorer scorer, RowSink<R> sink) throws BadInputException, IOException;
  }

  /** A pass with the outputs that are asked for; null for those that are not. */
  ScoringPass(ScoringOptions options, RowFile<R> perRow, OutputFile html) {
    this.options = options;
    this.perRow = perRow;
    this.html = html;
  }

  /** Scores the rows of files, which have equally many. */
  void score(List<LogitsFile> files, Source<R> source, List<RowSink<R>> sinks) throws BadInputException, IOException {
    long rows = files.getFirst().rows();
    long rowBytes = files.stream().mapToLong(LogitsFile::rowBytes).sum();
    bytes = rows * rowBytes;
    long start = System.nanoTime();
    try (Progress progress = Progress.ofFiles(rows, rowBytes)) {
      source.score(options.scorer(progress), row -> {
        for (RowSink<R> sink : sinks) {
          sink.accept(row);
        }
        if (perRow != null) {
          perRow.accept(row);
        }
      });
    }
    seconds = (System.nanoTime() - start) / 1e9;
  }

  /** Completes the outputs, then says what was found. */
  void complete(Report report, Supplier<String> page) throws IOException {
    if (perRow != null) {
      perRow.complete();
    }
    if (html != null) {
      html.write(page.get());
      html.complete();
    }
    if (options.json()) {
      options.out().println(report.json());
      return;
    }
    Lines lines = new Lines(options.out(), Terminal.ofStandardOutput());
    report.print(lines);
    lines.print("backend", "%s", Backend.current());
    lines.print("time", "%s", Figures.time(bytes, seconds));
  }
}
