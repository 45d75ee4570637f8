package dev.surprisal.attack;

import dev.surprisal.data.Arrangement;
import dev.surprisal.data.Levels;
import dev.surprisal.data.Subject;
import dev.surprisal.kernel.storage.Operand;
import java.util.random.RandomGenerator;

/** A step of the climb: a neighbour of a row, near or less near, in one to three of its numbers. */
final class Mutation {
  private final Operand first;
  private final Operand second;
  private final RandomGenerator random;

  Mutation(Subject subject, RandomGenerator random) {
    this.first = subject.first();
    this.second = subject.second();
    this.random = random;
  }

  Levels of(Levels parent, int length) {
    float[] x = parent.first().clone();
    float[] y = second == null ? null : parent.second().clone();
    int[] few = parent.few().clone();
    Arrangement arrangement = parent.arrangement();
    long seed = parent.seed();
    int target = parent.target();
    for (int steps = 1 + random.nextInt(3); steps > 0; steps--) {
      int level = random.nextInt(x.length);
      boolean ofSecond = second != null && random.nextBoolean();
      float[] row = ofSecond ? y : x;
      Operand operand = ofSecond ? second : first;
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3 -> row[level] = moved(operand, row[level], size(-6, 1.3));
        case 4 -> row[level] = valid(operand, random.nextBoolean() ? Math.nextUp(row[level])
            : Math.nextDown(row[level]));
        case 5 -> shift(operand, row, size(-6, 2));
        case 6 -> {
          double by = size(-6, 1);
          shift(first, x, by);
          if (second != null) {
            shift(second, y, by);
          }
        }
        case 7 -> row[level] = row[random.nextInt(row.length)];
        case 8, 9 -> few[random.nextInt(few.length)] = count(few[random.nextInt(few.length)], length);
        case 10 -> arrangement = random.nextInt(3) == 0
            ? Arrangement.values()[random.nextInt(Arrangement.values().length)]
            : arrangement;
        default -> {
          seed = random.nextInt(3) == 0 ? random.nextLong(1L << 32) : seed;
          target = random.nextInt(x.length);
        }
      }
    }
    return new Levels(length, x, y, few, arrangement, seed, target);
  }

  /** Near to a length that has been good. */
  int length(int length) {
    return switch (random.nextInt(24)) {
      case 0 -> Levels.anyLength(random);
      case 1 -> Math.max(1, length + random.nextInt(-20, 21));
      case 2 -> Math.min(2 * length, 20_000);
      case 3 -> Math.max(1, length / 2);
      default -> length;
    };
  }

  private int count(int count, int length) {
    int changed = switch (random.nextInt(5)) {
      case 0 -> count + 1;
      case 1 -> count - 1;
      case 2 -> 2 * count;
      case 3 -> count / 2;
      default -> 1 + random.nextInt(length);
    };
    return Math.clamp(changed, 1, length);
  }

  private double size(double least, double most) {
    return Math.pow(10, random.nextDouble(least, most)) * random.nextGaussian();
  }

  private static void shift(Operand operand, float[] row, double by) {
    for (int level = 0; level < row.length; level++) {
      row[level] = moved(operand, row[level], by);
    }
  }

  /** Logits are moved by a distance, probabilities by a factor: the same on the distribution. */
  private static float moved(Operand operand, float value, double by) {
    return valid(operand, operand == Operand.LOGITS ? value + by : value * Math.exp(by));
  }

  /** A probability as given is one: at most 1. */
  private static float valid(Operand operand, double value) {
    return (float) switch (operand) {
      case LOGITS -> Math.clamp(value, -Float.MAX_VALUE, Float.MAX_VALUE);
      case PROBABILITIES -> Math.clamp(value, 0.0, 1.0);
      case WEIGHTS -> Math.clamp(value, 0.0, Float.MAX_VALUE);
    };
  }
}
