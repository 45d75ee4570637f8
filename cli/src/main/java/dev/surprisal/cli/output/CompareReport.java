package dev.surprisal.cli.output;

import dev.surprisal.cli.files.LogitsFile;
import dev.surprisal.cli.scoring.CompareSummary;
import dev.surprisal.cli.scoring.ComparedRow;
import dev.surprisal.cli.scoring.Divergence;
import dev.surprisal.cli.scoring.Mean;
import dev.surprisal.cli.scoring.ScoreSummary;
import dev.surprisal.cli.scoring.ScoredRow;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What {@code surprisal compare} found, as lines for people and as JSON. */
public final class CompareReport implements Report {
  /** What a table of worst rows tells of each, after its number. */
  public static final List<TableColumn<ComparedRow>> WORST_COLUMNS = List.of(
      new TableColumn<>("KL", row -> row.isUndefined() ? "no distribution" : format("%.4g", row.kl())),
      new TableColumn<>("NLL base", row -> nll(row.base())),
      new TableColumn<>("NLL other", row -> nll(row.other())),
      new TableColumn<>("top base", row -> top(row.base())),
      new TableColumn<>("top other", row -> top(row.other())));

  private static final int WORST_SHOWN = 5;

  /**
   * A quantile of KL(base || other).
   *
   * @param title its name for people
   * @param key its name in JSON
   * @param share how many of the rows are below it
   */
  private record Quantile(String title, String key, double share) {}

  private static final List<Quantile> QUANTILES = List.of(
      new Quantile("median", "medianKl", 0.5),
      new Quantile("90 %", "kl90", 0.9),
      new Quantile("95 %", "kl95", 0.95),
      new Quantile("99 %", "kl99", 0.99),
      new Quantile("99.9 %", "kl999", 0.999),
      new Quantile("max", "maxKl", 1));

  private final LogitsFile base;
  private final LogitsFile other;
  private final CompareSummary summary;
  private final List<ComparedRow> worst;
  private final Map<Quantile, Double> quantiles = new LinkedHashMap<>();

  /**
   * A report.
   *
   * @param base the first file
   * @param other the second file
   * @param summary what they came to
   * @param worst the rows in which they differ most, the worst first
   * @throws IOException if the quantiles cannot be worked out
   */
  public CompareReport(LogitsFile base, LogitsFile other, CompareSummary summary, List<ComparedRow> worst)
      throws IOException {
    this.base = base;
    this.other = other;
    this.summary = summary;
    this.worst = worst;
    for (Quantile quantile : QUANTILES) {
      quantiles.put(quantile, summary.klQuantile(quantile.share));
    }
  }

  @Override
  public void print(Lines lines) {
    lines.print("base", "%s: %,d rows of %,d, %s", base.path(), base.rows(), base.vocabulary(), base.encoding());
    lines.print("other", "%s: %,d rows of %,d, %s", other.path(), other.rows(), other.vocabulary(), other.encoding());
    ScoreReport.printUndefined(lines, "base undefined", summary.base());
    ScoreReport.printUndefined(lines, "other undefined", summary.other());
    lines.gap();
    for (Divergence divergence : Divergence.values()) {
      Mean mean = summary.mean(divergence);
      lines.print(divergence.title(), "%s",
          Figures.estimate("%.6g", mean.value(), "%.2g", mean.standardError(), unit(divergence)));
      if (divergence == Divergence.KL) {
        lines.print("", "%s", quantiles.entrySet().stream()
            .map(quantile -> quantile.getKey().title + format(" %.3g", quantile.getValue()))
            .collect(Collectors.joining("   ")));
      }
    }
    lines.print("same top", "%s",
        Figures.estimate("%.3f", 100 * summary.sameTop(), "%.3f", 100 * summary.stderrSameTop(), " %"));
    if (summary.base().scored() > 0) {
      printTargets(lines);
    }
    printWorst(lines);
    lines.gap();
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
    lines.head("%12s%s", "worst rows", cells(TableColumn::head));
    for (ComparedRow row : worst.subList(0, Math.min(WORST_SHOWN, worst.size()))) {
      if (row.isUndefined()) {
        lines.row("%,12d  no distribution in %s", row.row(), undefinedIn(row));
      } else {
        lines.row("%,12d%s", row.row(), cells(column -> column.text().apply(row)));
      }
    }
  }

  private static String cells(Function<TableColumn<ComparedRow>, String> text) {
    return WORST_COLUMNS.stream().map(column -> format("  %10s", text.apply(column))).collect(Collectors.joining());
  }

  private static String undefinedIn(ComparedRow row) {
    return row.base().isUndefined() && row.other().isUndefined() ? "both" : row.base().isUndefined() ? "base" : "other";
  }

  private static String nll(ScoredRow row) {
    return Double.isNaN(row.nll()) ? "" : format("%.4f", row.nll());
  }

  private static String top(ScoredRow row) {
    return row.isUndefined() ? "" : format("%d", row.argmax());
  }

  private static String unit(Divergence divergence) {
    return divergence.unit().isEmpty() ? "" : " " + divergence.unit();
  }

  private static String format(String format, Object value) {
    return String.format(Locale.ROOT, format, value);
  }

  @Override
  public Map<String, Number> figures() {
    Map<String, Number> figures = new LinkedHashMap<>(new ScoreReport(base, summary.base()).figures());
    figures.remove("undefined");
    figures.put("undefinedBase", summary.base().undefined());
    figures.put("undefinedOther", summary.other().undefined());
    for (Divergence divergence : Divergence.values()) {
      figures.put(divergence.meanKey(), summary.mean(divergence).value());
      if (divergence == Divergence.KL) {
        figures.put("stderrKl", summary.mean(divergence).standardError());
        quantiles.forEach((quantile, value) -> figures.put(quantile.key, value));
      }
    }
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
}
