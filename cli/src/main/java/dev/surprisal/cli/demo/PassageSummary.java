package dev.surprisal.cli.demo;

import dev.surprisal.cli.scoring.Mean;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a text comes to; words that the model does not know are left out of the means.
 *
 * @param words how many words there are
 * @param scored how many of them the model knows
 * @param bitsPerWord their mean surprisal
 * @param entropy their mean entropy, in bits
 */
record PassageSummary(int words, long scored, double bitsPerWord, double entropy) {
  /**
   * Sums up.
   *
   * @param words the words of a text
   * @return their summary
   */
  static PassageSummary of(List<ScoredWord> words) {
    Mean bits = new Mean();
    Mean entropy = new Mean();
    for (ScoredWord word : words) {
      if (word.known()) {
        bits.add(word.surprisal());
        entropy.add(word.entropy());
      }
    }
    return new PassageSummary(words.size(), bits.count(), bits.value(), entropy.value());
  }

  /** {@return 2 to the mean surprisal} */
  double perplexity() {
    return Math.pow(2, bitsPerWord);
  }

  /** {@return the figures by their names in JSON} */
  Map<String, Number> figures() {
    Map<String, Number> figures = new LinkedHashMap<>();
    figures.put("words", words);
    figures.put("scored", scored);
    figures.put("perplexity", perplexity());
    figures.put("bitsPerWord", bitsPerWord);
    figures.put("meanEntropyBits", entropy);
    return figures;
  }
}
