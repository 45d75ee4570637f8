package dev.surprisal;

import dev.surprisal.batch.Batch;
import dev.surprisal.batch.Call;
import dev.surprisal.kernel.Arguments;
import dev.surprisal.kernel.Statistic;
import dev.surprisal.kernel.storage.Destination;
import dev.surprisal.kernel.storage.Operand;
import dev.surprisal.kernel.storage.Rows;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;

/// Computes a statistic of every row of a batch, in most cases in one read of the row from memory. A second pass, where
/// digits have cancelled or a divergence needs both normalisers first, is over what is still in the cache. Results are
/// doubles in nats (natural logarithms), one a row.
///
/// A scorer may be used by many threads at once. Every method that takes an `out` array fills its first elements, one a
/// row, returns it, and allocates nothing once the scorer is warm. The time is in proportion to rows times
/// vocabulary, in most cases that of reading the rows from memory. What is kept between calls is at most
/// one worker of 0.1 MB a processor.
///
/// ```java
/// Scorer scorer = Scorer.parallel();
/// double[] entropy = scorer.entropy(Logits.of(floats, rows, vocabulary));
/// ```
///
/// ## The contract
///
/// | input | result |
/// |---|---|
/// | a logit of -inf | its probability is exactly 0, and it contributes 0 everywhere |
/// | a target whose logit is -inf | cross-entropy +inf |
/// | every logit of a row -inf | no distribution: log-sum-exp and maximum -inf, argmax and rank -1, all else NaN |
/// | a logit of NaN or +inf | no distribution: argmax and rank -1, all else NaN; no other row is touched |
/// | target `Scorer.IGNORE` (-100) | surprisal 0 whatever the logits, rank -1; the row is left out of every mean |
/// | a mean over no row | NaN |
/// | p = 0 | contributes 0, also where q = 0: 0 log 0 = 0, 0 log (0 / 0) = 0 |
/// | p > 0 where q = 0 | KL and cross-entropy +inf |
/// | p > 0 where q = 0, Rényi divergence of order alpha | +inf for alpha >= 1, contributes 0 for alpha < 1 |
/// | no entry where both p > 0 and q > 0 | Rényi divergence +inf for every alpha |
/// | a negative, NaN or infinite probability | NaN for its row and no other; NaN for a whole joint distribution |
/// | probabilities that do not sum to 1 | used as given; `normalized()` divides by their sum |
/// | probabilities that are all 0 | as given: entropy 0; `normalized()`: NaN |
/// | zero rows | an empty result; NaN for a joint distribution |
/// | a target outside 0 .. V-1 | `IndexOutOfBoundsException` that names row, target and vocabulary |
/// | V < 1, or V > 2^30 | `IllegalArgumentException` |
/// | shapes that differ, storage or output too short | `IllegalArgumentException` that names the sizes |
/// | targets that are not as many as the rows | `IllegalArgumentException` that names both |
/// | an alpha that is not positive and finite | `IllegalArgumentException` that names it |
/// | an output that overlaps an input | `IllegalArgumentException`; only log-softmax may be written in place |
/// | memory whose arena is closed | `IllegalStateException` |
/// | memory whose arena belongs to another thread | `WrongThreadException` |
/// | more than 2^31 values off-heap, gaps between rows, memory of any alignment | work |
/// | the same row in any batch, storage, thread count and vector width | the same bits, also without vectors |
/// | what two methods give, as `entropy` and `score` do | each reproducible and within its error; not the same bits |
///
/// An exception comes before anything is written, unless another thread breaks a call off in the middle.
///
/// In KL(p||q) the true distribution p comes first: it is the extra cost, in nats, of coding samples of p with a code
/// made for q instead of one made for p. The whole cost is the cross-entropy.
///
/// Accuracy is part of the contract: `docs/contract.md` states it, and has this table too.
public final class Scorer {
  /** The target of a row that has none: -100, as elsewhere in the field. */
  public static final int IGNORE = Arguments.IGNORE;

  private final Batch batch;

  private Scorer(ForkJoinPool pool) {
    Backend.current(); // chosen before the first loop is made
    batch = new Batch(pool);
  }

  /**
   * A scorer that computes on the calling thread only.
   *
   * @return a new scorer
   */
  public static Scorer sequential() {
    return new Scorer(null);
  }

  /**
   * A scorer that computes on the calling thread and those of the common pool: one thread a processor.
   *
   * @return a new scorer
   */
  public static Scorer parallel() {
    return new Scorer(ForkJoinPool.commonPool());
  }

