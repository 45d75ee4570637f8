package dev.surprisal.oracle;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * The statistics by their definitions in 80 decimal digits: what the oracle is checked against. Slow, for short rows.
 */
final class Decimals {
  static final MathContext DIGITS = new MathContext(80, RoundingMode.HALF_EVEN);
  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  private Decimals() {}

  static BigDecimal of(DoubleDouble value) {
    return new BigDecimal(value.hi()).add(new BigDecimal(value.lo()));
  }

  static BigDecimal exp(BigDecimal x) {
    int halvings = Math.max(0, x.precision() - x.scale()) * 4 + 8;
    BigDecimal small = x.divide(TWO.pow(halvings), DIGITS);
    BigDecimal sum = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    for (int n = 1; n < 34; n++) {
      term = term.multiply(small, DIGITS).divide(BigDecimal.valueOf(n), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    for (int i = 0; i < halvings; i++) {
      sum = sum.multiply(sum, DIGITS);
    }
    return sum;
  }

  /** Newton's iteration from a double. */
  static BigDecimal log(BigDecimal x) {
    int shift = x.precision() - x.scale();
    BigDecimal scaled = x.scaleByPowerOfTen(-shift);
    BigDecimal guess = new BigDecimal(Math.log(scaled.doubleValue()));
    for (int i = 0; i < 4; i++) {
      guess = guess.add(scaled.multiply(exp(guess.negate()), DIGITS).subtract(BigDecimal.ONE), DIGITS);
    }
    return shift == 0 ? guess
        : guess.add(log(BigDecimal.TEN.movePointLeft(2)).multiply(BigDecimal.valueOf(-shift), DIGITS), DIGITS);
  }

  static BigDecimal[] softmax(float[] x) {
    BigDecimal[] e = each(x.length, i -> exp(new BigDecimal(x[i])));
    return each(x.length, i -> e[i].divide(total(e), DIGITS));
  }

  static BigDecimal[] given(float[] p) {
    return each(p.length, i -> new BigDecimal(p[i]));
  }

  static BigDecimal[] normalized(float[] p) {
    BigDecimal total = total(given(p));
    return each(p.length, i -> new BigDecimal(p[i]).divide(total, DIGITS));
  }

  static BigDecimal logSumExp(float[] x) {
    return log(total(each(x.length, i -> exp(new BigDecimal(x[i])))));
  }

  static BigDecimal entropy(BigDecimal[] p) {
    return crossEntropy(p, p);
  }

  static BigDecimal varentropy(BigDecimal[] p) {
    BigDecimal entropy = entropy(p);
    return total(each(p.length, i -> zeroOr(p[i], () -> log(p[i]).add(entropy).pow(2, DIGITS).multiply(p[i], DIGITS))));
  }

  static BigDecimal crossEntropy(BigDecimal[] p, BigDecimal[] q) {
    return total(each(p.length, i -> zeroOr(p[i], () -> log(q[i]).multiply(p[i], DIGITS).negate())));
  }

  static BigDecimal klDivergence(BigDecimal[] p, BigDecimal[] q) {
    return total(each(p.length, i -> zeroOr(p[i], () -> log(p[i].divide(q[i], DIGITS)).multiply(p[i], DIGITS))));
  }

  static BigDecimal jensenShannon(BigDecimal[] p, BigDecimal[] q) {
    BigDecimal[] mean = each(p.length, i -> p[i].add(q[i]).divide(TWO, DIGITS));
    return klDivergence(p, mean).add(klDivergence(q, mean)).divide(TWO, DIGITS);
  }

  /** Of positive p and q, and an order other than 1. */
  static BigDecimal renyiDivergence(BigDecimal[] p, BigDecimal[] q, double order) {
    BigDecimal a = new BigDecimal(order);
    BigDecimal b = a.subtract(BigDecimal.ONE);
    BigDecimal sum = total(each(p.length,
        i -> exp(log(p[i]).multiply(a, DIGITS).subtract(log(q[i]).multiply(b, DIGITS), DIGITS))));
    return log(sum).divide(b, DIGITS);
  }

  static BigDecimal totalVariation(BigDecimal[] p, BigDecimal[] q) {
    return total(each(p.length, i -> p[i].subtract(q[i], DIGITS).abs())).divide(TWO, DIGITS);
  }

  static BigDecimal conditionalEntropy(BigDecimal[][] joint) {
    return total(each(joint.length, x -> total(each(joint[x].length, y -> zeroOr(joint[x][y],
        () -> log(joint[x][y].divide(total(joint[x]), DIGITS)).multiply(joint[x][y], DIGITS).negate())))));
  }

  static BigDecimal mutualInformation(BigDecimal[][] joint) {
    BigDecimal[] columns = each(joint[0].length, y -> total(each(joint.length, x -> joint[x][y])));
    return total(each(joint.length, x -> total(each(joint[x].length, y -> zeroOr(joint[x][y],
        () -> log(joint[x][y].divide(total(joint[x]).multiply(columns[y], DIGITS), DIGITS)).multiply(joint[x][y],
            DIGITS))))));
  }

  static BigDecimal total(BigDecimal[] terms) {
    BigDecimal sum = BigDecimal.ZERO;
    for (BigDecimal term : terms) {
      sum = sum.add(term, DIGITS);
    }
    return sum;
  }

  private static BigDecimal zeroOr(BigDecimal p, Supplier<BigDecimal> term) {
    return p.signum() == 0 ? BigDecimal.ZERO : term.get();
  }

  private static BigDecimal[] each(int length, IntFunction<BigDecimal> term) {
    BigDecimal[] terms = new BigDecimal[length];
    for (int i = 0; i < length; i++) {
      terms[i] = term.apply(i);
    }
    return terms;
  }
}
