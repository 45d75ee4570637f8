package dev.surprisal.oracle;

/**
 * A number as an unevaluated sum of two doubles, about 106 bits, with the functions the oracle needs. After
 * T. J. Dekker, "A floating-point technique for extending the available precision" (1971), and the QD
 * library of Hida, Li and Bailey.
 *
 * <p>Relative error: sum, product and quotient about 1e-31 (a sum of opposite signs: 1e-31 of its larger
 * part); expm1, exp, log and log1p 1e-29, as {@link OracleTest} checks. Only finite numbers; what is
 * special is treated by the caller.
 *
 * @param hi the double nearest to the number
 * @param lo the rest
 */
public record DoubleDouble(double hi, double lo) {
  public static final DoubleDouble ZERO = new DoubleDouble(0, 0);
  public static final DoubleDouble ONE = new DoubleDouble(1, 0);

  private static final DoubleDouble LN2 = new DoubleDouble(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56);

  /** What the logarithm of 2 has beyond {@link #LN2}. */
  private static final double LN2_REST = 0x1.7b57a079a1934p-111;

  private static final double EXP_OF_NOTHING = -745;

  private static final DoubleDouble[] INVERSE_FACTORIAL = new DoubleDouble[12];

  static {
    DoubleDouble factorial = ONE;
    for (int n = 1; n < INVERSE_FACTORIAL.length; n++) {
      factorial = factorial.times(n);
      INVERSE_FACTORIAL[n] = ONE.over(factorial);
    }
  }

  public static DoubleDouble of(double value) {
    return new DoubleDouble(value, 0);
  }

  /** {@code a + b}, exactly. */
  public static DoubleDouble sum(double a, double b) {
    double sum = a + b;
    double part = sum - a;
    return new DoubleDouble(sum, (a - (sum - part)) + (b - part));
  }

  /** {@code a + b} where {@code |a| >= |b|}, exactly. */
  private static DoubleDouble quickSum(double a, double b) {
    double sum = a + b;
    return new DoubleDouble(sum, b - (sum - a));
  }

  public DoubleDouble plus(DoubleDouble that) {
    DoubleDouble high = sum(hi, that.hi);
    DoubleDouble low = sum(lo, that.lo);
    DoubleDouble once = quickSum(high.hi, high.lo + low.hi);
    return quickSum(once.hi, once.lo + low.lo);
  }

  public DoubleDouble plus(double that) {
    DoubleDouble high = sum(hi, that);
    return quickSum(high.hi, high.lo + lo);
  }

  public DoubleDouble minus(DoubleDouble that) {
    return plus(that.negated());
  }

  public DoubleDouble negated() {
    return new DoubleDouble(-hi, -lo);
  }

  public DoubleDouble times(DoubleDouble that) {
    double product = hi * that.hi;
    double rest = Math.fma(hi, that.hi, -product);
    return quickSum(product, rest + (hi * that.lo + lo * that.hi));
  }

  public DoubleDouble times(double that) {
    double product = hi * that;
    return quickSum(product, Math.fma(hi, that, -product) + lo * that);
  }

  public DoubleDouble over(DoubleDouble that) {
    double first = hi / that.hi;
    DoubleDouble rest = minus(that.times(first));
    double second = rest.hi / that.hi;
    double third = rest.minus(that.times(second)).hi / that.hi;
    return quickSum(first, second).plus(third);
  }

  /** {@code e^this}: 0 below -745, and for other results below 1e-290 fewer bits than elsewhere. */
  public DoubleDouble exp() {
    if (hi < EXP_OF_NOTHING) {
      return ZERO;
    }
    double halvings = Math.rint(hi / LN2.hi);
    DoubleDouble scaled = expm1OfSmall(reduced(halvings)).plus(1);
    return scaled.times(twoTo((int) halvings / 2)).times(twoTo((int) halvings - (int) halvings / 2));
  }

  /** {@code e^this - 1}, accurate for small arguments too. */
  public DoubleDouble expm1() {
    return Math.abs(hi) < 0.35 ? expm1OfSmall(this) : exp().plus(-1);
  }

  private static double twoTo(int exponent) {
    return Double.longBitsToDouble(exponent + 1023L << 52);
  }

  private DoubleDouble reduced(double halvings) {
    return minus(LN2.times(halvings)).plus(-LN2_REST * halvings);
  }

  /**
   * Taylor series of a 64th of the argument, then six times {@code e^2x - 1 = 2(e^x - 1) + (e^x - 1)^2}. Written out on
   * doubles, since the oracle spends its time here.
   */
  private static DoubleDouble expm1OfSmall(DoubleDouble x) {
    double high = x.hi / 64;
    double low = x.lo / 64;
    double hi = 0;
    for (int n = 11; n > 6; n--) {
      hi = high * (INVERSE_FACTORIAL[n].hi + hi);
    }
    double lo = 0;
    for (int n = 6; n >= 1; n--) {
      double sum = INVERSE_FACTORIAL[n].hi + hi;
      lo += INVERSE_FACTORIAL[n].lo + (hi - (sum - INVERSE_FACTORIAL[n].hi));
      double product = sum * high;
      lo = Math.fma(sum, high, -product) + (sum * low + lo * high);
      hi = product;
    }
    for (int i = 0; i < 6; i++) {
      double square = hi * hi;
      double sum = 2 * hi + square;
      lo = 2 * lo + (square - (sum - 2 * hi)) + (Math.fma(hi, hi, -square) + 2 * hi * lo);
      hi = sum;
    }
    return quickSum(hi, lo);
  }

  /** Natural logarithm of a positive number: one step of Newton from the double nearest to it. */
  public DoubleDouble log() {
    if (Math.abs(hi - 1) < 0.25) {
      return plus(-1).log1p();
    }
    double guess = Math.log(hi);
    // For subnormals and their neighbours e^-guess would overflow.
    DoubleDouble ratio = hi < 1e-300
        ? times(0x1p200).times(of(-guess).minus(LN2.times(200)).exp())
        : times(of(-guess).exp());
    return stepped(guess, ratio.plus(-1));
  }

  /** {@code log(1 + this)} for a number above -1, accurate for small arguments too. */
  public DoubleDouble log1p() {
    if (hi > 0.5) {
      return plus(1).log();
    }
    double rounded = 1 + hi;
    double guess = rounded == 1 ? hi : Math.log(rounded) * (hi / (rounded - 1));
    DoubleDouble inverse = of(-guess).expm1();
    return stepped(guess, inverse.plus(this).plus(times(inverse)));
  }

  /** {@code guess + log(1 + rest)} with a rest of about 1e-16. */
  private static DoubleDouble stepped(double guess, DoubleDouble rest) {
    return rest.minus(rest.times(rest).times(0.5)).plus(guess);
  }
}
