package dev.surprisal.cli.demo;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.cli.Run;
import dev.surprisal.cli.files.ElementType;
import dev.surprisal.demo.TrigramModel;
import dev.surprisal.reference.LogitsReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demonstration against the definitions, worked out from the language model's own probabilities. */
class DemoTest {
  private static final String TEXT = "The United States, of zyzzyva fame. We hold these truths.";
  private static final List<String> WORDS =
      List.of("the", "united", "states", "of", "zyzzyva", "fame", "we", "hold", "these", "truths");
  private static final double LN2 = Math.log(2);

  private static TrigramModel model;
  private static List<ScoredWord> scored;

  @TempDir
  private Path directory;

  @BeforeAll
  static void score() throws IOException {
    model = TrigramModel.load();
    scored = score(TEXT);
  }

  private static List<ScoredWord> score(String text) throws IOException {
    return new Demo(text).score(null, ElementType.F32, _ -> {});
  }

  private static double[] row(String... history) {
    float[] row = new float[model.size()];
    model.logProbabilities(List.of(history), row, 0);
    return LogitsReference.toDoubles(row);
  }

  @Test
  void theUnitedStates() {
    double[] row = row("the", "united");
    assertEquals(0.747, Math.exp(-LogitsReference.crossEntropy(row, model.target("states"))), 1e-3);
    ScoredWord states = scored.get(2);
    assertEquals("states", states.choice());
    assertEquals(0, states.rank());
    assertEquals(0.747, states.choiceProbability(), 1e-3);
  }

  @Test
  void everyWordAgreesWithTheDefinitions() {
    String[][] histories =
        {{"<s>"}, {"<s>", "the"}, {"the", "united"}, {"united", "states"}, {"states", "of"}, {}, {"<s>"},
            {"<s>", "we"}, {"we", "hold"}, {"hold", "these"}};
    assertEquals(WORDS, scored.stream().map(ScoredWord::word).toList());
    for (int i = 0; i < histories.length; i++) {
      ScoredWord word = scored.get(i);
      double[] row = row(histories[i]);
      int target = model.target(word.word());
      assertEquals(LogitsReference.entropy(row) / LN2, word.entropy(), 1e-4, word.word());
      assertEquals(model.word(LogitsReference.argmax(row)), word.choice());
      if (word.known()) {
        assertEquals(LogitsReference.crossEntropy(row, target) / LN2, word.surprisal(), 1e-4, word.word());
        assertEquals(LogitsReference.rank(row, target), word.rank(), word.word());
      }
    }
  }

  @Test
  void printsPerplexityAndNamesUnknownWords() throws IOException {
    Run run = Run.surprisal("demo", "--text", Files.writeString(directory.resolve("text"), TEXT));
    double nats =
        scored.stream().filter(ScoredWord::known).mapToDouble(word -> word.surprisal() * LN2).average().orElseThrow();
    assertAll(
        () -> assertEquals(0, run.exitCode(), run.err()),
        () -> assertEquals("", run.err()),
        () -> assertEquals(Math.exp(nats), run.number("perplexity"), 0.05 + 1e-3),
        () -> assertTrue(run.line("perplexity").contains("over 9 words"), run.out()),
        () -> assertTrue(run.line("unknown").startsWith("zyzzyva "), run.out()),
        () -> assertTrue(run.line("zyzzyva").startsWith("unknown"), run.out()),
        () -> assertTrue(run.number("scoring") > 0, run.out()),
        () -> assertFalse(run.out().contains("\u001B"), "no colours where the output is no terminal"));
  }

  @Test
  void savedRowsScoreTheSame() throws IOException {
    Path text = Files.writeString(directory.resolve("text"), TEXT);
    Path saved = directory.resolve("rows.safetensors");
    Run demo = Run.surprisal("demo", "--text", text, "--save", saved, "--dtype", "F16");
    assertEquals(0, demo.exitCode(), demo.err());
    Run score = Run.surprisal("score", saved, "--targets", "targets");
    assertEquals(0, score.exitCode(), score.err());
    assertTrue(score.line("logits").endsWith("10 rows of 72,354, f16"), score.out());
    assertEquals(9, score.number("scored"), "the unknown word is left out");
    assertEquals(demo.number("perplexity"), score.number("perplexity"), 0.005 * demo.number("perplexity"));
  }

  @Test
  void scoresItsOwnPassage() {
    Run run = Run.surprisal("demo");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.line("perplexity").contains("over 57 words"), run.out());
    assertTrue(run.number("perplexity") > 50 && run.number("perplexity") < 1000, run.out());
  }

  @Test
  void aTextOfMoreThanOneBatchKeepsItsHistory() throws IOException {
    String text = "we hold these truths " + "and so on ".repeat(25);
    List<ScoredWord> words = score(text);
    assertEquals(79, words.size());
    double[] row = row("so", "on");
    assertEquals(LogitsReference.crossEntropy(row, model.target("and")) / LN2, words.get(70).surprisal(), 1e-4);
    assertEquals("and", words.get(70).word());
  }
}
