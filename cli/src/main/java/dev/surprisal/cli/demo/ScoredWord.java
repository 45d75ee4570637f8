package dev.surprisal.cli.demo;

import dev.surprisal.demo.TrigramModel;

/**
 * A word of a text with what the language model thought of it before it came.
 *
 * @param word the word
 * @param known whether the model has it in its vocabulary; if not, there is no surprisal and no rank
 * @param surprisal -log2 of its probability
 * @param entropy entropy of the distribution it was drawn from, in bits
 * @param rank how many words are more likely
 * @param choice the word the model finds most likely
 * @param choiceProbability the probability of that word
 */
public record ScoredWord(String word, boolean known, double surprisal, double entropy, int rank, String choice,
    double choiceProbability) {
  /** {@return the model's first choice, for people} */
  public String choiceText() {
    return choice.equals(TrigramModel.SENTENCE_END) ? "(end of sentence)" : choice;
  }
}
