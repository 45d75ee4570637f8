package dev.surprisal.kernel.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.kernel.scalar.DoubleMath;
import dev.surprisal.kernel.scalar.Exp;
import dev.surprisal.kernel.scalar.Log;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The polynomials against {@code Math} in double, over bit patterns of floats; the bounds are
 * those their Javadoc states.
 */
class PolynomialTest {
  private static final int EVERY_FLOAT = 1;
  private static final int SOME_FLOATS = 997; // a prime: all kinds of significands

  @Test
  void expOfSomeFloats() {
    exp(SOME_FLOATS);
  }

  @Test
  @Tag("slow")
  void expOfEveryFloat() {
    exp(EVERY_FLOAT);
  }

  @Test
  void aboveTangentOfSomeFloats() {
    aboveTangent(SOME_FLOATS);
  }

  @Test
  @Tag("slow")
  void aboveTangentOfEveryFloat() {
    aboveTangent(EVERY_FLOAT);
  }

  @Test
  void logOfSomeFloats() {
    log(SOME_FLOATS);
  }

  @Test
  @Tag("slow")
  void logOfEveryFloat() {
    log(EVERY_FLOAT);
  }

  /**
   * The reduction by a scale must not change the significand: e^x is the same whatever power of two it is divided by.
   */
  @Test
  void scaleOfExpIsAPowerOfTwo() {
    for (int k : new int[] {-40, -1, 0, 1, 30}) {
      FloatVector x = Vectors.all(3.3f);
      float one = VectorExp.scaled(x, Vectors.all(Exp.magic(0))).lane(0);
      float other = VectorExp.scaled(x, Vectors.all(Exp.magic(k))).lane(0);
      assertEquals(one, Math.scalb(other, k), "scale 2^" + k);
    }
  }

  @Test
  void logOfZeroAndOne() {
    assertEquals(Float.NEGATIVE_INFINITY, VectorLog.of(Vectors.all(0f)).lane(0));
    assertEquals(0f, VectorLog.of(Vectors.all(1f)).lane(0));
  }

  @Test
  void logOfRatios() {
    SplittableRandom random = new SplittableRandom(20260101);
    double worst = 0;
    String where = "";
    for (int i = 0; i < 2_000_000; i++) {
      float p = (float) Math.exp(-40 * random.nextDouble());
      float q = i % 3 == 0 ? p * (1 + (float) random.nextDouble() * 1e-3f)
          : i % 3 == 1 ? Math.nextUp(p) : (float) Math.exp(-90 * random.nextDouble());
      double expected = Math.abs(p - q) < q / 2 ? Math.log1p(((double) p - q) / q) : Math.log((double) p / q);
      double error =
          expected == 0 ? 0 : Math.abs(VectorLog.ofRatio(Vectors.all(p), Vectors.all(q)).lane(0) / expected - 1);
      if (error > worst) {
        worst = error;
        where = p + " / " + q;
      }
    }
    System.out.printf("log of ratios: largest relative error %.3g at %s%n", worst, where);
    assertTrue(worst <= Log.MAX_RATIO_RELATIVE_ERROR, "relative error " + worst + " at " + where);
  }

  @Test
  void doubles() {
    SplittableRandom random = new SplittableRandom(20260102);
    for (int i = 0; i < 2_000_000; i++) {
      double wide = Math.exp(700 * (2 * random.nextDouble() - 1));
      double near = 1 + (random.nextDouble() - 0.5) * Math.exp(-36 * random.nextDouble());
      double x = 745 * (2 * random.nextDouble() - 1);
      close(StrictMath.log(wide), DoubleMath.log(wide), "log", wide);
      close(StrictMath.log(near), DoubleMath.log(near), "log", near);
      close(StrictMath.log1p(wide), DoubleMath.log1p(wide), "log1p", wide);
      close(StrictMath.log1p(near - 1), DoubleMath.log1p(near - 1), "log1p", near - 1);
      close(StrictMath.exp(x), DoubleMath.exp(x), "exp", x);
      close(StrictMath.exp(x / 1000), DoubleMath.exp(x / 1000), "exp", x / 1000);
    }
    for (double x : new double[] {0, -0.0, 1, -1, -2, Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE,
        Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN}) {
      close(StrictMath.log(x), DoubleMath.log(x), "log", x);
      close(StrictMath.log1p(x), DoubleMath.log1p(x), "log1p", x);
      close(StrictMath.exp(x), DoubleMath.exp(x), "exp", x);
    }
  }

