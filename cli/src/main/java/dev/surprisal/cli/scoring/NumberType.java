package dev.surprisal.cli.scoring;

import java.util.function.DoubleFunction;

/** What kind of number a figure is; a double holds every one of them exactly. */
public enum NumberType {
  /** A count or an index. */
  INTEGER(value -> (int) value),
  /** Single precision. */
  FLOAT(value -> (float) value),
  /** Double precision. */
  DOUBLE(value -> value);

  private final DoubleFunction<Number> narrow;

  NumberType(DoubleFunction<Number> narrow) {
    this.narrow = narrow;
  }

  /**
   * A figure as what it is.
   *
   * @param value the figure
   * @return the same number, of this kind
   */
  public Number of(double value) {
    return narrow.apply(value);
  }
}
