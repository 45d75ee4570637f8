package dev.surprisal;

import dev.surprisal.batch.Batch;
import dev.surprisal.batch.Call;
import dev.surprisal.batch.Job;
import dev.surprisal.kernel.Destination;
import dev.surprisal.kernel.Engine;
import dev.surprisal.kernel.RowScore;
import dev.surprisal.kernel.Rows;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;

/**
 * Computes a statistic of every row of a batch, in most cases in one read of the row from memory; a second pass, where digits have
 * cancelled or the Jensen-Shannon divergence needs both normalisers, is over what is still in the cache. Results are doubles in nats (natural logarithms), one
 * a row.
 *
 * <p>A scorer may be used by many threads at once. Every method that takes an {@code out} array fills its first
 * {@code rows} elements, returns it, and allocates nothing once the scorer is warm. The time is in proportion to rows times
 * vocabulary, in most cases that of reading the rows from memory.
 *
 * <h2>The contract</h2>
 * <table border="1">
 * <caption>What special input gives</caption>
 * <tr><th>input</th><th>result</th></tr>
 * <tr><td>a logit of negative infinity</td><td>probability exactly 0, contributes 0 everywhere; a target there has
 *   cross-entropy positive infinity</td></tr>
 * <tr><td>p &gt; 0 where q = 0</td><td>KL divergence and cross-entropy positive infinity; 0 log 0 = 0; 0 log(0/0) = 0</td></tr>
 * <tr><td>every logit negative infinity</td><td>no distribution: log-sum-exp negative infinity, everything else NaN</td></tr>
 * <tr><td>a NaN logit, or one of positive infinity</td><td>NaN for that row, no other row touched</td></tr>
 * <tr><td>a negative, NaN or infinite probability</td><td>NaN for that row</td></tr>
 * <tr><td>target {@link #IGNORE}</td><td>0 for that row, whatever its logits, and left out of every mean; a mean over no row is
 *   NaN</td></tr>
 * <tr><td>target outside 0 .. V-1</td><td>{@link IndexOutOfBoundsException} naming row, target and vocabulary, before
 *   anything is written</td></tr>
 * <tr><td>shapes that do not fit, a closed arena, an output that overlaps an input</td><td>an exception naming the values,
 *   before anything is written</td></tr>
 * <tr><td>zero rows</td><td>an empty result</td></tr>
 * <tr><td>the same row, in any batch, with any number of threads, in any storage, with vectors of any width</td><td>the same bits
 *   (but for the scalar backend)</td></tr>
 * </table>
 *
 * <p>Every method throws {@link IllegalArgumentException} where two inputs differ in shape, targets are not exactly as many as rows,
 * or {@code out} is too short or is the array of an input; {@link IllegalStateException} where an arena is closed, and
 * {@link WrongThreadException} where it is confined to another thread.
 *
 * <p>In KL(p||q) the true distribution comes first: it is the cost, in nats, of coding samples of p with a code made for q.
 */
public final class Scorer {
  /** The target of a row that has none: -100, as elsewhere in the field. */
  public static final int IGNORE = -100;

  private static final Job LOG_SUM_EXP =
      (engine, call, row) -> call.out[(int) row] = engine.logSumExp(call.x, row);
  private static final Job ENTROPY =
      (engine, call, row) -> call.out[(int) row] = engine.entropy(call.x, row);
  private static final Job ENTROPY_OF_PROBABILITIES =
      (engine, call, row) -> call.out[(int) row] = engine.entropyOfProbabilities(call.x, call.normalizedX, row);
  private static final Job CROSS_ENTROPY =
      (engine, call, row) -> call.out[(int) row] = surprisal(engine, call, row);
  private static final Job CROSS_ENTROPY_OF_LOGITS =
      (engine, call, row) -> call.out[(int) row] = engine.crossEntropyOfProbabilities(call.x, call.normalizedX, call.y, row);
  private static final Job CROSS_ENTROPY_OF_PROBABILITIES =
      (engine, call, row) -> call.out[(int) row] = engine.crossEntropyOfProbabilities(call.x, call.normalizedX, call.y, call.normalizedY, row);
  private static final Job KL_DIVERGENCE =
      (engine, call, row) -> call.out[(int) row] = engine.klDivergence(call.x, call.y, row);
  private static final Job KL_DIVERGENCE_OF_LOGITS =
      (engine, call, row) -> call.out[(int) row] = engine.klDivergenceOfProbabilities(call.x, call.normalizedX, call.y, row);
  private static final Job KL_DIVERGENCE_OF_PROBABILITIES =
      (engine, call, row) -> call.out[(int) row] = engine.klDivergenceOfProbabilities(call.x, call.normalizedX, call.y, call.normalizedY, row);
  private static final Job JENSEN_SHANNON =
      (engine, call, row) -> call.out[(int) row] = engine.jensenShannon(call.x, call.y, row);
  private static final Job JENSEN_SHANNON_OF_PROBABILITIES =
      (engine, call, row) -> call.out[(int) row] = engine.jensenShannonOfProbabilities(call.x, call.normalizedX, call.y, call.normalizedY, row);
  private static final Job SCORE = (engine, call, row) -> {
    int target = target(call, row);
    call.sink.put((int) row, engine.score(call.x, row, target == IGNORE ? RowScore.NO_TARGET : target));
  };
  private static final Job LOG_SOFTMAX = (engine, call, row) -> engine.logSoftmax(call.x, row, call.destination);
  private static final Job COLUMN_SUMS = (engine, call, row) -> engine.addTo(call.out, call.x, row);
  private static final Job ROW_SUM = (engine, call, row) -> call.out[(int) row] = engine.sum(call.x, row);

