package dev.surprisal.cli.demo;

import dev.surprisal.cli.output.Terminal;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * The words of a text as a table for people: surprisal as number and bar, entropy, rank, and what
 * the model would have said.
 */
final class DemoTable {
  /** Surprisal that fills the bar: a word of one chance in a million. */
  private static final double FULL_BAR_BITS = 20;
  private static final int BAR_WIDTH = 10;
  private static final char[] EIGHTHS =
      {' ', '\u258F', '\u258E', '\u258D', '\u258C', '\u258B', '\u258A', '\u2589', '\u2588'};

  private final PrintWriter out;
  private final Terminal terminal;

  /**
   * A table.
   *
   * @param out      where it goes
   * @param terminal how it looks there
   */
  DemoTable(PrintWriter out, Terminal terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /**
   * Prints the table.
   *
   * @param words the words of the text
   */
  void print(List<ScoredWord> words) {
    int width = Math.max(4, words.stream().mapToInt(word -> word.word().length()).max().orElse(0));
    out.println(terminal.bold(String.format("%-" + width + "s  %9s  %-" + BAR_WIDTH + "s  %7s  %6s  %s",
        "word", "surprisal", "bits", "entropy", "rank", "the model's first choice")));
    for (ScoredWord word : words) {
      out.println(row(word, width));
    }
  }

  private String row(ScoredWord word, int width) {
    String name = String.format("%-" + width + "s", word.word());
    String choice = terminal.dim(String.format(Locale.ROOT, "%s %.0f%%", word.choiceText(),
        100 * word.choiceProbability()));
    String entropy = String.format(Locale.ROOT, "%7.2f", word.entropy());
    if (!word.known()) {
      return String.format("%s  %9s  %-" + BAR_WIDTH + "s  %s  %6s  %s", terminal.bold(name), "unknown", "", entropy,
          "", choice);
    }
    double share = word.surprisal() / FULL_BAR_BITS;
    return String.format(Locale.ROOT, "%s  %9.2f  %s  %s  %,6d  %s", terminal.heat(share, name), word.surprisal(),
        terminal.heat(share, bar(share)), entropy, word.rank() + 1, choice);
  }

  /** A bar of full blocks and one in eighths. */
  private static String bar(double share) {
    int eighths = (int) Math.round(Math.clamp(share, 0, 1) * BAR_WIDTH * 8);
    StringBuilder bar = new StringBuilder(BAR_WIDTH);
    for (int i = 0; i < BAR_WIDTH; i++) {
      bar.append(EIGHTHS[Math.clamp(eighths - 8 * i, 0, 8)]);
    }
    return bar.toString();
  }
}
