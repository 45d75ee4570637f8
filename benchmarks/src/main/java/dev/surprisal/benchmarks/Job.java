package dev.surprisal.benchmarks;

import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import dev.surprisal.benchmarks.input.Batches;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.kernel.Statistic;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A statistic of some inputs: what is measured, reported and compared with others.
 *
 * <p>All jobs follow from the library's own list, {@link Statistic}. Their calls and titles stand in switches over that
 * list that have no default, so that a new statistic compiles only with both.
 *
 * @param statistic what is computed
 * @param inputs what of
 */
public record Job(Statistic statistic, Inputs inputs) {
  /** Of Rényi divergences: far from 1, where it is the KL divergence, and no whole number. */
  public static final double ORDER = 0.5;

  private static final List<Job> ALL = Stream.of(Statistic.values()).filter(Job::hasCall)
      .flatMap(statistic -> Stream.of(Inputs.values()).filter(inputs -> inputs.areTakenBy(statistic))
          .map(inputs -> new Job(statistic, inputs)))
      .sorted(Comparator.comparing(Job::suffix).thenComparing(Job::writes).thenComparing(Job::isOfPairs)
          .thenComparing(Job::sums))
      .toList();

  /** Of logits, as are all that plans, goals and sentences name. */
  public static final Job CROSS_ENTROPY = ofLogits(Statistic.CROSS_ENTROPY);
  /** Of logits. */
  public static final Job ENTROPY = ofLogits(Statistic.ENTROPY);
  /** Of logits. */
  public static final Job SCORE = ofLogits(Statistic.SCORE);
  /** Of logits. */
  public static final Job KL_DIVERGENCE = ofLogits(Statistic.KL_DIVERGENCE);
  /** Of logits. */
  public static final Job JENSEN_SHANNON = ofLogits(Statistic.JENSEN_SHANNON);
  /** Of logits. */
  public static final Job LOG_SOFTMAX = ofLogits(Statistic.LOG_SOFTMAX);

  /** What a job is of, but for logits alone: the ends of its name and of its title. In the order of tables. */
  private enum Suffix {
    OF_LOGITS("", ""),
    OF_SOFT_TARGETS("OfSoftTargets", ", soft targets"),
    OF_PROBABILITIES("OfProbabilities", " of probabilities");

    private final String ofName;
    private final String ofTitle;

    Suffix(String ofName, String ofTitle) {
      this.ofName = ofName;
      this.ofTitle = ofTitle;
    }
  }

  /** A call of the library. */
  @FunctionalInterface
  public interface Call {
    /**
     * Computes the statistic of a batch.
     *
     * @param batch which one
     * @return the results: a {@code double[]}, {@link Scores}, or a {@link MemorySegment} of f32
     */
    Object of(int batch);
  }

  /** Whether users can ask for it; the others are parts of statistics of joint distributions. */
  private static boolean hasCall(Statistic statistic) {
    return switch (statistic) {
      case LOG_SUM_EXP, ENTROPY, CROSS_ENTROPY, SCORE, LOG_SOFTMAX -> true;
      case KL_DIVERGENCE, JENSEN_SHANNON, RENYI_DIVERGENCE, TOTAL_VARIATION -> true;
      case ROW_SUM, COLUMN_SUMS -> false;
    };
  }

  private Suffix suffix() {
    return switch (inputs) {
      case LOGITS, LOGITS_PAIR -> Suffix.OF_LOGITS;
      case PROBABILITIES_AND_LOGITS -> Suffix.OF_SOFT_TARGETS;
      case PROBABILITIES, PROBABILITIES_PAIR -> Suffix.OF_PROBABILITIES;
    };
  }

  /** Whether as much is written as is read. */
  private boolean writes() {
    return statistic == Statistic.LOG_SOFTMAX;
  }

  /** How many sums are taken in a first read of a row: what is cheap comes first in tables. */
  private int sums() {
    return switch (statistic) {
      case LOG_SUM_EXP, CROSS_ENTROPY -> 1;
      case ENTROPY -> 2;
      default -> 3;
    };
  }

  /** {@return every statistic of all inputs that it takes, in the order of tables} */
  public static List<Job> all() {
    return ALL;
  }

  /**
   * A statistic of logits alone.
   *
   * @param statistic what is computed
   * @return the job
   */
  public static Job ofLogits(Statistic statistic) {
    return of(statistic, Suffix.OF_LOGITS);
  }

  /**
   * A statistic of probabilities alone.
   *
   * @param statistic what is computed
   * @return the job
   */
  public static Job ofProbabilities(Statistic statistic) {
    return of(statistic, Suffix.OF_PROBABILITIES);
  }

  private static Job of(Statistic statistic, Suffix suffix) {
    return ALL.stream().filter(job -> job.statistic == statistic && job.suffix() == suffix).findFirst().orElseThrow();
  }

  /**
   * Looks up a name.
   *
   * @param name of a job
   * @return the job, if there is one
   */
  public static Optional<Job> find(String name) {
    return ALL.stream().filter(job -> job.name().equals(name)).findFirst();
  }

