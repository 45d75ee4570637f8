package dev.surprisal.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.data.Levels;
import dev.surprisal.data.Subject;
import dev.surprisal.data.Subject.Outcome;
import dev.surprisal.kernel.storage.Operand;
import dev.surprisal.oracle.Measure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Searches for rows that break what is promised of their errors; see the script core/attack. A search that runs for a
 * moment in every build finds little, but cannot rot.
 */
class AttackTest {
  private static final Duration DURATION = Duration.ofMinutes(Integer.getInteger("attack.minutes", 10));
  private static final String WANTED = System.getProperty("attack.statistic", "");
  private static final long SEED = Long.getLong("attack.seed", System.nanoTime());
  private static final int MOMENT = 320;

  @Test
  void climbsForAMoment() {
    List<String> broken = new ArrayList<>();
    for (Subject subject : Subject.all()) {
      Climber climber = climber(subject);
      climber.climb(() -> climber.evaluations() < MOMENT);
      if (climber.worst().outcome().share() > 1) {
        broken.add(subject + ": " + climber.worst().outcome() + "\n    " + climber.worst().rows());
      }
    }
    assertTrue(broken.isEmpty(), () -> "seed " + SEED + "\n" + String.join("\n", broken));
  }

  @Tag("attack")
  @Test
  void climbsForMinutes() throws IOException {
    List<Subject> subjects = Subject.all().stream()
        .filter(subject -> subject.toString().toLowerCase(Locale.ROOT).contains(WANTED.toLowerCase(Locale.ROOT)))
        .toList();
    assertFalse(subjects.isEmpty(), () -> "no statistic matches " + WANTED + "; there are " + Subject.all());
    List<String> broken = new ArrayList<>();
    StringBuilder table = new StringBuilder("| statistic | share of the bound | exact | row |\n|---|---:|---:|---|\n");
    for (Subject subject : subjects) {
      Climber climber = climber(subject);
      climber.climb(until(System.nanoTime() + DURATION.toNanos() / subjects.size()));
      System.out.printf(Locale.ROOT, "%s: %s%n    %s%n    the worst of %,d rows from seed %d%n", subject,
          climber.worst().outcome(), climber.worst().rows(), climber.evaluations(), SEED);
      Outcome worst = climber.worst().outcome();
      table.append(String.format(Locale.ROOT, "| %s | %.2f | %.3g | %s |%n", subject, worst.share(), worst.expected(),
          climber.worst().rows()));
      if (worst.share() > 1) {
        broken.add(subject.toString());
      }
    }
    Files.writeString(Path.of("target/attack.md"), table);
    assertTrue(broken.isEmpty(), () -> "beyond the bound: " + broken);
  }

  /** The same rows again from the same seed, whichever other subjects are wanted. */
  private static Climber climber(Subject subject) {
    return new Climber(subject, new SplittableRandom(SEED + subject.toString().hashCode()));
  }

  private static BooleanSupplier until(long end) {
    return () -> System.nanoTime() < end;
  }

  /** What the search holds to be the truth is what the oracle says entry by entry. */
  @Test
  void truthOfLevelsIsThatOfTheirRows() {
    SplittableRandom random = new SplittableRandom(20261129);
    for (Subject subject : Subject.all()) {
      for (int round = 0; subject.figure() != null && round < 12; round++) {
        Levels levels = subject.any(1 + random.nextInt(150), random);
        Outcome outcome = subject.of(List.of(levels))[0];
        float[] x = levels.firstRow();
        Measure p = measure(subject.first(), x);
        Measure q = subject.second() == null ? null : measure(subject.second(), levels.secondRow());
        int target = indexOf(levels, x);
        double expected = subject.figure().define(p, q, target).hi();
        // Where terms of both signs leave next to nothing, so does the oracle: 1e-30 of their size.
        assertEquals(expected, outcome.expected(), 1e-14 * Math.abs(expected) + 1e-22,
            () -> subject + " of " + levels);
      }
    }
  }

  private static int indexOf(Levels levels, float[] x) {
    int[] counts = levels.counts();
    int level = levels.target();
    while (counts[level] == 0) {
      level = (level + 1) % counts.length;
    }
    int index = 0;
    while (x[index] != levels.first()[level]) {
      index++;
    }
    return index;
  }

  private static Measure measure(Operand operand, float[] row) {
    return switch (operand) {
      case LOGITS -> Measure.ofLogits(row);
      case PROBABILITIES -> Measure.ofProbabilities(row);
      case WEIGHTS -> Measure.ofWeights(row);
    };
  }
}
