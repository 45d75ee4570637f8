package dev.surprisal.cli.command;

import dev.surprisal.Scorer;
import dev.surprisal.cli.files.BadInputException;
import dev.surprisal.cli.files.Inputs;
import dev.surprisal.cli.files.LogitsFile;
import dev.surprisal.cli.files.Targets;
import dev.surprisal.cli.output.Column;
import dev.surprisal.cli.output.FilesInUse;
import dev.surprisal.cli.output.OutputFile;
import dev.surprisal.cli.output.RowFile;
import dev.surprisal.cli.scoring.RowScorer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that {@code score} and {@code compare} share. */
final class ScoringOptions {
  private static final int MOST_THREADS = 1024;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--tensor", paramLabel = "NAME",
      description = "The tensor with the logits, where a file has more than one that fits; logits also means logits.0,"
          + " logits.1, ...")
  private String tensor;

  @Option(names = "--vocabulary", paramLabel = "N",
      description = "Read the first N logits of each row: for a vocabulary that is padded in the file.")
  private Integer vocabulary;

  @Option(names = "--targets", paramLabel = "FILE|NAME",
      description = "The index of the true entry of each row: a .npy or .safetensors file of i4 or i8, or the name of a"
          + " tensor in the"
          + " same file as the logits (where two are compared, those of BASE).")
  private String targets;

  @Option(names = "--ignore", paramLabel = "ID", defaultValue = "" + Scorer.IGNORE,
      description = "The target that marks rows to leave out (default: ${DEFAULT-VALUE}).")
  private long ignore;

  @Option(names = "--temperature", paramLabel = "T", defaultValue = "1",
      description = "Divide every logit by T (default: ${DEFAULT-VALUE}).")
  private float temperature;

  @Option(names = "--threads", paramLabel = "N",
      description = "How many threads to use (default: one for each processor).")
  private Integer threads;

  @Option(names = "--json", description = "Print one JSON object instead of lines for people.")
  private boolean json;

  @Option(names = "--per-row", paramLabel = "OUT",
      description = "Write every statistic of every row to OUT.csv or OUT.jsonl.")
  private Path perRow;

  @Option(names = "--html", paramLabel = "OUT", description = "Write a page with charts to OUT.")
  private Path html;

  /** Checks what picocli does not. */
  void check() {
    require(vocabulary == null || vocabulary > 0, "--vocabulary must be at least 1: " + vocabulary);
    require(temperature > 0 && temperature < Float.POSITIVE_INFINITY,
        "--temperature must be positive and finite: " + temperature);
    require(threads == null || threads > 0 && threads <= MOST_THREADS,
        "--threads must be 1 to " + MOST_THREADS + ": " + threads);
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  /** Refuses to write over a file that is read, or to write two outputs to one file. */
  void checkOutputs(List<Path> logits) throws BadInputException, IOException {
    FilesInUse files = new FilesInUse();
    files.read("the file of logits", Inputs.files(logits));
    if (targets != null && Files.exists(Path.of(targets))) {
      files.read("the file of targets", List.of(Path.of(targets)));
    }
    files.write("--per-row", perRow);
    files.write("--html", html);
  }

  LogitsFile openLogits(List<Path> paths) throws BadInputException {
    return Inputs.logits(paths, tensor, vocabulary);
  }

  /** The targets asked for, or those that the logits bring along, or null. */
  Targets openTargets(List<Path> paths, LogitsFile logits) throws BadInputException {
    return targets == null ? logits.ownTargets() : Inputs.targets(targets, paths);
  }

  RowScorer scorer(LongConsumer progress) {
    int used = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    return new RowScorer(used, temperature, ignore, progress);
  }

  boolean json() {
    return json;
  }

  /** The per-row file, begun, or null if it is not asked for. */
  <R> RowFile<R> beginPerRow(List<Column<R>> columns) throws BadInputException, IOException {
    return perRow == null ? null : RowFile.create(perRow, columns);
  }

  /** The page, begun, or null if it is not asked for. */
  OutputFile beginHtml() throws IOException {
    return html == null ? null : new OutputFile(html);
  }

  /** Where the report goes. */
  PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
