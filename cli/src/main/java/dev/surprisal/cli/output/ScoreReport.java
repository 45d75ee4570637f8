package dev.surprisal.cli.output;

import dev.surprisal.cli.files.LogitsFile;
import dev.surprisal.cli.scoring.ScoreSummary;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code surprisal score} found, as lines for people and as JSON. */
public final class ScoreReport implements Report {
  private final LogitsFile file;
  private final ScoreSummary summary;

  /**
   * A report.
   *
   * @param file the file
   * @param summary what it came to
   */
  public ScoreReport(LogitsFile file, ScoreSummary summary) {
    this.file = file;
    this.summary = summary;
  }

  @Override
  public void print(Lines lines) {
    lines.print("logits", "%s: %,d rows of %,d, %s", file.path(), file.rows(), file.vocabulary(), file.encoding());
    printUndefined(lines, "undefined", summary);
    if (summary.scored() > 0) {
      lines.print("scored", "%,d rows", summary.scored());
      lines.print("mean NLL", "%s", Figures.estimate("%.6f", summary.meanNll(), "%.6f", summary.stderrNll(), " nats"));
      lines.print("perplexity", "%s",
          Figures.estimate("%.4f", summary.perplexity(), "%.4f", summary.stderrPerplexity(), ""));
      lines.print("bits per token", "%.4f", summary.bitsPerToken());
      lines.print("accuracy", "%s",
          Figures.of("%.2f", 100 * summary.accuracy(), " % of the targets are the most likely entry"));
    }
    lines.print("mean entropy", "%s", Figures.of("%.6f", summary.meanEntropy(), " nats"));
  }

  /** Says why means are NaN, if they are. */
  static void printUndefined(Lines lines, String name, ScoreSummary summary) {
    if (summary.undefined() > 0) {
      lines.print(name, "%,d %s no distribution (a NaN, an infinite logit or nothing but -inf): means are NaN",
          summary.undefined(), summary.undefined() == 1 ? "row is" : "rows are");
    }
  }

  @Override
  public Map<String, Number> figures() {
    Map<String, Number> figures = new LinkedHashMap<>();
    figures.put("rows", summary.rows());
    figures.put("scored", summary.scored());
    figures.put("vocabulary", file.vocabulary());
    figures.put("meanNll", summary.meanNll());
    figures.put("stderrNll", summary.stderrNll());
    figures.put("perplexity", summary.perplexity());
    figures.put("bitsPerToken", summary.bitsPerToken());
    figures.put("accuracy", summary.accuracy());
    figures.put("meanEntropy", summary.meanEntropy());
    figures.put("undefined", summary.undefined());
    return figures;
  }
}
