package dev.surprisal.cli.html;

import dev.surprisal.Backend;
import dev.surprisal.cli.files.LogitsFile;
import dev.surprisal.cli.output.CompareReport;
import dev.surprisal.cli.output.Figures;
import dev.surprisal.cli.output.TableColumn;
import dev.surprisal.cli.scoring.CompareProfile;
import dev.surprisal.cli.scoring.CompareSummary;
import dev.surprisal.cli.scoring.ComparedRow;
import dev.surprisal.cli.scoring.Divergence;
import dev.surprisal.cli.scoring.Mean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The page of {@code surprisal compare}. */
public final class ComparePage {
  private ComparePage() {}

  /**
   * Draws the page.
   *
   * @param base the first file
   * @param other the second file
   * @param summary what they came to
   * @param profile how the differences are distributed
   * @param report the figures
   * @return the page
   */
  public static String of(LogitsFile base, LogitsFile other, CompareSummary summary, CompareProfile profile,
      CompareReport report) {
    Html html = new Html(other.path().getFileName() + " against " + base.path().getFileName(), Html.format(
        "%,d rows of %,d logits; base in %s, other in %s; scored with %s", base.rows(), base.vocabulary(),
        base.encoding(), other.encoding(), Backend.current()));
    Mean kl = summary.mean(Divergence.KL);
    boolean scored = summary.base().scored() > 0;
    html.openTiles();
    html.tile("mean KL", Html.format("%.4g", kl.value()), Figures.error("%.2g", kl.standardError(), " nats"));
    html.tile("same top", Html.format("%.2f %%", 100 * summary.sameTop()),
        Figures.error("%.2f", 100 * summary.stderrSameTop(), " %"));
    if (scored) {
      html.tile("perplexity ratio", Html.format("%.5f", summary.perplexityRatio()),
          Figures.error("%.5f", summary.stderrPerplexityRatio(),
              Html.format(" (%.4g to %.4g)", summary.base().perplexity(), summary.other().perplexity())));
      html.tile("target's p, RMS change", Html.format("%.3f %%", 100 * summary.rmsTargetChange()),
          Html.format("mean %+.3f %%", 100 * summary.targetChange().value()));
    }
    html.tile("mean Jensen-Shannon", Html.format("%.4g", summary.mean(Divergence.JENSEN_SHANNON).value()), "nats");
    html.closeTiles();
    html.openColumns();
    html.section("KL divergence",
        "KL(base || other) of each row, on a logarithmic axis; the first bar holds everything below.",
        new HistogramChart("nats", value -> Html.format("%.1g", Math.pow(10, value))).draw(profile.log10Kl())
            + quantiles(report.figures()));
    if (scored) {
      HistogramChart nats = new HistogramChart("nats", value -> Html.format("%.1f", value));
      html.section("Negative log-likelihood", "Of the targets: base filled, other outlined.",
          nats.draw(profile.base().nll(), profile.other().nll()));
      html.section("Change of the target's probability", "Right of the middle, the other file gives the target more.",
          new HistogramChart("percentage points", value -> Html.format("%+.1f %%", 100 * value))
              .draw(profile.targetChange()));
    } else {
      HistogramChart nats = new HistogramChart("nats", value -> Html.format("%.1f", value));
      html.section("Entropy", "Base filled, other outlined.",
          nats.draw(profile.base().entropy(), profile.other().entropy()));
    }
    html.section("Rows that differ most",
        "Rows that are no distribution in one of the files, then by KL(base || other).", worst(profile));
    html.closeColumns();
    return html.data(report.json()).page();
  }

  private static String quantiles(Map<String, Number> figures) {
    return Table.of(List.of(quantile("median", "medianKl"), quantile("90 %", "kl90"), quantile("95 %", "kl95"),
        quantile("99 %", "kl99"), quantile("99.9 %", "kl999"), quantile("maximum", "maxKl")), List.of(figures));
  }

  private static TableColumn<Map<String, Number>> quantile(String head, String name) {
    return new TableColumn<>(head, figures -> Html.format("%.3g", figures.get(name).doubleValue()));
  }

  private static String worst(CompareProfile profile) {
    List<TableColumn<ComparedRow>> columns = new ArrayList<>();
    columns.add(new TableColumn<>("row", row -> Html.format("%,d", row.row())));
    columns.addAll(CompareReport.WORST_COLUMNS);
    return Table.of(columns, profile.worst().worst());
  }
}
