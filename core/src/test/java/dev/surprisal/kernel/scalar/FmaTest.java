package dev.surprisal.kernel.scalar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The fused multiply-add without the instruction has the bits of {@link Math#fma}, for any numbers. */
class FmaTest {
  private static final long SEED = 20261129;
  private static final int TRIALS = 500_000;

  private final SplittableRandom random = new SplittableRandom(SEED);

  @Test
  void floats() {
    System.out.println("fma of floats: seed " + SEED);
    for (int i = 0; i < TRIALS; i++) {
      float a = anyFloat();
      float b = anyFloat();
      float c = i % 3 == 0 ? near(-(a * b)) : anyFloat();
      assertEquals(Math.fma(a, b, c), Fma.ofDoubles(a, b, c), () -> a + " * " + b + " + " + c);
    }
  }

  @Test
  void doubles() {
    System.out.println("fma of doubles: seed " + SEED);
    for (int i = 0; i < TRIALS; i++) {
      double a = anyDouble();
      double b = anyDouble();
      double c =
          i % 3 == 0 ? near(-(a * b)) : i % 3 == 1 ? a * b * Math.scalb(1 + random.nextDouble(), -54) : anyDouble();
      assertEquals(Math.fma(a, b, c), Fma.ofHalves(a, b, c), () -> a + " * " + b + " + " + c);
    }
  }

  /** Where a sum is exactly between two floats a product that is rounded first would decide wrongly. */
  @Test
  void halfway() {
    float a = 1 + 0x1p-12f;
    float b = 1 + 0x1p-12f;
    assertEquals(Math.fma(a, b, 0x1p-60f), Fma.ofDoubles(a, b, 0x1p-60f));
    assertEquals(Math.fma(a, b, -0x1p-60f), Fma.ofDoubles(a, b, -0x1p-60f));
    assertEquals(1 + 0x1p-23f, Fma.ofDoubles(1, 1 + 0x1p-23f, 0x1p-26f));
  }

  /** Any bits, or an ordinary number. */
  private float anyFloat() {
    return random.nextBoolean()
        ? Float.intBitsToFloat(random.nextInt())
        : (float) (random.nextGaussian() * Math.exp(20 * random.nextGaussian()));
  }

  private double anyDouble() {
    return random.nextInt(4) == 0
        ? Double.longBitsToDouble(random.nextLong())
        : random.nextGaussian() * Math.exp(20 * random.nextGaussian());
  }

  /** So near that it cancels. */
  private float near(float x) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(x) + random.nextInt(-3, 4));
  }

  private double near(double x) {
    return Double.longBitsToDouble(Double.doubleToRawLongBits(x) + random.nextLong(-3, 4));
  }
}