  /**
   * A scorer that computes on the calling thread with helpers from a pool, as many threads in all
   * as the pool's parallelism.
   *
   * @param pool where helpers come from; its owner shuts it down
   * @return a new scorer
   */
  public static Scorer on(ForkJoinPool pool) {
    return new Scorer(Objects.requireNonNull(pool, "pool"));
  }

  /**
   * Calls every statistic with made-up rows, in an array and off-heap, and waits until all of them run at full speed.
   * Nobody has to: without it the first rows are computed in plain Java, and vectors take over when a daemon thread has
   * had them compiled; results are the same. It is for measurements, and for a service that is to begin at full speed.
   * Loops are compiled once in a process, whatever the scorer; plain Java needs none of this.
   *
   * <p>An interrupted thread waits no longer, and is still interrupted afterwards.
   *
   * @param dtypes what the rows to come hold
   * @throws IllegalArgumentException if there is no dtype
   */
  public void warmUp(DType... dtypes) {
    if (dtypes.length == 0) {
      throw new IllegalArgumentException("no dtypes: expected at least one of " + Arrays.toString(DType.values()));
    }
    for (DType dtype : EnumSet.copyOf(Arrays.asList(dtypes))) {
      if (Backend.current().vectorBits() > 0) {
        WarmUp.run(batch, dtype.element());
      }
    }
  }

  /**
   * As {@link #warmUp(DType...)}, of some statistics only: makes calls of the caller's own, and waits until all that
   * they need runs at full speed. {@code scorer.warmUp(() -> scorer.entropy(logits))} with one row of the dtype and the
   * storage of those to come takes a second or two.
   *
   * @param calls makes calls, of any scorer; run once
   */
  public void warmUp(Runnable calls) {
    calls.run();
    WarmUp.await();
  }

  /**
   * Log-sum-exp of each row, the normaliser of its softmax.
   *
   * @param logits rows of logits
   * @return {@code log sum e^x[i]}, in nats, one value a row
   */
  public double[] logSumExp(Logits logits) {
    return logSumExp(logits, newOut(logits.rows()));
  }

  /**
   * As {@link #logSumExp(Logits)}, into an array of the caller's.
   *
   * @param logits rows of logits
   * @param out where the results go, at least as long as there are rows
   * @return {@code out}
   */
  public double[] logSumExp(Logits logits, double[] out) {
    return compute(Statistic.LOG_SUM_EXP, logits.storage(), out);
  }

  /**
   * Entropy of each row: 0 for a certain outcome, {@code log V} for a uniform distribution.
   *
   * @param logits rows of logits
   * @return {@code H(p) = -sum p log p} with {@code p = softmax(logits)}, in nats, one value a row
   */
  public double[] entropy(Logits logits) {
    return entropy(logits, newOut(logits.rows()));
  }

  /**
   * As {@link #entropy(Logits)}, into an array of the caller's.
   *
   * @param logits rows of logits
   * @param out where the results go, at least as long as there are rows
   * @return {@code out}
   */
  public double[] entropy(Logits logits, double[] out) {
    return compute(Statistic.ENTROPY, logits.storage(), out);
  }

  /**
   * Entropy of each row of probabilities.
   *
   * @param probabilities rows of probabilities
   * @return {@code H(p) = -sum p log p}, in nats, one value a row
   */
  public double[] entropy(Probabilities probabilities) {
    return entropy(probabilities, newOut(probabilities.rows()));
  }

  /**
   * As {@link #entropy(Probabilities)}, into an array of the caller's.
   *
   * @param probabilities rows of probabilities
   * @param out where the results go, at least as long as there are rows
   * @return {@code out}
   */
  public double[] entropy(Probabilities probabilities, double[] out) {
    return compute(Statistic.ENTROPY, probabilities.storage(), out);
  }

  /**
   * Cross-entropy of each row with its target: the surprisal, or negative log-likelihood, of the target.
   *
   * @param logits rows of logits
   * @param targets one index into the vocabulary a row, or {@link #IGNORE}
   * @return {@code -log softmax(logits)[target]}, in nats, one value a row
   * @throws IndexOutOfBoundsException if a target is neither in the vocabulary nor {@link #IGNORE}
   */
  public double[] crossEntropy(Logits logits, int[] targets) {
    return crossEntropy(logits, targets, newOut(logits.rows()));
  }

