package dev.surprisal.cli.html;

import dev.surprisal.Backend;
import dev.surprisal.cli.files.LogitsFile;
import dev.surprisal.cli.output.Figures;
import dev.surprisal.cli.output.ScoreReport;
import dev.surprisal.cli.output.TableColumn;
import dev.surprisal.cli.scoring.ScoreProfile;
import dev.surprisal.cli.scoring.ScoreSummary;
import dev.surprisal.cli.scoring.ScoredRow;
import java.util.List;
import java.util.function.Function;

/** The page of {@code surprisal score}. */
public final class ScorePage {
  private ScorePage() {}

  /**
   * Draws the page.
   *
   * @param file the file
   * @param summary what it came to
   * @param profile how its scores are distributed
   * @return the page
   */
  public static String of(LogitsFile file, ScoreSummary summary, ScoreProfile profile) {
    Html html = new Html(file.path().getFileName().toString(), Html.format("%,d rows of %,d logits, %s, scored with %s",
        file.rows(), file.vocabulary(), file.encoding(), Backend.current()));
    html.openTiles();
    if (summary.scored() > 0) {
      html.tile("perplexity", Html.format("%.3f", summary.perplexity()),
          Figures.error("%.3f", summary.stderrPerplexity(), ""));
      html.tile("bits per token", Html.format("%.3f", summary.bitsPerToken()), "");
      html.tile("mean NLL", Html.format("%.4f", summary.meanNll()),
          Figures.error("%.4f", summary.stderrNll(), " nats"));
      html.tile("accuracy", Html.format("%.1f %%", 100 * summary.accuracy()),
          Html.format("%,d rows scored", summary.scored()));
    }
    html.tile("mean entropy", Html.format("%.4f", summary.meanEntropy()), "nats");
    html.closeTiles();
    HistogramChart nats = new HistogramChart("nats", value -> Html.format("%.1f", value));
    html.openColumns();
    if (summary.scored() > 0) {
      html.section("Negative log-likelihood", "How surprising the targets are; the last bar holds everything beyond.",
          nats.draw(profile.nll()));
    }
    html.section("Entropy", "How undecided the model is before it sees the target.", nats.draw(profile.entropy()));
    html.closeColumns();
    if (summary.scored() > 0) {
      html.openColumns();
      html.section("Calibration",
          Html.format("On the diagonal, the most likely entry is right as often as its probability says. Expected"
              + " calibration error %.2f %%.", 100 * profile.calibration().error()),
          CalibrationChart.draw(profile.calibration()));
      html.section("Worst rows", "Rows that are no distribution, then the targets that came least expected.",
          worst(profile));
      html.closeColumns();
    }
    return html.data(new ScoreReport(file, summary).json()).page();
  }

  private static String worst(ScoreProfile profile) {
    return Table.of(List.of(
        new TableColumn<>("row", row -> Html.format("%,d", row.row())),
        new TableColumn<>("target", row -> Html.format("%d", row.target())),
        new TableColumn<>("NLL", row -> row.isUndefined() ? "no distribution" : Html.format("%.3f", row.nll())),
        figure("rank", row -> Html.format("%,d", row.rank() + 1)),
        figure("entropy", row -> Html.format("%.3f", row.entropy())),
        figure("most likely", row -> Html.format("%d", row.argmax())),
        figure("its p", row -> Html.format("%.1f %%", 100 * row.confidence()))), profile.worst().worst());
  }

  /** A figure that a row without a distribution does not have. */
  private static TableColumn<ScoredRow> figure(String head, Function<ScoredRow, String> text) {
    return new TableColumn<>(head, row -> row.isUndefined() ? "" : text.apply(row));
  }
}
