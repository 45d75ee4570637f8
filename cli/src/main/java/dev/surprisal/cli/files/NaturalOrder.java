package dev.surprisal.cli.files;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The order in which people count: {@code logits.9} before {@code logits.10}. */
final class NaturalOrder implements Comparator<String> {
  private static final Pattern PIECE = Pattern.compile("\\d+|\\D+");

  private NaturalOrder() {}

  /** Orders things by a name of theirs. */
  static <T> Comparator<T> of(Function<T, String> name) {
    return Comparator.comparing(name, new NaturalOrder());
  }

  @Override
  public int compare(String a, String b) {
    Matcher piecesOfA = PIECE.matcher(a);
    Matcher piecesOfB = PIECE.matcher(b);
    while (piecesOfA.find() && piecesOfB.find()) {
      int order = comparePieces(piecesOfA.group(), piecesOfB.group());
      if (order != 0) {
        return order;
      }
    }
    return a.compareTo(b);
  }

  private static int comparePieces(String a, String b) {
    boolean numbers = Character.isDigit(a.charAt(0)) && Character.isDigit(b.charAt(0));
    return numbers ? new BigInteger(a).compareTo(new BigInteger(b)) : a.compareTo(b);
  }
}
