package dev.surprisal.cli.demo;

import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import dev.surprisal.demo.NextWordRows;
import dev.surprisal.demo.Tokenizer.Token;
import dev.surprisal.demo.TrigramModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Forms the model's row of next-word logits for every word of a text and has the library score them, a batch at a time.
 */
final class PassageScorer {
  private static final double NATS_PER_BIT = Math.log(2);
  /** Rows in a batch: 19 MB of them, whatever the length of the text. */
  private static final int BATCH_ROWS = 64;
  private static final long WARM_UP_NANOS = 500_000_000;
  private static final int WARM_UP_CALLS = 40;
  private static final long LONGEST_WARM_UP_NANOS = 4_000_000_000L;
  private static final long TIMED_NANOS = 500_000_000;
  private static final int FEWEST_TIMED_CALLS = 3;
  private static final int MOST_TIMED_CALLS = 101;

  private final TrigramModel model;
  private final Scorer scorer;
  private long modelNanos;
  private Logits lastLogits;
  private int[] lastTargets;

  /** Takes in a row of logits as it is formed. */
  @FunctionalInterface
  interface RowConsumer {
    /**
     * Takes in a row.
     *
     * @param logits holds it
     * @param offset where it begins
     * @throws IOException if it cannot be written where it goes
     */
    void accept(float[] logits, int offset) throws IOException;
  }

  /**
   * A scorer of texts.
   *
   * @param model gives the rows
   * @param scorer scores them
   */
  PassageScorer(TrigramModel model, Scorer scorer) {
    this.model = model;
    this.scorer = scorer;
  }

  /**
   * Scores every word of a text.
   *
   * @param tokens its words
   * @param rows takes in each row
   * @param progress told how many rows have been formed
   * @return the words with their scores
   * @throws IOException if the consumer of rows cannot take one
   */
  List<ScoredWord> score(List<Token> tokens, RowConsumer rows, IntConsumer progress) throws IOException {
    List<ScoredWord> words = new ArrayList<>();
    NextWordRows nextWord = new NextWordRows(model);
    float[] batch = new float[Math.min(tokens.size(), BATCH_ROWS) * model.size()];
    for (int from = 0; from < tokens.size(); from += BATCH_ROWS) {
      List<Token> part = tokens.subList(from, Math.min(from + BATCH_ROWS, tokens.size()));
      for (int i = 0; i < part.size(); i++) {
        long start = System.nanoTime();
        nextWord.form(part.get(i), batch, i * model.size());
        modelNanos += System.nanoTime() - start;
        rows.accept(batch, i * model.size());
        progress.accept(from + i + 1);
      }
      words.addAll(scoreBatch(batch, part));
    }
    return words;
  }

  private List<ScoredWord> scoreBatch(float[] batch, List<Token> tokens) {
    lastLogits = Logits.of(batch, tokens.size(), model.size());
    lastTargets = tokens.stream().mapToInt(token -> model.target(token.word())).toArray();
    Scores scores = scorer.score(lastLogits, lastTargets);
    List<ScoredWord> words = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      double choiceProbability = Math.exp(scores.maxLogit()[i] - scores.logSumExp()[i]);
      double bits = -scores.targetLogProbability()[i] / NATS_PER_BIT;
      double entropy = scores.entropy()[i] / NATS_PER_BIT;
      String choice = model.word(scores.argmax()[i]);
      words.add(new ScoredWord(token.word(), model.knows(token.word()), bits, entropy, scores.targetRank()[i], choice,
          choiceProbability));
    }
    return words;
  }

  /** {@return the seconds it took the language model to form all rows} */
  double modelSeconds() {
    return modelNanos / 1e9;
  }

  /**
   * Scores the last batch again and again until the loops are compiled, then takes the time.
   *
   * @return what one call costs
   */
  Timing time() {
    Scores scores = Scores.allocate(lastTargets.length);
    long start = System.nanoTime();
    for (int call = 0; elapsed(start) < WARM_UP_NANOS || call < WARM_UP_CALLS && elapsed(start) < LONGEST_WARM_UP_NANOS;
        call++) {
      scorer.score(lastLogits, lastTargets, scores);
    }
    long[] nanos = new long[MOST_TIMED_CALLS];
    int calls = 0;
    long timed = System.nanoTime();
    while (calls < FEWEST_TIMED_CALLS || calls < nanos.length && elapsed(timed) < TIMED_NANOS) {
      long call = System.nanoTime();
      scorer.score(lastLogits, lastTargets, scores);
      nanos[calls++] = elapsed(call);
    }
    Arrays.sort(nanos, 0, calls);
    return new Timing(lastTargets.length, model.size(), calls, nanos[calls / 2] / 1e9);
  }

  private static long elapsed(long since) {
    return System.nanoTime() - since;
  }

  /**
   * The cost of scoring a batch with compiled loops.
   *
   * @param rows rows of the batch
   * @param vocabulary logits in a row
   * @param calls how many calls were timed
   * @param seconds median time of one
   */
  record Timing(int rows, int vocabulary, int calls, double seconds) {
    /** {@return logits scored in a second} */
    double logitsPerSecond() {
      return (double) rows * vocabulary / seconds;
    }
  }
}
