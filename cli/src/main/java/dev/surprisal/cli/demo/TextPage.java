package dev.surprisal.cli.demo;

import dev.surprisal.Backend;
import dev.surprisal.cli.html.Html;
import dev.surprisal.cli.html.Table;
import dev.surprisal.cli.output.Json;
import dev.surprisal.cli.output.TableColumn;
import java.util.Comparator;
import java.util.List;

/** The page of {@code surprisal demo}: every word coloured by its surprisal, entropy and rank when pointed at. */
public final class TextPage {
  /** Surprisal of the strongest colour, in bits. */
  private static final double STRONGEST = 20;
  private static final int WORST = 12;

  private TextPage() {}

  /**
   * Draws the page.
   *
   * @param words the words of the text
   * @param vocabulary how many words the model knows
   * @return the page
   */
  public static String of(List<ScoredWord> words, int vocabulary) {
    PassageSummary summary = PassageSummary.of(words);
    Html html = new Html("How surprising is each word?", Html.format(
        "A trigram model of English (CMU Sphinx en-us, %,d words) reads a text; scored with %s", vocabulary,
        Backend.current()));
    html.openTiles()
        .tile("perplexity", Html.format("%.1f", summary.perplexity()), "as unsure as among so many words")
        .tile("surprisal", Html.format("%.2f", summary.bitsPerWord()), "bits a word")
        .tile("entropy", Html.format("%.2f", summary.entropy()), "bits, expected before the word")
        .tile("words", Html.format("%,d", words.size()),
            Html.format("%,d unknown to the model", words.size() - summary.scored()))
        .closeTiles();
    html.section("The text", "Green was expected, red was not. Point at a word for its figures.",
        legend() + text(words));
    html.section("Most surprising", "The words that carry most information.", worst(words));
    return html.script(TextPage.class, "tip.js").data(Json.object(summary.figures())).page();
  }

  private static String legend() {
    StringBuilder legend = new StringBuilder("<div class=\"legend\">0 bits <span>");
    for (int bits = 0; bits <= STRONGEST; bits++) {
      legend.append(Html.format("<i style=\"--s:%.2f\"></i>", bits / STRONGEST));
    }
    return legend.append(Html.format("</span> %.0f bits or more</div>\n", STRONGEST)).toString();
  }

  private static String text(List<ScoredWord> words) {
    StringBuilder text = new StringBuilder("<p class=\"text\">");
    for (ScoredWord word : words) {
      text.append(word.known() ? known(word) : unknown(word)).append('\n');
    }
    return text.append("</p>\n").toString();
  }

  private static String known(ScoredWord word) {
    return Html.format("<span class=\"word\" tabindex=\"0\" style=\"--s:%.3f\">%s<span class=\"tip\">"
        + "<b>%.2f bits</b>, entropy %.2f bits<br>rank %,d<br>first choice: %s (%.1f %%)</span></span>",
        Math.clamp(word.surprisal() / STRONGEST, 0, 1), Html.escape(word.word()), word.surprisal(), word.entropy(),
        word.rank() + 1, Html.escape(word.choiceText()),
        100 * word.choiceProbability());
  }

  private static String unknown(ScoredWord word) {
    return Html.format(
        "<span class=\"word unknown\" tabindex=\"0\">%s<span class=\"tip\">not in the model's vocabulary<br>"
            + "first choice: %s (%.1f %%)</span></span>",
        Html.escape(word.word()), Html.escape(word.choiceText()),
        100 * word.choiceProbability());
  }

  private static String worst(List<ScoredWord> words) {
    return Table.of(List.of(
        new TableColumn<>("word", ScoredWord::word),
        new TableColumn<>("bits", word -> Html.format("%.2f", word.surprisal())),
        new TableColumn<>("entropy", word -> Html.format("%.2f", word.entropy())),
        new TableColumn<>("rank", word -> Html.format("%,d", word.rank() + 1)),
        new TableColumn<>("first choice", ScoredWord::choiceText),
        new TableColumn<>("its p", word -> Html.format("%.1f %%", 100 * word.choiceProbability()))),
        words.stream().filter(ScoredWord::known).sorted(Comparator.comparingDouble(ScoredWord::surprisal).reversed())
            .limit(WORST).toList());
  }
}
