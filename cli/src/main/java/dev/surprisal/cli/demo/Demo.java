package dev.surprisal.cli.demo;

import dev.surprisal.Backend;
import dev.surprisal.Scorer;
import dev.surprisal.cli.demo.Tokenizer.Token;
import dev.surprisal.cli.output.Terminal;
import dev.surprisal.cli.scoring.Mean;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/** Scores a text word by word and prints what came out. */
public final class Demo {
  private final PrintWriter out;
  private final Terminal terminal;
  private final IntConsumer progress;

  /**
   * A demonstration.
   *
   * @param out      where the table goes
   * @param terminal how it looks there
   * @param progress told how many words have been scored
   */
  public Demo(PrintWriter out, Terminal terminal, IntConsumer progress) {
    this.out = out;
    this.terminal = terminal;
    this.progress = progress;
  }

  /**
   * Runs the demonstration.
   *
   * @param text a text with at least one word
   * @return the words with their scores
   * @throws IOException if the language model cannot be loaded
   */
  public List<ScoredWord> run(String text) throws IOException {
    TrigramModel model = TrigramModel.load();
    List<Token> tokens = new Tokenizer(model::knows).tokens(text);
    PassageScorer scorer = new PassageScorer(model, Scorer.parallel(), tokens.size());
    List<ScoredWord> words = scorer.score(tokens, progress);
    new DemoTable(out, terminal).print(words);
    out.println();
    printUnknown(words);
    printSummary(words, scorer, model.size());
    return words;
  }

  private void printUnknown(List<ScoredWord> words) {
    String unknown = words.stream().filter(word -> !word.known()).map(ScoredWord::word).distinct()
        .collect(Collectors.joining(", "));
    if (!unknown.isEmpty()) {
      line("unknown", unknown + " (not in the model's vocabulary, left out of the mean)");
    }
  }

  private void printSummary(List<ScoredWord> words, PassageScorer scorer, int vocabulary) {
    Mean bits = new Mean();
    words.stream().filter(ScoredWord::known).forEach(word -> bits.add(word.surprisal()));
    line("perplexity", String.format(Locale.ROOT, "%.1f over %,d words, %.2f bits a word, vocabulary of %,d",
        Math.pow(2, bits.value()), bits.count(), bits.value(), vocabulary));
    line("backend", Backend.current().toString());
    PassageScorer.Timing timing = scorer.time();
    line("scoring", String.format(Locale.ROOT, "%.2f billion logits per second: %,d rows of %,d in %.2f ms, median of %d calls after"
        + " warm-up", timing.logitsPerSecond() / 1e9, timing.rows(), timing.vocabulary(), timing.seconds() * 1e3, timing.calls()));
    line("model", String.format(Locale.ROOT, "took %.1f s to form its %,d rows, which is not in that figure",
        scorer.modelSeconds(), words.size()));
  }

  private void line(String name, String value) {
    out.println(terminal.bold(String.format("%-12s", name)) + value);
  }
}