  /**
   * As {@link #crossEntropy(Logits, int[])}, into an array of the caller's.
   *
   * @param logits rows of logits
   * @param targets one index into the vocabulary a row, or {@link #IGNORE}
   * @param out where the results go, at least as long as there are rows
   * @return {@code out}
   */
  public double[] crossEntropy(Logits logits, int[] targets, double[] out) {
    Rows x = logits.storage();
    Arguments.checkTargets(x, targets);
    Call call = begin(x, out, x.rows());
    call.arguments.targets = targets;
    batch.run(Statistic.CROSS_ENTROPY, call, x.rows());
    return out;
  }

  /**
   * Cross-entropy of each row of probabilities under a model given by its logits. Its gradient in the
   * logits is {@code softmax(q) - p}.
   *
   * @param p the true distributions
   * @param q logits of the model
   * @return {@code H(p, q) = -sum p log softmax(q)}, in nats, one value a row
   */
  public double[] crossEntropy(Probabilities p, Logits q) {
    return crossEntropy(p, q, newOut(p.rows()));
  }

  /**
   * As {@link #crossEntropy(Probabilities, Logits)}, into an array of the caller's.
   *
   * @param p the true distributions
   * @param q logits of the model
   * @param out where the results go, at least as long as there are rows
   * @return {@code out}
   */
  public double[] crossEntropy(Probabilities p, Logits q, double[] out) {
    return compute(Statistic.CROSS_ENTROPY, p.storage(), q.storage(), out);
  }

  /**
   * Cross-entropy of each row of probabilities under a model given by probabilities.
   *
   * @param p the true distributions
   * @param q the model
   * @return {@code H(p, q) = -sum p log q}, in nats, one value a row
   */
  public double[] crossEntropy(Probabilities p, Probabilities q) {
    return crossEntropy(p, q, newOut(p.rows()));
  }

  /**
   * As {@link #crossEntropy(Probabilities, Probabilities)}, into an array of the caller's.
   *
   * @param p the true distributions
   * @param q the model
   * @param out where the results go, at least as long as there are rows
   * @return {@code out}
   */
  public double[] crossEntropy(Probabilities p, Probabilities q, double[] out) {
    return compute(Statistic.CROSS_ENTROPY, p.storage(), q.storage(), out);
  }

  /**
   * Kullback-Leibler divergence of two rows of logits, the true distribution first. Never
   * negative; exactly 0 for equal rows.
   *
   * @param p logits of the true distributions
   * @param q logits of the model, of any dtype and storage
   * @return {@code KL(p||q) = sum p log(p/q)} with {@code p = softmax(p), q = softmax(q)}, in nats, one value a row
   */
  public double[] klDivergence(Logits p, Logits q) {
    return klDivergence(p, q, newOut(p.rows()));
  }

  /**
   * As {@link #klDivergence(Logits, Logits)}, into an array of the caller's.
   *
   * @param p logits of the true distributions
   * @param q logits of the model, of any dtype and storage
   * @param out where the results go, at least as long as there are rows
   * @return {@code out}
   */
  public double[] klDivergence(Logits p, Logits q, double[] out) {
    return compute(Statistic.KL_DIVERGENCE, p.storage(), q.storage(), out);
  }

  /**
   * Kullback-Leibler divergence of probabilities from a model given by its logits.
   *
   * @param p the true distributions
   * @param q logits of the model
   * @return {@code KL(p||q) = sum p log(p / softmax(q))}, in nats, one value a row
   */
  public double[] klDivergence(Probabilities p, Logits q) {
    return klDivergence(p, q, newOut(p.rows()));
  }

  /**
   * As {@link #klDivergence(Probabilities, Logits)}, into an array of the caller's.
   *
   * @param p the true distributions
   * @param q logits of the model
   * @param out where the results go, at least as long as there are rows
   * @return {@code out}
   */
  public double[] klDivergence(Probabilities p, Logits q, double[] out) {
    return compute(Statistic.KL_DIVERGENCE, p.storage(), q.storage(), out);
  }

  /**
   * Kullback-Leibler divergence of two rows of probabilities, the true distribution first. Never
   * negative if both have the same sum.
   *
   * @param p the true distributions
   * @param q the model
   * @return {@code KL(p||q) = sum p log(p/q)}, in nats, one value a row
   */
  public double[] klDivergence(Probabilities p, Probabilities q) {
    return klDivergence(p, q, newOut(p.rows()));
  }

