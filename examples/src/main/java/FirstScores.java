import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import dev.surprisal.Scores;

/** How well a model predicted three words, and how sure it was of itself. */
public class FirstScores {
  public static void main(String[] args) {
    String[] vocabulary = {"cat", "dog", "sat", "ran", "home"};

    // A model's output: one row for each word of the text, one logit for each word of the vocabulary.
    float[] values = {
        2.0f, 1.5f, -1.0f, -1.0f, 0.5f,
        -2.0f, -2.0f, 3.0f, 1.0f, -2.0f,
        0.1f, 0.0f, -0.1f, 0.1f, 0.0f,
    };
    int[] targets = {0, 2, 4}; // the words of the text, as indices into the vocabulary: cat, sat, home

    Logits logits = Logits.of(values, targets.length, vocabulary.length); // a view: nothing is copied
    Scorer scorer = Scorer.parallel();
    Scores scores = scorer.score(logits, targets); // reads each row once

    for (int row = 0; row < scores.rows(); row++) {
      System.out.printf("%-4s  surprisal %.4f  rank %d  entropy %.4f%n", vocabulary[targets[row]],
          -scores.targetLogProbability()[row], scores.targetRank()[row], scores.entropy()[row]);
    }
    System.out.println(scores.summary());
  }
}
