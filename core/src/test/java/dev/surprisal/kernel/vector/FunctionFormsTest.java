package dev.surprisal.kernel.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.surprisal.kernel.scalar.DoubleExp;
import dev.surprisal.kernel.scalar.Exp;
import dev.surprisal.kernel.scalar.Log;
import java.util.SplittableRandom;
import jdk.incubator.vector.DoubleVector;
import org.junit.jupiter.api.Test;

/** The functions of numbers have the bits of those of vectors. */
class FunctionFormsTest {
  private static final long SEED = 20261129;
  private static final int TRIALS = 300_000;

  private final SplittableRandom random = new SplittableRandom(SEED);

  @Test
  void floats() {
    System.out.println("functions of floats: seed " + SEED);
    for (int i = 0; i < TRIALS; i++) {
      float x = (float) (87 * (2 * random.nextDouble() - 1));
      float magic = Exp.magic(random.nextInt(-20, 20));
      float near = (float) (x * Math.exp(-40 * random.nextDouble()));
      float p = (float) Math.exp(71 * random.nextDouble() - (random.nextBoolean() ? 103 : 0));
      float q = random.nextBoolean() ? Math.nextUp(p) : (float) Math.exp(-100 * random.nextDouble());
      assertEquals(VectorExp.scaled(Vectors.all(x), Vectors.all(magic)).lane(0), Exp.scaled(x, magic));
      assertEquals(VectorExp.aboveTangent(Vectors.all(x)).lane(0), Exp.aboveTangent(x));
      assertEquals(VectorExp.aboveTangent(Vectors.all(near)).lane(0), Exp.aboveTangent(near));
      assertEquals(VectorLog.of(Vectors.all(p)).lane(0), Log.of(p));
      assertEquals(VectorLog.ofRatio(Vectors.all(p), Vectors.all(q)).lane(0), Log.ofRatio(p, q));
    }
    assertEquals(Float.NEGATIVE_INFINITY, Log.of(0));
  }

  @Test
  void doubles() {
    System.out.println("functions of doubles: seed " + SEED);
    for (int i = 0; i < TRIALS; i++) {
      double x = 800 * (2 * random.nextDouble() - 1);
      double v = 600 * (2 * random.nextDouble() - 1) * Math.exp(-40 * random.nextDouble());
      double p = Math.exp(700 * (2 * random.nextDouble() - 1));
      assertEquals(VectorDoubleExp.exp(all(Math.min(x, 708))).lane(0), DoubleExp.exp(Math.min(x, 708)));
      assertEquals(VectorDoubleExp.aboveTangent(all(v)).lane(0), DoubleExp.aboveTangent(v));
      assertEquals(VectorDoubleExp.log(all(p)).lane(0), DoubleExp.log(p));
    }
  }

  private static DoubleVector all(double x) {
    return DoubleVector.broadcast(Vectors.DOUBLES, x);
  }
}