  /**
   * As {@link #klDivergence(Probabilities, Probabilities)}, into an array of the caller's.
   *
   * @param p the true distributions
   * @param q the model
   * @param out where the results go, at least as long as there are rows
   * @return {@code out}
   */
  public double[] klDivergence(Probabilities p, Probabilities q, double[] out) {
    return compute(Statistic.KL_DIVERGENCE, p.storage(), q.storage(), out);
  }

  /**
   * Jensen-Shannon divergence of two rows of logits: symmetric, between 0 and {@code log 2}.
   *
   * @param p logits of one distribution
   * @param q logits of the other, of any dtype and storage
   * @return {@code (KL(p||m) + KL(q||m)) / 2} with {@code m = (p + q) / 2}, in nats, one value a row
   */
  public double[] jensenShannon(Logits p, Logits q) {
    return jensenShannon(p, q, newOut(p.rows()));
  }

  /**
   * As {@link #jensenShannon(Logits, Logits)}, into an array of the caller's.
   *
   * @param p logits of one distribution
   * @param q logits of the other, of any dtype and storage
   * @param out where the results go, at least as long as there are rows
   * @return {@code out}
   */
  public double[] jensenShannon(Logits p, Logits q, double[] out) {
    return compute(Statistic.JENSEN_SHANNON, p.storage(), q.storage(), out);
  }

  /**
   * Jensen-Shannon divergence of two rows of probabilities.
   *
   * @param p one distribution
   * @param q the other
   * @return {@code (KL(p||m) + KL(q||m)) / 2} with {@code m = (p + q) / 2}, in nats, one value a row
   */
  public double[] jensenShannon(Probabilities p, Probabilities q) {
    return jensenShannon(p, q, newOut(p.rows()));
  }

  /**
   * As {@link #jensenShannon(Probabilities, Probabilities)}, into an array of the caller's.
   *
   * @param p one distribution
   * @param q the other
   * @param out where the results go, at least as long as there are rows
   * @return {@code out}
   */
  public double[] jensenShannon(Probabilities p, Probabilities q, double[] out) {
    return compute(Statistic.JENSEN_SHANNON, p.storage(), q.storage(), out);
  }

  /**
   * Rényi divergence of two rows of logits. Grows with its order alpha; 1/2 makes it symmetric, 1 the Kullback-Leibler
   * divergence. Never negative; exactly 0 for equal rows.
   *
   * @param p logits of one distribution
   * @param q logits of the other, of any dtype and storage
   * @param alpha the order, positive and finite
   * @return {@code log(sum p^alpha q^(1-alpha)) / (alpha - 1)} with {@code p = softmax(p), q = softmax(q)}, in
   *     nats, one value a row; positive infinity where p and q have nothing in common, and for an alpha of 1 or
   *     more where p has mass and q has none
   * @throws IllegalArgumentException if alpha is not positive and finite
   */
  public double[] renyiDivergence(Logits p, Logits q, double alpha) {
    return renyiDivergence(p, q, alpha, newOut(p.rows()));
  }

  /**
   * As {@link #renyiDivergence(Logits, Logits, double)}, into an array of the caller's.
   *
   * @param p logits of one distribution
   * @param q logits of the other, of any dtype and storage
   * @param alpha the order, positive and finite
   * @param out where the results go, at least as long as there are rows
   * @return {@code out}
   */
  public double[] renyiDivergence(Logits p, Logits q, double alpha, double[] out) {
    return renyiDivergence(p.storage(), q.storage(), alpha, out);
  }

  /**
   * Total variation distance of two rows of logits: the largest difference that they have in the
   * probability of any event.
   *
   * @param p logits of one distribution
   * @param q logits of the other, of any dtype and storage
   * @return {@code sum |p - q| / 2} with {@code p = softmax(p), q = softmax(q)}, between 0 and 1, one value a row
   */
  public double[] totalVariation(Logits p, Logits q) {
    return totalVariation(p, q, newOut(p.rows()));
  }

  /**
   * As {@link #totalVariation(Logits, Logits)}, into an array of the caller's.
   *
   * @param p logits of one distribution
   * @param q logits of the other, of any dtype and storage
   * @param out where the results go, at least as long as there are rows
   * @return {@code out}
   */
  public double[] totalVariation(Logits p, Logits q, double[] out) {
    return compute(Statistic.TOTAL_VARIATION, p.storage(), q.storage(), out);
  }

