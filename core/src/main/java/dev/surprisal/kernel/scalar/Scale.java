package dev.surprisal.kernel.scalar;

/**
 * What {@code e^x} of a row of logits is summed in: a unit of about e to the reference, so that no
 * sum overflows or vanishes.
 */
public final class Scale {
  /** What distances are taken from: a little above the largest entry so far. */
  public float reference;

  /** What is taken off an entry before {@link Exp#scaled}: 0, or the reference where that is beyond its range. */
  public float shift;

  /** The second argument of {@link Exp#scaled}. */
  public float magic;

  /** Sets the reference, and what follows from it. Returns the logarithm of the unit. */
  public double refer(float to) {
    boolean far = !(Math.abs(to) <= Exp.MAX_ARGUMENT);
    int k = far ? 0 : Exp.exponent(to);
    reference = to;
    shift = far ? to : 0;
    magic = Exp.magic(k);
    return shift + Exp.unit(k);
  }
}