  private final Batch batch;

  private Scorer(ForkJoinPool pool) {
    batch = new Batch(Backend.current().engines(), pool);
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
   * A scorer that computes on the calling thread with helpers from a pool, as many threads in all as the pool's parallelism.
   *
   * @param pool where helpers come from; its owner shuts it down
   * @return a new scorer
   */
  public static Scorer on(ForkJoinPool pool) {
    return new Scorer(Objects.requireNonNull(pool, "pool"));
  }

  /**
   * Has the kernels compiled before the first rows come, by computing every statistic of made-up rows, in an array and
   * off-heap. A fresh JVM interprets the Vector API, and until its compiler is done a row takes a thousand times as long.
   * Kernels are compiled once in a process, whatever the scorer. Results are the same without; the scalar backend needs none.
   *
   * <p>Takes five to eight seconds for the first dtype, and two for each other.
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
        WarmUp.run(this, dtype);
      }
    }
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
    Call call = begin(logits.storage(), out);
    batch.run(LOG_SUM_EXP, call, logits.rows());
    return out;
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
    Call call = begin(logits.storage(), out);
    batch.run(ENTROPY, call, logits.rows());
    return out;
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
    Call call = begin(probabilities.storage(), out);
    call.normalizedX = probabilities.isNormalized();
    batch.run(ENTROPY_OF_PROBABILITIES, call, probabilities.rows());
    return out;
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
    checkTargets(logits.storage(), targets);
    Call call = begin(logits.storage(), out);
    call.targets = targets;
    batch.run(CROSS_ENTROPY, call, logits.rows());
    return out;
  }

  /**
   * Cross-entropy of each row of probabilities under a model given by its logits. Its gradient in the logits is {@code softmax(q) - p}.
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
    Call call = begin(p.storage(), q.storage(), out);
    call.normalizedX = p.isNormalized();
    batch.run(CROSS_ENTROPY_OF_LOGITS, call, p.rows());
    return out;
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
    Call call = begin(p.storage(), q.storage(), out);
    call.normalizedX = p.isNormalized();
    call.normalizedY = q.isNormalized();
    batch.run(CROSS_ENTROPY_OF_PROBABILITIES, call, p.rows());
    return out;
  }

  /**
   * Kullback-Leibler divergence of two rows of logits, the true distribution first. Never negative; exactly 0 for equal rows.
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
    Call call = begin(p.storage(), q.storage(), out);
    batch.run(KL_DIVERGENCE, call, p.rows());
    return out;
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
    Call call = begin(p.storage(), q.storage(), out);
    call.normalizedX = p.isNormalized();
    batch.run(KL_DIVERGENCE_OF_LOGITS, call, p.rows());
    return out;
  }

  /**
   * Kullback-Leibler divergence of two rows of probabilities, the true distribution first. Never negative if both have the same sum.
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
    Call call = begin(p.storage(), q.storage(), out);
    call.normalizedX = p.isNormalized();
    call.normalizedY = q.isNormalized();
    batch.run(KL_DIVERGENCE_OF_PROBABILITIES, call, p.rows());
    return out;
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
    Call call = begin(p.storage(), q.storage(), out);
    batch.run(JENSEN_SHANNON, call, p.rows());
    return out;
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
    Call call = begin(p.storage(), q.storage(), out);
    call.normalizedX = p.isNormalized();
    call.normalizedY = q.isNormalized();
    batch.run(JENSEN_SHANNON_OF_PROBABILITIES, call, p.rows());
    return out;
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
    checkTargets(logits.storage(), targets);
    return scoreRows(logits, targets, scores);
  }

  /**
   * Everything about each row that does not need a target, from one read of it. Log-probability and rank of the target are those
   * of {@link #IGNORE}.
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
    Call call = batch.call();
    call.x = x;
    call.sink = scores.begin(checkRows(x.rows()), targets);
    call.targets = scores.targets();
    batch.run(SCORE, call, x.rows());
    return scores;
  }

  /**
   * Log-softmax of each row, {@code x[i] - log sum e^x[j]}, rounded to float.
   *
   * @param logits rows of logits
   * @param out the results, one row of {@code vocabulary} floats behind the other; may be the array the logits are in, if
   *     they begin at its start and have no gaps
   * @return {@code out}
   * @throws IllegalArgumentException if {@code out} is too short, or overlaps the logits in another way
   */
  public float[] logSoftmax(Logits logits, float[] out) {
    Rows x = logits.storage();
    x.checkAccess("logits");
    Destination.check(out, x);
    Call call = batch.call();
    call.x = x;
    call.destination.set(out, x);
    batch.run(LOG_SOFTMAX, call, x.rows());
    return out;
  }

  /**
   * Log-softmax of each row, {@code x[i] - log sum e^x[j]}, as f32 in native byte order.
   *
   * @param logits rows of logits
   * @param out the results, one row of {@code vocabulary} floats behind the other; may be the memory the logits are in, if
   *     they are f32, begin at its start and have no gaps
   * @return {@code out}
   * @throws IllegalArgumentException if {@code out} is too short, read-only, or overlaps the logits in another way
   */
  public MemorySegment logSoftmax(Logits logits, MemorySegment out) {
    Rows x = logits.storage();
    x.checkAccess("logits");
    Destination.check(out, x);
    Call call = batch.call();
    call.x = x;
    call.destination.set(out, x);
    batch.run(LOG_SOFTMAX, call, x.rows());
    return out;
  }

  /**
   * Conditional entropy of a joint distribution, {@code H(Y|X) = -sum p(x,y) log(p(x,y) / p(x))}: what is left to be said of
   * Y when X is known.
   *
   * @param joint the joint distribution, rows are X, columns Y
   * @return the conditional entropy in nats; NaN for a joint distribution of no rows
   */
  public double conditionalEntropy(Probabilities joint) {
    Rows p = joint.storage();
    double[] weights = rowSums(p);
    double[] entropies = entropy(joint.normalized());
    return weightedMean(weights, entropies, joint.isNormalized());
  }

  /**
   * Mutual information of a joint distribution, {@code I(X;Y) = sum p(x,y) log(p(x,y) / (p(x) p(y))) = H(Y) - H(Y|X)}: what
   * X tells of Y. Never negative if the values sum to 1.
   *
   * @param joint the joint distribution, rows are X, columns Y
   * @return the mutual information in nats; NaN for a joint distribution of no rows
   */
  public double mutualInformation(Probabilities joint) {
    Rows p = joint.storage();
    double[] weights = rowSums(p);
    Call sums = begin(p, new double[p.vocabulary()], p.vocabulary());
    double[] columns = sums.out;
    batch.runAlone(COLUMN_SUMS, sums, p.rows());
    // Rounding the marginal q to floats adds KL(q || rounded q) to the result: of second order, about 1e-15.
    float[] marginal = new float[columns.length];
    for (int i = 0; i < marginal.length; i++) {
      marginal[i] = (float) columns[i];
    }
    double[] divergences = newOut(p.rows());
    Call call = begin(p, Rows.repeated(marginal, p.rows()), divergences);
    call.normalizedX = true;
    call.normalizedY = true;
    batch.run(KL_DIVERGENCE_OF_PROBABILITIES, call, p.rows());
    double total = weightedMean(weights, divergences, joint.isNormalized());
    double sum = joint.isNormalized() ? 1 : Arrays.stream(weights).sum();
    return total - (sum == 0 ? 0 : sum * Math.log(sum));
  }

  private double[] rowSums(Rows p) {
    double[] sums = newOut(p.rows());
    batch.run(ROW_SUM, begin(p, sums), p.rows());
    return sums;
  }

  /** {@code sum weight * value}, by the sum of the weights if they are to be normalised; rows of no weight count nothing. */
  private static double weightedMean(double[] weights, double[] values, boolean normalized) {
    double total = weights.length == 0 ? Double.NaN : 0;
    double sum = 0;
    for (int row = 0; row < weights.length; row++) {
      sum += weights[row];
      total += weights[row] == 0 ? 0 : weights[row] * values[row];
    }
    return normalized ? total / sum : total;
  }

  private static double surprisal(Engine engine, Call call, long row) {
    int target = target(call, row);
    return target == IGNORE ? 0 : engine.crossEntropy(call.x, row, target);
  }

  /** Checked once more where it is used: another thread may have changed the array since the call began. */
  private static int target(Call call, long row) {
    int target = call.targets[(int) row];
    return target == IGNORE ? target : checkTarget(row, target, call.x.vocabulary());
  }

  private static int checkTarget(long row, int target, int vocabulary) {
    if (target < 0 || target >= vocabulary) {
      throw new IndexOutOfBoundsException(
          "row " + row + " has target " + target + ", outside the vocabulary of " + vocabulary);
    }
    return target;
  }

  private static void checkTargets(Rows x, int[] targets) {
    if (targets.length != x.rows()) {
      throw new IllegalArgumentException(targets.length + " targets for " + x.rows() + " rows");
    }
    for (int row = 0; row < targets.length; row++) {
      if (targets[row] != IGNORE) {
        checkTarget(row, targets[row], x.vocabulary());
      }
    }
  }

  private static int checkRows(long rows) {
    if (rows > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(rows + " rows are more than an array can hold: score them in parts, rows(from, to)");
    }
    return (int) rows;
  }

  private static double[] newOut(long rows) {
    return new double[checkRows(rows)];
  }

  private Call begin(Rows x, double[] out) {
    return begin(x, out, x.rows());
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
    call.x = x;
    call.out = out;
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
    Call call = begin(x, out);
    call.y = y;
    return call;
  }
}