  /**
   * Rényi divergence of two rows of probabilities. Grows with its order alpha; 1/2 makes it symmetric, 1
   * the Kullback-Leibler divergence.
   *
   * @param p one distribution
   * @param q the other
   * @param alpha the order, positive and finite
   * @return {@code log(sum p^alpha q^(1-alpha)) / (alpha - 1)}, in nats, one value a row; positive infinity where p
   *     and q have nothing in common, and for an alpha of 1 or more where p has mass and q has none
   * @throws IllegalArgumentException if alpha is not positive and finite
   */
  public double[] renyiDivergence(Probabilities p, Probabilities q, double alpha) {
    return renyiDivergence(p, q, alpha, newOut(p.rows()));
  }

  /**
   * As {@link #renyiDivergence(Probabilities, Probabilities, double)}, into an array of the caller's.
   *
   * @param p one distribution
   * @param q the other
   * @param alpha the order, positive and finite
   * @param out where the results go, at least as long as there are rows
   * @return {@code out}
   */
  public double[] renyiDivergence(Probabilities p, Probabilities q, double alpha, double[] out) {
    return renyiDivergence(p.storage(), q.storage(), alpha, out);
  }

  /**
   * Total variation distance of two rows of probabilities: the largest difference that they have
   * in the probability of any event.
   *
   * @param p one distribution
   * @param q the other
   * @return {@code sum |p - q| / 2}, between 0 and 1 if both sum to 1, one value a row
   */
  public double[] totalVariation(Probabilities p, Probabilities q) {
    return totalVariation(p, q, newOut(p.rows()));
  }

  /**
   * As {@link #totalVariation(Probabilities, Probabilities)}, into an array of the caller's.
   *
   * @param p one distribution
   * @param q the other
   * @param out where the results go, at least as long as there are rows
   * @return {@code out}
   */
  public double[] totalVariation(Probabilities p, Probabilities q, double[] out) {
    return compute(Statistic.TOTAL_VARIATION, p.storage(), q.storage(), out);
  }

  /**
   * Everything about each row from one read of it.
   *
   * @param logits rows of logits
   * @param targets one index into the vocabulary a row, or {@link #IGNORE}
   * @return new scores
   * @throws IndexOutOfBoundsException if a target is neither in the vocabulary nor {@link #IGNORE}
   */
  public Scores score(Logits logits, int[] targets) {
    return score(logits, targets, Scores.allocate(checkRows(logits.rows())));
  }

  /**
   * As {@link #score(Logits, int[])}, into scores of the caller's.
   *
   * @param logits rows of logits
   * @param targets one index into the vocabulary a row, or {@link #IGNORE}
   * @param scores where the results go, allocated for at least as many rows
   * @return {@code scores}
   */
  public Scores score(Logits logits, int[] targets, Scores scores) {
    Arguments.checkTargets(logits.storage(), targets);
    return scoreRows(logits, targets, scores);
  }

  /**
   * Everything about each row that does not need a target, from one read of it. Log-probability and rank of the
   * target are those of {@link #IGNORE}.
   *
   * @param logits rows of logits
   * @return new scores
   */
  public Scores score(Logits logits) {
    return score(logits, Scores.allocate(checkRows(logits.rows())));
  }

  /**
   * As {@link #score(Logits)}, into scores of the caller's.
   *
   * @param logits rows of logits
   * @param scores where the results go, allocated for at least as many rows
   * @return {@code scores}
   */
  public Scores score(Logits logits, Scores scores) {
    return scoreRows(logits, null, scores);
  }

  private Scores scoreRows(Logits logits, int[] targets, Scores scores) {
    Rows x = logits.storage();
    x.checkAccess("logits");
    int rows = checkRows(x.rows());
    scores.checkRoom(rows);
    Call call = batch.call();
    call.arguments.x = x;
    call.arguments.scores = scores.columns();
    call.arguments.targets = scores.targets();
    batch.accept(call, rows);
    scores.begin(rows, targets);
    batch.runAccepted(Statistic.SCORE, call);
    scores.complete(rows);
    return scores;
  }

  /**
   * Log-softmax of each row, {@code x[i] - log sum e^x[j]}, rounded to float.
   *
   * @param logits rows of logits
   * @param out the results, one row of {@code vocabulary} floats behind the other; may be the array the logits are in,
   *     if they begin at its start and have no gaps
   * @return {@code out}
   * @throws IllegalArgumentException if {@code out} is too short, or overlaps the logits in another way
   */
  public float[] logSoftmax(Logits logits, float[] out) {
    Rows x = logits.storage();
    x.checkAccess("logits");
    Destination.check(out, x);
    Call call = batch.call();
    call.arguments.x = x;
    call.arguments.destination.set(out, x);
    batch.run(Statistic.LOG_SOFTMAX, call, x.rows());
    return out;
  }

