package dev.surprisal.cli.demo;

import dev.surprisal.Backend;
import dev.surprisal.Scorer;
import dev.surprisal.cli.files.ElementType;
import dev.surprisal.cli.files.SafetensorsWriter;
import dev.surprisal.cli.output.Lines;
import dev.surprisal.cli.output.OutputFile;
import dev.surprisal.cli.output.Terminal;
import dev.surprisal.demo.Tokenizer;
import dev.surprisal.demo.Tokenizer.Token;
import dev.surprisal.demo.TrigramModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/** A text, cut into the words of the language model, that can be scored and its rows saved. */
public final class Demo {
  private final TrigramModel model;
  private final List<Token> tokens;
  private final PassageScorer scorer;

  /**
   * Loads the language model and cuts a text.
   *
   * @param text a text with at least one word
   * @throws IOException if the model cannot be loaded
   */
  public Demo(String text) throws IOException {
    this.model = TrigramModel.load();
    this.tokens = new Tokenizer(model::knows).tokens(text);
    this.scorer = new PassageScorer(model, Scorer.parallel());
  }

  /** {@return the number of words in the text} */
  public int words() {
    return tokens.size();
  }

  /** {@return the number of words that the model knows} */
  public int vocabulary() {
    return model.size();
  }

  /**
   * Scores every word.
   *
   * @param save where to save the rows as {@code .safetensors}, or null
   * @param type the type to save them in
   * @param progress told how many words have been scored
   * @return the words with their scores
   * @throws IOException if the rows cannot be saved
   */
  public List<ScoredWord> score(OutputFile save, ElementType type, IntConsumer progress) throws IOException {
    if (save == null) {
      return scorer.score(tokens, (_, _) -> {}, progress);
    }
    SafetensorsWriter writer = new SafetensorsWriter(save.stream(), type, tokens.size(), model.size());
    List<ScoredWord> words = scorer.score(tokens, writer::row, progress);
    writer.targets(tokens.stream().mapToInt(token -> model.target(token.word())).toArray());
    return words;
  }

  /**
   * Prints a table of the words, a summary, and how fast they were scored.
   *
   * @param words the words with their scores
   * @param out where to print
   * @param terminal how it looks there
   */
  public void print(List<ScoredWord> words, PrintWriter out, Terminal terminal) {
    new DemoTable(out, terminal).print(words);
    out.println();
    printSummary(new Lines(out, terminal), words);
  }

  private void printSummary(Lines lines, List<ScoredWord> words) {
    String unknown = words.stream().filter(word -> !word.known()).map(ScoredWord::word).distinct()
        .collect(Collectors.joining(", "));
    if (!unknown.isEmpty()) {
      lines.print("unknown", "%s (not in the model's vocabulary, left out of the mean)", unknown);
    }
    PassageSummary summary = PassageSummary.of(words);
    lines.print("perplexity", "%.1f over %,d words, %.2f bits a word, vocabulary of %,d", summary.perplexity(),
        summary.scored(), summary.bitsPerWord(), model.size());
    lines.print("backend", "%s", Backend.current());
    PassageScorer.Timing timing = scorer.time();
    lines.print("scoring",
        "%,.0f million logits per second: %,d rows of %,d in %.2f ms, median of %d calls after warm-up",
        timing.logitsPerSecond() / 1e6, timing.rows(), timing.vocabulary(), timing.seconds() * 1e3, timing.calls());
    lines.print("model", "took %.1f s to form its %,d rows, which is not in that figure", scorer.modelSeconds(),
        words.size());
  }
}
