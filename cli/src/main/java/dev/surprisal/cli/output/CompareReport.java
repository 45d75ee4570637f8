package dev.surprisal.cli.output;

import dev.surprisal.cli.files.LogitsFile;
import dev.surprisal.cli.scoring.CompareSummary;
import dev.surprisal.cli.scoring.ComparedRow;
import dev.surprisal.cli.scoring.Mean;
import dev.surprisal.cli.scoring.ScoreSummary;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code surprisal compare} found, as lines for people and as JSON. */
public final class CompareReport {
  private static final int WORST_SHOWN = 5;

  private final LogitsFile base;
  private final LogitsFile other;
  private final CompareSummary summary;
  private final List<ComparedRow> worst;
  private final double median;
  private final double kl90;
  private final double kl95;
  private final double kl99;
  private final double kl999;
  private final double maximum;

  /**
   * A report.
   *
   * @param base the first file
   * @param other the second file
   * @param summary what they came to
   * @param worst the rows in which they differ most, the worst first
   * @throws IOException if the quantiles cannot be worked out
   */
  public CompareReport(LogitsFile base, LogitsFile other, CompareSummary summary, List<ComparedRow> worst) throws IOException {
    this.base = base;
    this.other = other;
    this.summary = summary;
    this.worst = worst;
    this.median = summary.klQuantile(0.5);
    this.kl90 = summary.klQuantile(0.9);
    this.kl95 = summary.klQuantile(0.95);
    this.kl99 = summary.klQuantile(0.99);
    this.kl999 = summary.klQuantile(0.999);
    this.maximum = summary.klQuantile(1);
  }

  /**
   * Prints the report for people.
   *
   * @param lines where it goes
   */
  public void print(Lines lines) {
    lines.print("base", "%s: %,d rows of %,d, %s", base.path(), base.rows(), base.vocabulary(), base.encoding());
    lines.print("other", "%s: %,d rows of %,d, %s", other.path(), other.rows(), other.vocabulary(), other.encoding());
    ScoreReport.printUndefined(lines, "base undefined", summary.base());
    ScoreReport.printUndefined(lines, "other undefined", summary.other());
    lines.gap();
    lines.print("KL(base||other)", "%s", mean(summary.kl()));
    lines.print("", "median %.3g   90 %% %.3g   95 %% %.3g   99 %% %.3g   99.9 %% %.3g   max %.3g", median, kl90, kl95, kl99,
        kl999, maximum);
    lines.print("KL(other||base)", "%s", mean(summary.reverseKl()));
    lines.print("Jensen-Shannon", "%s", mean(summary.jensenShannon()));
    lines.print("same top", "%s", Figures.estimate("%.3f", 100 * summary.sameTop(), "%.3f", 100 * summary.stderrSameTop(), " %"));
    if (summary.base().scored() > 0) {
      printTargets(lines);
    }
    printWorst(lines);
  }

  private void printTargets(Lines lines) {
    ScoreSummary p = summary.base();
    ScoreSummary q = summary.other();
    lines.gap();
    lines.print("scored", "%,d rows", p.scored());
    lines.print("perplexity", "base %s   other %s   ratio %s",
        Figures.estimate("%.4f", p.perplexity(), "%.4f", p.stderrPerplexity(), ""),
        Figures.estimate("%.4f", q.perplexity(), "%.4f", q.stderrPerplexity(), ""),
        Figures.estimate("%.6f", summary.perplexityRatio(), "%.6f", summary.stderrPerplexityRatio(), ""));
    Mean change = summary.targetChange();
    lines.print("target's p", "mean change %s   RMS %s",
        Figures.estimate("%+.4f", 100 * change.value(), "%.4f", 100 * change.standardError(), " %"),
        Figures.estimate("%.4f", 100 * summary.rmsTargetChange(), "%.4f", 100 * summary.stderrRmsTargetChange(), " %"));
  }

  private void printWorst(Lines lines) {
    lines.gap();
    lines.head("%12s  %10s  %10s  %10s  %10s  %10s", "worst rows", "KL", "NLL base", "NLL other", "top base", "top other");
    for (ComparedRow row : worst.subList(0, Math.min(WORST_SHOWN, worst.size()))) {
      if (row.isUndefined()) {
        lines.row("%,12d  no distribution in %s", row.row(), undefinedIn(row));
        continue;
      }
      lines.row("%,12d  %10.4g  %10s  %10s  %10d  %10d", row.row(), row.kl(), nll(row.base().nll()), nll(row.other().nll()),
          row.base().argmax(), row.other().argmax());
    }
  }

  private static String undefinedIn(ComparedRow row) {
    return row.base().isUndefined() && row.other().isUndefined() ? "both" : row.base().isUndefined() ? "base" : "other";
  }

  private static String mean(Mean mean) {
    return Figures.estimate("%.6g", mean.value(), "%.2g", mean.standardError(), " nats");
  }

  private static String nll(double nll) {
    return Double.isNaN(nll) ? "" : String.format(Locale.ROOT, "%.4f", nll);
  }

  /** {@return the figures by their names in JSON} */
  public Map<String, Number> figures() {
    Map<String, Number> figures = new LinkedHashMap<>(new ScoreReport(base, summary.base()).figures());
    figures.remove("undefined");
    figures.put("undefinedBase", summary.base().undefined());
    figures.put("undefinedOther", summary.other().undefined());
    figures.put("meanKl", summary.kl().value());
    figures.put("stderrKl", summary.kl().standardError());
    figures.put("medianKl", median);
    figures.put("kl90", kl90);
    figures.put("kl95", kl95);
    figures.put("kl99", kl99);
    figures.put("kl999", kl999);
    figures.put("maxKl", maximum);
    figures.put("meanReverseKl", summary.reverseKl().value());
    figures.put("meanJensenShannon", summary.jensenShannon().value());
    figures.put("perplexityBase", summary.base().perplexity());
    figures.put("perplexityOther", summary.other().perplexity());
    figures.put("perplexityRatio", summary.perplexityRatio());
    figures.put("stderrPerplexityRatio", summary.stderrPerplexityRatio());
    figures.put("meanTargetChange", summary.targetChange().value());
    figures.put("rmsTargetChange", summary.rmsTargetChange());
    figures.put("sameTop", summary.sameTop());
    figures.put("stderrSameTop", summary.stderrSameTop());
    return figures;
  }

  /** {@return the figures as one JSON object} */
  public String json() {
    return Json.object(figures());
  }
}
