package dev.surprisal.numbers;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.data.Arrangement;
import dev.surprisal.data.Levels;
import dev.surprisal.data.Subject;
import dev.surprisal.data.Subject.Outcome;
import dev.surprisal.kernel.storage.Operand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rows and pairs of rows that have few distinct values, other ones in every build: no error is more than what is
 * promised.
 */
class FewLevelsTest {
  private static final long SEED = Long.getLong("levels.seed", System.nanoTime());
  private static final int ROWS = 8;
  private static final int ROUNDS = 2;

  /** Makes the logits of the levels of two rows, or of one. */
  @FunctionalInterface
  interface Family {
    double[][] logits(RandomGenerator random);
  }

  static Stream<Subject> subjects() {
    return Subject.all().stream();
  }

  static Stream<Subject> pairs() {
    return subjects().filter(subject -> subject.second() != null);
  }

  /** Any, of weights with sums from 1e-40 to 1e38. */
  @ParameterizedTest
  @MethodSource("subjects")
  void anyLevels(Subject subject) {
    check(subject, null);
  }

  /** Where exponentials leave the normal floats, and then the floats: in one row, or in both. */
  @ParameterizedTest
  @MethodSource("subjects")
  void farBelowTheMaximum(Subject subject) {
    check(subject, random -> {
      double[] x = Levels.anyLogits(random);
      double[] y = moved(x, random);
      int which = random.nextInt(3);
      sink(which == 0 ? y : x, random);
      if (which == 2) {
        sink(y, random);
      }
      return new double[][] {x, y};
    });
  }

  private static double[] moved(double[] x, RandomGenerator random) {
    double distance = Math.pow(10, random.nextDouble(-4, 1));
    return Arrays.stream(x).map(value -> value + distance * random.nextGaussian()).toArray();
  }

  private static void sink(double[] x, RandomGenerator random) {
    double max = Arrays.stream(x).max().orElseThrow();
    for (int level = random.nextInt(x.length); level < x.length; level += 1 + random.nextInt(2)) {
      x[level] = max - random.nextDouble(75, 110);
    }
  }

  /** The same distribution twice, or nearly: multiples of 1/64 and whole numbers up to 2^16 are added exactly. */
  @ParameterizedTest
  @MethodSource("pairs")
  void shifted(Subject subject) {
    check(subject, random -> {
      double[] x = Arrays.stream(Levels.anyLogits(random)).map(value -> Math.rint(64 * value) / 64).toArray();
      double shift = (random.nextBoolean() ? 1 : -1) * Math.pow(2, random.nextDouble(17));
      double exact = random.nextBoolean() ? Math.rint(shift) : shift;
      return new double[][] {x, Arrays.stream(x).map(value -> value + exact).toArray()};
    });
  }

  static Stream<Subject> pairsOfProbabilities() {
    return pairs().filter(subject -> subject.first() != Operand.LOGITS && subject.second() != Operand.LOGITS);
  }

  /** Long rows that nearly agree, of weights of any size: sums of logarithms of both signs cancel, and so do masses. */
  @ParameterizedTest
  @MethodSource("pairsOfProbabilities")
  void longAndClose(Subject subject) {
    SplittableRandom random = new SplittableRandom(SEED + subject.toString().hashCode());
    for (int length : new int[] {8_192, 20_000, 300_007}) {
      List<Levels> rows = new ArrayList<>();
      for (int row = 0; row < ROWS; row++) {
        double[] x = Levels.anyLogits(random);
        double distance = Math.pow(10, random.nextDouble(-8, -2));
        double[] y = Arrays.stream(x).map(value -> value + distance * random.nextGaussian()).toArray();
        Arrangement arrangement = Arrangement.values()[random.nextInt(Arrangement.values().length)];
        rows.add(Levels.of(length, subject.first(), subject.second(), x, y, arrangement, random));
      }
      Outcome[] outcomes = subject.of(rows);
      for (int row = 0; row < ROWS; row++) {
        String what = subject + " of " + rows.get(row) + ", with -Dlevels.seed=" + SEED + ": " + outcomes[row];
        assertTrue(outcomes[row].share() <= 1, what);
      }
    }
  }

  private static void check(Subject subject, Family family) {
    SplittableRandom random = new SplittableRandom(SEED + subject.toString().hashCode());
    List<String> wrong = new ArrayList<>();
    int checks = 0;
    for (int round = 0; round < ROUNDS; round++) {
      for (Arrangement arrangement : Arrangement.values()) {
        int length = Levels.anyLength(random);
        List<Levels> rows = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
          if (family == null) {
            rows.add(subject.any(length, random).in(arrangement));
          } else {
            double[][] logits = family.logits(random);
            rows.add(Levels.of(length, subject.first(), subject.second(), logits[0], logits[1], arrangement, random));
          }
        }
        Outcome[] outcomes = subject.of(rows);
        for (int row = 0; row < ROWS; row++) {
          checks++;
          if (outcomes[row].share() > 1) {
            wrong.add(outcomes[row] + "\n    " + rows.get(row));
          }
        }
      }
    }
    int all = checks;
    assertTrue(wrong.isEmpty(),
        () -> subject + ": " + wrong.size() + " of " + all + " are wrong, with -Dlevels.seed=" + SEED
            + ":\n  " + String.join("\n  ", wrong.subList(0, Math.min(5, wrong.size()))));
  }
}
