package dev.surprisal.kernel;

/** What {@code e^x} of a row of logits is summed in, so that no sum overflows or vanishes: e to about the reference. */
final class Unit {
  /** What distances are taken from: a little above the largest entry so far. */
  float reference;

  /** What is taken off an entry before {@link Exp#scaled}: 0, or the reference where that is beyond its range. */
  float shift;

  /** The scale of {@link Exp#scaled}. */
  float magic;

  /** Sets the reference, and what follows from it. Returns the logarithm of the unit. */
  double refer(float to) {
    boolean far = !(Math.abs(to) <= Exp.MAX_ARGUMENT);
    int k = far ? 0 : Exp.exponent(to);
    reference = to;
    shift = far ? to : 0;
    magic = Exp.magic(k);
    return shift + Exp.unit(k);
  }
}
