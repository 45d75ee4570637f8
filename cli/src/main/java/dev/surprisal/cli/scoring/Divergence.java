package dev.surprisal.cli.scoring;

import dev.surprisal.Logits;
import dev.surprisal.Scorer;

/**
 * How far a row of one file is from the same row of another. This is the only list of it: a {@link ComparedRow} holds
 * these figures, reports have the mean of each, per-row files a column, and the manual a line.
 */
public enum Divergence {
  /** {@code sum p log(p/q)}, p of the first file and q of the second. */
  KL("kl", "KL(base||other)", "nats", "KL(BASE || OTHER)", Scorer::klDivergence),
  /** {@code sum q log(q/p)}. */
  REVERSE_KL("reverseKl", "KL(other||base)", "nats", "KL(OTHER || BASE)",
      (scorer, base, other, out) -> scorer.klDivergence(other, base, out)),
  /** {@code (KL(p || m) + KL(q || m)) / 2}, with {@code m = (p + q) / 2}. */
  JENSEN_SHANNON("jensenShannon", "Jensen-Shannon", "nats", "Jensen-Shannon divergence", Scorer::jensenShannon);

  /** Works out the divergences of the rows of a block. */
  @FunctionalInterface
  private interface Definition {
    void compute(Scorer scorer, Logits base, Logits other, double[] out);
  }

  private final String column;
  private final String title;
  private final String unit;
  private final String meaning;
  private final Definition definition;

  Divergence(String column, String title, String unit, String meaning, Definition definition) {
    this.column = column;
    this.title = title;
    this.unit = unit;
    this.meaning = meaning;
    this.definition = definition;
  }

  /** {@return its name in per-row files} */
  public String column() {
    return column;
  }

  /** {@return the name of its mean in JSON: {@code meanKl} of {@code kl}} */
  public String meanKey() {
    return "mean" + Character.toUpperCase(column.charAt(0)) + column.substring(1);
  }

  /** {@return its name in a report for people} */
  public String title() {
    return title;
  }

  /** {@return its unit, empty for none} */
  public String unit() {
    return unit;
  }

  /** {@return what it is, for the manual} */
  public String meaning() {
    return meaning;
  }

  /** Works it out for each row of a block. */
  void compute(Scorer scorer, Logits base, Logits other, double[] out) {
    definition.compute(scorer, base, other, out);
  }
}
