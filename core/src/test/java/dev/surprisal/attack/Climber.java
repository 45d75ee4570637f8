package dev.surprisal.attack;

import dev.surprisal.data.Levels;
import dev.surprisal.data.Subject;
import dev.surprisal.data.Subject.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Searches for the row whose error is the largest share of what is promised: a hill climb with restarts. A climb begins
 * at the best of a crowd of random rows, keeps the best few, and ends when nothing has been better for a while.
 */
final class Climber {
  private static final int CROWD = 256;
  private static final int KEPT = 4;
  private static final int CHILDREN = 16;
  private static final int PATIENCE = 80;
  private static final Comparator<Found> WORST_FIRST = Comparator.comparingDouble(found -> -found.outcome.share());

  /** A row and what came of it. */
  record Found(Levels rows, Outcome outcome) {}

  private final Subject subject;
  private final RandomGenerator random;
  private final Mutation mutation;
  private Found worst;
  private long evaluations;

  Climber(Subject subject, RandomGenerator random) {
    this.subject = subject;
    this.random = random;
    this.mutation = new Mutation(subject, random);
  }

  /** Climbs for as long as there is time. */
  void climb(BooleanSupplier more) {
    while (more.getAsBoolean()) {
      List<Found> kept = begin();
      for (int vain = 0; vain < PATIENCE && more.getAsBoolean(); vain++) {
        double before = kept.get(0).outcome.share();
        step(kept);
        vain = kept.get(0).outcome.share() > before ? 0 : vain;
      }
      worst = worse(worst, kept.get(0));
    }
  }

  private List<Found> begin() {
    List<Found> kept = new ArrayList<>();
    for (int crowd = 0; crowd < CROWD; crowd += CHILDREN) {
      int length = Levels.anyLength(random);
      List<Levels> rows = new ArrayList<>();
      for (int i = 0; i < CHILDREN; i++) {
        rows.add(subject.any(length, random));
      }
      keep(kept, rows);
    }
    return kept;
  }

  private void step(List<Found> kept) {
    Levels parent = kept.get(random.nextInt(kept.size())).rows;
    int length = mutation.length(parent.length());
    List<Levels> rows = new ArrayList<>();
    for (int i = 0; i < CHILDREN; i++) {
      rows.add(mutation.of(parent, length));
    }
    keep(kept, rows);
  }

  private void keep(List<Found> kept, List<Levels> rows) {
    Outcome[] outcomes = subject.of(rows);
    evaluations += outcomes.length;
    for (int i = 0; i < outcomes.length; i++) {
      if (kept.size() < KEPT || outcomes[i].share() > kept.get(kept.size() - 1).outcome.share()) {
        kept.add(new Found(rows.get(i), outcomes[i]));
        kept.sort(WORST_FIRST);
        kept.subList(Math.min(KEPT, kept.size()), kept.size()).clear();
      }
    }
  }

  private static Found worse(Found one, Found other) {
    return one == null || other.outcome.share() > one.outcome.share() ? other : one;
  }

  /** The row that was found to be the worst. */
  Found worst() {
    return worst;
  }

  /** How many rows were computed. */
  long evaluations() {
    return evaluations;
  }
}
