package dev.surprisal.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.kernel.loop.DivergenceLoop;
import dev.surprisal.kernel.scalar.Lanes;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;

/** Terms of divergences, one by one, against their definitions in double; the bounds are those of docs/numerics.md. */
class DivergenceTermsTest {
  private static final double U = 0x1p-24;

  /** What a term is off if p, q and v are exact. */
  private static final double SHANNON = 5.2e-7;
  private static final double KL = 3.7e-7;

  private final float[] p = new float[Lanes.WIDTH];
  private final float[] q = new float[Lanes.WIDTH];
  private final float[] v = new float[Lanes.WIDTH];
  private final DivergenceLoop.Blocks blocks = new DivergenceLoop.Blocks();
  private int filled;
  private double worst;
  private float where;

  @Test
  void jensenShannon() {
    // q is rounded, and counts as r in (p + q) (log 2 - H(r)): at most 0.5 times.
    overDistances(DivergenceLoop.of(DivergenceLoop.Kind.JENSEN_SHANNON), DivergenceTermsTest::shannon, SHANNON, 0.5 * U,
        "Jensen-Shannon");
  }

  @Test
  void klDivergence() {
    // q counts at most 1.7 times, at v = -2.
    overDistances(DivergenceLoop.of(DivergenceLoop.Kind.KL), DivergenceTermsTest::kl, KL, 1.7 * U, "KL");
  }

  /** Of entries that only one of the rows has, and of those that neither has, whatever v says. */
  @Test
  void ofNothing() {
    for (float any : new float[] {0, 1, -5, 90, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN}) {
      assertEquals(0, term(DivergenceLoop.of(DivergenceLoop.Kind.JENSEN_SHANNON), 0, 0, any));
    }
    double half = Math.log(2) / 2;
    for (float none : new float[] {60, 90, 150, Float.POSITIVE_INFINITY, Float.NaN}) {
      assertEquals(half, term(DivergenceLoop.of(DivergenceLoop.Kind.JENSEN_SHANNON), 1, 0, none), SHANNON * half);
      assertEquals(3 * half, term(DivergenceLoop.of(DivergenceLoop.Kind.JENSEN_SHANNON), 0, 3, -none),
          3 * SHANNON * half);
    }
    assertEquals(0, term(DivergenceLoop.of(DivergenceLoop.Kind.KL), 0, 0, Float.NEGATIVE_INFINITY));
    assertEquals(3, term(DivergenceLoop.of(DivergenceLoop.Kind.KL), 0, 3, Float.NEGATIVE_INFINITY));
    assertEquals(Float.POSITIVE_INFINITY,
        term(DivergenceLoop.of(DivergenceLoop.Kind.KL), 3, 0, Float.POSITIVE_INFINITY));
  }

  @Test
  void ofEqualEntries() {
    assertEquals(0, term(DivergenceLoop.of(DivergenceLoop.Kind.JENSEN_SHANNON), 0.3f, 0.3f, 0));
    assertEquals(0, term(DivergenceLoop.of(DivergenceLoop.Kind.KL), 0.3f, 0.3f, 0));
  }

  private float term(DivergenceLoop loop, float first, float second, float logRatio) {
    p[0] = first;
    q[0] = second;
    v[0] = logRatio;
    loop.add(p, q, v, Lanes.WIDTH, 0, blocks);
    return blocks.terms.lanes[0];
  }

  private void overDistances(
      DivergenceLoop loop, DoubleBinaryOperator exact, double bound, double ofRounded, String name) {
    SplittableRandom random = new SplittableRandom(20261201);
    for (float x = -90; x <= 90; x += 0.0005f) {
      add(loop, exact, x + (float) random.nextDouble(0.0005), (float) random.nextDouble(0.1, 1));
    }
    for (float x = -3; x <= 3; x += 0.00001f) {
      add(loop, exact, x + (float) random.nextDouble(0.00001), (float) random.nextDouble(0.1, 1));
    }
    for (float x = 1e-12f; x < 1; x *= 1.0001f) {
      add(loop, exact, x, (float) random.nextDouble(0.1, 1));
      add(loop, exact, -x, (float) random.nextDouble(0.1, 1));
    }
    System.out.printf("terms of %s: largest relative error %.3g at v = %s%n", name, worst, where);
    assertTrue(worst <= bound + ofRounded, name + ": relative error " + worst + " at " + where);
  }

  /** A term of the larger of p and q, the other one following from v. */
  private void add(DivergenceLoop loop, DoubleBinaryOperator exact, float logRatio, float larger) {
    p[filled] = logRatio >= 0 ? larger : (float) (larger * Math.exp(logRatio));
    q[filled] = logRatio >= 0 ? (float) (larger * Math.exp(-logRatio)) : larger;
    v[filled] = logRatio;
    filled++;
    if (filled < Lanes.WIDTH) {
      return;
    }
    filled = 0;
    loop.add(p, q, v, Lanes.WIDTH, 0, blocks);
    for (int i = 0; i < Lanes.WIDTH; i++) {
      double expected = exact.applyAsDouble(v[i] >= 0 ? p[i] : q[i] * Math.exp(v[i]), v[i]);
      double error = Math.abs(blocks.terms.lanes[i] / expected - 1);
      if (!(error <= worst)) {
        worst = error;
        where = v[i];
      }
    }
  }

  private static double kl(double p, double v) {
    return p * aboveTangent(-v);
  }

  /** {@code e^x - 1 - x}. */
  private static double aboveTangent(double x) {
    if (Math.abs(x) > 0.5) {
      return Math.expm1(x) - x;
    }
    double power = x * x / 2;
    double sum = 0;
    for (int n = 3; n < 20; n++) {
      sum += power;
      power *= x / n;
    }
    return sum;
  }

  /** {@code (p + q) / 2 ((1 + t) log(1 + t) + (1 - t) log(1 - t)) / 2}, {@code t = (p - q) / (p + q)}. */
  private static double shannon(double p, double v) {
    double both = p * (1 + Math.exp(-v));
    double t = Math.tanh(v / 2);
    if (Math.abs(t) < 0.4) {
      double sum = 0;
      for (int n = 24; n >= 1; n--) {
        sum = sum * t * t + 1.0 / (2.0 * n * (2 * n - 1));
      }
      return both / 2 * sum * t * t;
    }
    double s = Math.exp(-Math.abs(v));
    return both / 2 * (Math.log(2) - Math.log1p(s) - s * Math.abs(v) / (1 + s));
  }
}
