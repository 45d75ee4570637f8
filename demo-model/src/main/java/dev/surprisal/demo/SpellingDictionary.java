package dev.surprisal.demo;

import edu.cmu.sphinx.linguist.dictionary.Dictionary;
import edu.cmu.sphinx.linguist.dictionary.Word;
import edu.cmu.sphinx.util.props.PropertySheet;
import java.util.HashMap;
import java.util.Map;

/**
 * A Sphinx dictionary that knows every word, without a pronunciation: text is all that the language model needs. Sphinx
 * compares words by identity, so one spelling must always be the same object.
 */
final class SpellingDictionary implements Dictionary {
  private final Map<String, Word> words = new HashMap<>();

  @Override
  public Word getWord(String spelling) {
    return words.computeIfAbsent(spelling, s -> new Word(s, null, false));
  }

  @Override
  public Word getSentenceStartWord() {
    return getWord(SENTENCE_START_SPELLING);
  }

  @Override
  public Word getSentenceEndWord() {
    return getWord(SENTENCE_END_SPELLING);
  }

  @Override
  public Word getSilenceWord() {
    return getWord(SILENCE_SPELLING);
  }

  @Override
  public Word[] getFillerWords() {
    return new Word[0];
  }

  @Override
  public void allocate() {
    // Nothing to load.
  }

  @Override
  public void deallocate() {
    words.clear();
  }

  @Override
  public void newProperties(PropertySheet properties) {
    // Configured by its constructor.
  }
}