  private static void close(double expected, double actual, String function, double x) {
    if (Double.compare(expected, actual) != 0
        && !(Math.abs(actual - expected) <= DoubleMath.MAX_RELATIVE_ERROR * Math.abs(expected) + Double.MIN_VALUE)) {
      throw new AssertionError(function + "(" + x + "): expected " + expected + ", got " + actual);
    }
  }

  private static void exp(int step) {
    FloatVector magic = Vectors.all(Exp.magic(0));
    // 87 on either side: what is beyond is not a normal float.
    check("exp", -87f, 87f, step, x -> VectorExp.scaled(x, magic), Math::exp,
        x -> Exp.MAX_RELATIVE_ERROR + Exp.DRIFT * Math.abs(x));
  }

  private static void aboveTangent(int step) {
    DoubleUnaryOperator bound = v -> Exp.MAX_TANGENT_RELATIVE_ERROR + Exp.DRIFT * Math.abs(v);
    // Nearer to 0 the result is no normal float.
    check("e^v - 1 - v", -87f, -2e-19f, step, VectorExp::aboveTangent, PolynomialTest::aboveTangent, bound);
    check("e^v - 1 - v", 2e-19f, 87f, step, VectorExp::aboveTangent, PolynomialTest::aboveTangent, bound);
    assertEquals(0f, VectorExp.aboveTangent(Vectors.all(0f)).lane(0));
  }

  private static double aboveTangent(double v) {
    if (Math.abs(v) > 0.125) {
      return Math.expm1(v) - v;
    }
    double sum = 0;
    double term = v * v / 2;
    for (int k = 3; Math.abs(term) > Math.abs(sum) * 0x1p-60; k++) {
      sum += term;
      term *= v / k;
    }
    return sum;
  }

  private static void log(int step) {
    check("log", Float.MIN_VALUE, 0x1p103f, step, VectorLog::of, Math::log, x -> Log.MAX_RELATIVE_ERROR);
  }

  private static void check(
      String name, float from, float to, int step, UnaryOperator<FloatVector> function, DoubleUnaryOperator reference,
      DoubleUnaryOperator bound) {
    float[] in = new float[Vectors.COUNT];
    float[] out = new float[Vectors.COUNT];
    double worst = 0;
    double most = 0;
    float where = 0;
    double squares = 0;
    long count = 0;
    int last = key(to);
    for (long key = key(from); key <= last;) {
      for (int lane = 0; lane < in.length; lane++, key += step) {
        in[lane] = value((int) Math.min(key, last));
      }
      function.apply(FloatVector.fromArray(Vectors.FLOATS, in, 0)).intoArray(out, 0);
      for (int lane = 0; lane < in.length; lane++) {
        double expected = reference.applyAsDouble(in[lane]);
        double error = expected == 0 ? Math.abs(out[lane]) : Math.abs(out[lane] / expected - 1);
        squares += error * error;
        count++;
        double share = error / bound.applyAsDouble(in[lane]);
        worst = Math.max(worst, error);
        if (!(share <= most)) {
          most = share;
          where = in[lane];
        }
      }
    }
    System.out.printf(
        "%s of %d floats: largest relative error %.3g, root mean square %.3g; at most %.3f of the bound, at %s%n", name,
        count, worst, Math.sqrt(squares / count), most, where);
    assertTrue(most <= 1, name + ": " + most + " times the stated error at " + where);
  }

  /** Integers in the order of the floats. */
  private static int key(float x) {
    int bits = Float.floatToRawIntBits(x);
    return bits ^ (bits >> 31 >>> 1);
  }

  private static float value(int key) {
    return Float.intBitsToFloat(key ^ (key >> 31 >>> 1));
  }
}
