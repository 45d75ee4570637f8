package dev.surprisal.demo;

import dev.surprisal.demo.Tokenizer.Token;
import java.util.ArrayList;
import java.util.List;

/** Reads a text word by word and forms the model's distribution of each word from those before it. */
public final class NextWordRows {
  private final TrigramModel model;
  private final List<String> history = new ArrayList<>();

  /**
   * The rows of a text that begins.
   *
   * @param model gives the distributions
   */
  public NextWordRows(TrigramModel model) {
    this.model = model;
  }

  /**
   * Forms the row of logits for the next word of the text.
   *
   * @param token the word
   * @param row receives the row
   * @param offset index of its first entry
   */
  public void form(Token token, float[] row, int offset) {
    if (token.startsSentence()) {
      history.clear();
      history.add(TrigramModel.SENTENCE_START);
    }
    model.logProbabilities(history, row, offset);
    if (model.knows(token.word())) {
      history.add(token.word());
    } else {
      // The model has no trigram with an unknown word in it: what follows is predicted from what comes after.
      history.clear();
    }
  }
}
