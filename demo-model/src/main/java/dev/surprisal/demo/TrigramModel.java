package dev.surprisal.demo;

import dev.surprisal.Scorer;
import edu.cmu.sphinx.linguist.WordSequence;
import edu.cmu.sphinx.linguist.dictionary.Word;
import edu.cmu.sphinx.linguist.language.ngram.trie.NgramTrieModel;
import edu.cmu.sphinx.util.LogMath;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The CMU Sphinx en-us trigram language model: for a history of words it gives the full distribution of the next one, a
 * row of logits with one entry per word of its vocabulary.
 */
public final class TrigramModel {
  /** The token before the first word of a sentence. */
  public static final String SENTENCE_START = "<s>";
  /** The token after the last word of a sentence. */
  public static final String SENTENCE_END = "</s>";

  private static final String RESOURCE = "/edu/cmu/sphinx/models/en-us/en-us.lm.bin";
  private static final int ORDER = 3;
  /** The model's cache holds one result per trigram; a row asks for each only once. */
  private static final int CACHE_SIZE = 1;

  private final NgramTrieModel model;
  private final String[] vocabulary;
  private final Word[] words;
  private final Map<String, Integer> indices;
  private final LogMath logMath;

  private TrigramModel(NgramTrieModel model, SpellingDictionary dictionary) {
    this.model = model;
    this.vocabulary = model.getVocabulary().toArray(String[]::new);
    Arrays.sort(vocabulary);
    this.words = new Word[vocabulary.length];
    this.indices = HashMap.newHashMap(vocabulary.length);
    for (int i = 0; i < vocabulary.length; i++) {
      words[i] = dictionary.getWord(vocabulary[i]);
      indices.put(vocabulary[i], i);
    }
    this.logMath = LogMath.getLogMath();
  }

  /**
   * Reads the model from the class path.
   *
   * @return the model
   * @throws IOException if it is not there or cannot be read
   */
  public static TrigramModel load() throws IOException {
    // Sphinx logs that it loads a model; this logger is kept in a field of the model, so the level stays set.
    Logger.getLogger(NgramTrieModel.class.getName()).setLevel(Level.WARNING);
    SpellingDictionary dictionary = new SpellingDictionary();
    NgramTrieModel model =
        new NgramTrieModel("", TrigramModel.class.getResource(RESOURCE), null, CACHE_SIZE, false, ORDER,
            dictionary, false, 1f, 1.0, 1f);
    model.allocate();
    return new TrigramModel(model, dictionary);
  }

  /** {@return the number of words, the length of a row} */
  public int size() {
    return vocabulary.length;
  }

  /**
   * The spelling of a word.
   *
   * @param index its place in a row
   * @return its spelling
   */
  public String word(int index) {
    return vocabulary[index];
  }

  /**
   * Whether the model knows a word.
   *
   * @param word its spelling in lower case
   * @return true if a row has an entry for it
   */
  public boolean knows(String word) {
    return indices.containsKey(word);
  }

  /**
   * The place of a word in a row, as a target.
   *
   * @param word its spelling in lower case
   * @return its index, or {@link Scorer#IGNORE} if the model does not know it
   */
  public int target(String word) {
    return indices.getOrDefault(word, Scorer.IGNORE);
  }

  /**
   * Forms the row of natural-log probabilities of every word after a history.
   *
   * @param history known words, the newest last; all but the last two are ignored
   * @param row receives the row
   * @param offset index of its first entry
   */
  public void logProbabilities(List<String> history, float[] row, int offset) {
    int context = Math.min(ORDER - 1, history.size());
    Word[] ngram = new Word[context + 1];
    for (int i = 0; i < context; i++) {
      ngram[i] = words[indices.get(history.get(history.size() - context + i))];
    }
    for (int i = 0; i < words.length; i++) {
      ngram[context] = words[i];
      row[offset + i] = logMath.logToLn(model.getProbability(new WordSequence(ngram)));
    }
  }
}
