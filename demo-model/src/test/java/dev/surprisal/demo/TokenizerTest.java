package dev.surprisal.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerTest {
  private static final Set<String> KNOWN =
      Set.of("cat", "'s", "days'", "daisy", "chain", "dog", "u.", "s.", "j.", "'til",
          "don't", "i", "well-being");

  /** In the expected text, a bar stands before the first word of a sentence. */
  @ParameterizedTest
  @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
      The dog.                       ; |the dog
      One. Two! Three? Four          ; |one |two |three |four
      "Quoted," she said: (so)       ; |quoted she said so
      'Why not?' said I.             ; |why not |said i
      so do I. Then                  ; |so do i |then
      the cat's days'                ; |the cat 's days'
      don\u2019t \u2018go\u2019      ; |don't go
      wait 'til (then)               ; |wait 'til then
      a well-being daisy-chain       ; |a well-being daisy chain
      a rum-tum                      ; |a rum-tum
      the U.S., and J. Smith         ; |the u. s. and j. smith
      Mr. Smith went                 ; |mr smith went
      in 1865 -- or later\u2014maybe ; |in 1865 or later maybe
      either/or                      ; |either or
      end . Then ...                 ; |end |then
      """)
  void cutsText(String text, String expected) {
    List<Tokenizer.Token> tokens = new Tokenizer(KNOWN::contains).tokens(text);
    assertEquals(expected, tokens.stream().map(token -> (token.startsSentence() ? "|" : "") + token.word())
        .collect(Collectors.joining(" ")));
  }

  @ParameterizedTest
  @CsvSource({"'', 0", "'  \n ', 0", "'... -- !', 0", "'one\n\ntwo\nthree', 3"})
  void countsWords(String text, int words) {
    assertEquals(words, new Tokenizer(KNOWN::contains).tokens(text).size());
  }

  @Test
  void aParagraphEndsASentence() {
    List<Tokenizer.Token> tokens = new Tokenizer(KNOWN::contains).tokens("A heading\n\nand text");
    assertEquals(List.of(true, false, true, false), tokens.stream().map(Tokenizer.Token::startsSentence).toList());
  }
}