  /**
   * Log-softmax of each row, {@code x[i] - log sum e^x[j]}, as f32 in native byte order.
   *
   * @param logits rows of logits
   * @param out the results, one row of {@code vocabulary} floats behind the other; may be the memory the logits are in,
   *     if they are f32, begin at its start and have no gaps
   * @return {@code out}
   * @throws IllegalArgumentException if {@code out} is too short, read-only, or overlaps the logits in another way
   */
  public MemorySegment logSoftmax(Logits logits, MemorySegment out) {
    Rows x = logits.storage();
    x.checkAccess("logits");
    Destination.check(out, x);
    Call call = batch.call();
    call.arguments.x = x;
    call.arguments.destination.set(out, x);
    batch.run(Statistic.LOG_SOFTMAX, call, x.rows());
    return out;
  }

  /**
   * Conditional entropy of a joint distribution, {@code H(Y|X) = -sum p(x,y) log(p(x,y) / p(x))}: what is left
   * to be said of Y when X is known.
   *
   * @param joint the joint distribution, rows are X, columns Y
   * @return the conditional entropy in nats; NaN for a joint distribution of no rows
   */
  public double conditionalEntropy(Probabilities joint) {
    double[] weights = compute(Statistic.ROW_SUM, joint.storage(), newOut(joint.rows()));
    return Joint.mean(weights, entropy(joint.normalized()), joint.isNormalized());
  }

  /**
   * Mutual information of a joint distribution, {@code I(X;Y) = sum p(x,y) log(p(x,y) / (p(x) p(y))) = H(Y) - H(Y|X)}:
   * what X tells of Y. Never negative if the values sum to 1.
   *
   * @param joint the joint distribution, rows are X, columns Y
   * @return the mutual information in nats; NaN for a joint distribution of no rows
   */
  public double mutualInformation(Probabilities joint) {
    Rows p = joint.storage();
    double[] weights = compute(Statistic.ROW_SUM, p, newOut(p.rows()));
    double[] columns = new double[p.vocabulary()];
    batch.runAlone(Statistic.COLUMN_SUMS, begin(p, columns, columns.length), p.rows());
    Rows marginal = Rows.repeated(Joint.rounded(columns), p.rows()).as(Operand.WEIGHTS);
    double[] divergences = compute(Statistic.KL_DIVERGENCE, p.as(Operand.WEIGHTS), marginal, newOut(p.rows()));
    return Joint.mutualInformation(weights, divergences, joint.isNormalized());
  }

  private static int checkRows(long rows) {
    if (rows > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          rows + " rows are more than an array can hold: score them in parts, rows(from, to)");
    }
    return (int) rows;
  }

  private static double[] newOut(long rows) {
    return new double[checkRows(rows)];
  }

  private double[] renyiDivergence(Rows x, Rows y, double alpha, double[] out) {
    if (!(alpha > 0 && alpha < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("the order of a Rényi divergence must be positive and finite: " + alpha);
    }
    Call call = begin(x, y, out);
    call.arguments.order = alpha;
    batch.run(Statistic.RENYI_DIVERGENCE, call, x.rows());
    return out;
  }

  private double[] compute(Statistic statistic, Rows x, double[] out) {
    batch.run(statistic, begin(x, out, x.rows()), x.rows());
    return out;
  }

  private double[] compute(Statistic statistic, Rows x, Rows y, double[] out) {
    batch.run(statistic, begin(x, y, out), x.rows());
    return out;
  }

  private Call begin(Rows x, double[] out, long results) {
    if (out.length < results) {
      throw new IllegalArgumentException("out holds " + out.length + " results, there are " + results + " rows");
    }
    x.checkAccess("the input");
    if (x.isIn(out)) {
      throw new IllegalArgumentException("out is the array that the input lies in");
    }
    Call call = batch.call();
    call.arguments.x = x;
    call.arguments.out = out;
    return call;
  }

  private Call begin(Rows x, Rows y, double[] out) {
    if (x.rows() != y.rows() || x.vocabulary() != y.vocabulary()) {
      throw new IllegalArgumentException("shapes differ: " + x.rows() + " x " + x.vocabulary() + " and "
          + y.rows() + " x " + y.vocabulary());
    }
    y.checkAccess("the second input");
    if (y.isIn(out)) {
      throw new IllegalArgumentException("out is the array that the second input lies in");
    }
    Call call = begin(x, out, x.rows());
    call.arguments.y = y;
    return call;
  }
}
