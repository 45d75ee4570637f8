package dev.surprisal.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.Scorer;
import dev.surprisal.demo.Tokenizer.Token;
import dev.surprisal.reference.LogitsReference;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TrigramModelTest {
  private static TrigramModel model;

  @BeforeAll
  static void load() throws IOException {
    model = TrigramModel.load();
  }

  private static float[] row(String... history) {
    float[] row = new float[model.size()];
    model.logProbabilities(List.of(history), row, 0);
    return row;
  }

  @Test
  void knowsTheVocabularyOfTheModel() {
    assertEquals(72_354, model.size());
    assertTrue(model.knows("united"));
    assertFalse(model.knows("zyzzyva"));
    assertEquals("states", model.word(model.target("states")));
    assertEquals(Scorer.IGNORE, model.target("zyzzyva"));
  }

  @Test
  void rowsAreDistributions() {
    for (float[] row : List.of(row(), row("<s>"), row("the", "united"))) {
      assertEquals(0, LogitsReference.logSumExp(LogitsReference.toDoubles(row)), 2e-3,
          "the model's probabilities are quantised");
    }
  }

  @Test
  void aRowFollowsFromTheWordsBeforeIt() {
    List<Token> tokens = new Tokenizer(model::knows).tokens("The United States. Of zyzzyva fame");
    String[][] histories = {{"<s>"}, {"<s>", "the"}, {"the", "united"}, {"<s>"}, {"<s>", "of"}, {}};
    NextWordRows rows = new NextWordRows(model);
    assertEquals(histories.length, tokens.size());
    for (int i = 0; i < histories.length; i++) {
      float[] formed = new float[model.size()];
      rows.form(tokens.get(i), formed, 0);
      assertArrayEquals(row(histories[i]), formed, tokens.get(i).word());
    }
  }

  @Test
  void thePassageIsOfWordsThatTheModelKnows() throws IOException {
    List<Token> tokens = new Tokenizer(model::knows).tokens(Passage.text());
    assertEquals(List.of(), tokens.stream().map(Token::word).filter(word -> !model.knows(word)).toList());
    assertTrue(tokens.size() > 50, "has words");
  }
}
