package dev.surprisal.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts English text into the words of a language model: lower case, without punctuation, sentence by sentence.
 *
 * <p>A word the model does not know as it stands is tried without the apostrophes around it, then in the parts the
 * model may know ({@code cat's} as {@code cat} and {@code 's}, {@code daisy-chain} as {@code daisy} and {@code chain},
 * {@code U.S.} as {@code u.} and {@code s.}); if that fails too it stays whole.
 */
public final class Tokenizer {
  /**
   * A word of a text.
   *
   * @param word its spelling
   * @param startsSentence whether a sentence begins with it
   */
  public record Token(String word, boolean startsSentence) {}

  private static final Pattern PARAGRAPH_END = Pattern.compile("\\R\\s*\\R");
  private static final Pattern SEPARATOR = Pattern.compile("[\\s/\u2013\u2014]+|--+");
  /** A word with its apostrophes between the punctuation before it and after it. */
  private static final Pattern WORD =
      Pattern.compile("[^\\p{L}\\p{N}]*?('*[\\p{L}\\p{N}](?:.*[\\p{L}\\p{N}])?'*)([^\\p{L}\\p{N}]*)");
  private static final Pattern INITIALS = Pattern.compile("\\p{L}(\\.\\p{L})+");
  private static final Pattern INITIAL = Pattern.compile("[b-hj-z]");
  private static final Pattern CLITIC = Pattern.compile("(.+)('\\p{L}+)");
  private static final Set<String> TITLES = Set.of("mr", "mrs", "ms", "dr", "st", "prof");

  private final Predicate<String> known;

  /**
   * A tokenizer for one vocabulary.
   *
   * @param known whether the vocabulary has a word
   */
  public Tokenizer(Predicate<String> known) {
    this.known = known;
  }

  /**
   * Cuts a text.
   *
   * @param text any text
   * @return its words in order
   */
  public List<Token> tokens(String text) {
    List<Token> tokens = new ArrayList<>();
    String lowerCase = text.replace('\u2019', '\'').replace('\u2018', '\'').toLowerCase(Locale.ROOT);
    for (String paragraph : PARAGRAPH_END.split(lowerCase)) {
      boolean startsSentence = true;
      for (String chunk : SEPARATOR.split(paragraph)) {
        startsSentence = add(chunk, startsSentence, tokens);
      }
    }
    return tokens;
  }

  /** Adds the words of a chunk between spaces; returns whether the next one starts a sentence. */
  private boolean add(String chunk, boolean startsSentence, List<Token> tokens) {
    Matcher matcher = WORD.matcher(chunk);
    if (!matcher.matches()) {
      return startsSentence || endsSentence(chunk);
    }
    String word = matcher.group(1);
    String after = matcher.group(2);
    boolean initials = INITIALS.matcher(word).matches() || INITIAL.matcher(word).matches() && after.startsWith(".");
    boolean starts = startsSentence;
    for (String part : initials ? initials(word) : words(word)) {
      tokens.add(new Token(part, starts));
      starts = false;
    }
    return endsSentence(initials || TITLES.contains(word) ? after.replace(".", "") : after);
  }

  private List<String> words(String word) {
    String bare = withoutQuotes(word);
    if (known.test(word) || bare.isEmpty()) {
      return List.of(word);
    }
    if (known.test(bare)) {
      return List.of(bare);
    }
    Matcher clitic = CLITIC.matcher(bare);
    if (clitic.matches() && known.test(clitic.group(1)) && known.test(clitic.group(2))) {
      return List.of(clitic.group(1), clitic.group(2));
    }
    List<String> parts = List.of(bare.split("-"));
    return parts.stream().allMatch(known) ? parts : List.of(bare);
  }

  private static String withoutQuotes(String word) {
    int from = 0;
    int to = word.length();
    while (from < to && word.charAt(from) == '\'') {
      from++;
    }
    while (to > from && word.charAt(to - 1) == '\'') {
      to--;
    }
    return word.substring(from, to);
  }

  /** {@code u.s.} as {@code u.} and {@code s.}: the model spells letters with a full stop. */
  private static List<String> initials(String chunk) {
    return chunk.replace(".", "").chars().mapToObj(letter -> Character.toString(letter) + ".").toList();
  }

  private static boolean endsSentence(String punctuation) {
    return punctuation.contains(".") || punctuation.contains("!") || punctuation.contains("?");
  }
}