  /**
   * What a name is in tables.
   *
   * @param name of a job
   * @return the job's title; the name itself if there is no such job
   */
  public static String titleOf(String name) {
    return find(name).map(Job::title).orElse(name);
  }

  /**
   * The name in results and on the command line; others who do the same job have a method of that name.
   *
   * @return for example {@code klDivergenceOfProbabilities}
   */
  public String name() {
    StringBuilder name = new StringBuilder();
    for (String word : statistic.name().split("_")) {
      name.append(name.isEmpty() ? word.substring(0, 1).toLowerCase(Locale.ROOT) : word.substring(0, 1))
          .append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return name + suffix().ofName;
  }

  /** {@return the name in tables} */
  public String title() {
    return switch (statistic) {
      case LOG_SUM_EXP -> "log-sum-exp";
      case ENTROPY -> "entropy";
      case CROSS_ENTROPY -> isOfLogits() ? "cross-entropy (NLL)" : "cross-entropy";
      case SCORE -> "score (seven statistics)";
      case LOG_SOFTMAX -> "log-softmax";
      case KL_DIVERGENCE -> isOfLogits() ? "KL divergence" : "KL";
      case JENSEN_SHANNON -> "Jensen-Shannon";
      case RENYI_DIVERGENCE -> "Rényi, order " + ORDER;
      case TOTAL_VARIATION -> "total variation";
      case ROW_SUM, COLUMN_SUMS -> throw noCall();
    } + suffix().ofTitle;
  }

  /** {@return whether it is of logits alone} */
  public boolean isOfLogits() {
    return suffix() == Suffix.OF_LOGITS;
  }

  /** {@return whether it is of two batches} */
  public boolean isOfPairs() {
    return inputs.arePairs();
  }

  /**
   * Makes the call that is measured.
   *
   * @param scorer computes
   * @param x the first input
   * @param y the second input, null if there is none
   * @param targets one for each row of a batch
   * @param out room for one result for each row of a batch
   * @return the call
   */
  public Call call(Scorer scorer, Batches x, Batches y, int[] targets, double[] out) {
    return switch (statistic) {
      case LOG_SUM_EXP -> batch -> scorer.logSumExp(x.logits(batch), out);
      case ENTROPY -> switch (suffix()) {
        case OF_LOGITS -> batch -> scorer.entropy(x.logits(batch), out);
        case OF_PROBABILITIES -> batch -> scorer.entropy(x.probabilities(batch), out);
        case OF_SOFT_TARGETS -> throw noCall();
      };
      case CROSS_ENTROPY -> switch (suffix()) {
        case OF_LOGITS -> batch -> scorer.crossEntropy(x.logits(batch), targets, out);
        case OF_SOFT_TARGETS -> batch -> scorer.crossEntropy(x.probabilities(batch), y.logits(batch), out);
        case OF_PROBABILITIES -> batch -> scorer.crossEntropy(x.probabilities(batch), y.probabilities(batch), out);
      };
      case SCORE -> {
        Scores scores = Scores.allocate(out.length);
        yield batch -> scorer.score(x.logits(batch), targets, scores);
      }
      case LOG_SOFTMAX -> {
        MemorySegment written = x.memoryForFloats();
        yield written.heapBase().orElse(null) instanceof float[] array
            ? batch -> {
              scorer.logSoftmax(x.logits(batch), array);
              return written;
            }
            : batch -> scorer.logSoftmax(x.logits(batch), written);
      }
      case KL_DIVERGENCE -> switch (suffix()) {
        case OF_LOGITS -> batch -> scorer.klDivergence(x.logits(batch), y.logits(batch), out);
        case OF_SOFT_TARGETS -> batch -> scorer.klDivergence(x.probabilities(batch), y.logits(batch), out);
        case OF_PROBABILITIES -> batch -> scorer.klDivergence(x.probabilities(batch), y.probabilities(batch), out);
      };
      case JENSEN_SHANNON -> switch (suffix()) {
        case OF_LOGITS -> batch -> scorer.jensenShannon(x.logits(batch), y.logits(batch), out);
        case OF_PROBABILITIES -> batch -> scorer.jensenShannon(x.probabilities(batch), y.probabilities(batch), out);
        case OF_SOFT_TARGETS -> throw noCall();
      };
      case RENYI_DIVERGENCE -> switch (suffix()) {
        case OF_LOGITS -> batch -> scorer.renyiDivergence(x.logits(batch), y.logits(batch), ORDER, out);
        case OF_PROBABILITIES ->
            batch -> scorer.renyiDivergence(x.probabilities(batch), y.probabilities(batch), ORDER, out);
        case OF_SOFT_TARGETS -> throw noCall();
      };
      case TOTAL_VARIATION -> switch (suffix()) {
        case OF_LOGITS -> batch -> scorer.totalVariation(x.logits(batch), y.logits(batch), out);
        case OF_PROBABILITIES -> batch -> scorer.totalVariation(x.probabilities(batch), y.probabilities(batch), out);
        case OF_SOFT_TARGETS -> throw noCall();
      };
      case ROW_SUM, COLUMN_SUMS -> throw noCall();
    };
  }

  private IllegalStateException noCall() {
    return new IllegalStateException("no call computes " + this);
  }
}
