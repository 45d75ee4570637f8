package dev.surprisal;

import dev.surprisal.kernel.Arguments;
import dev.surprisal.kernel.ScoreColumns;
import java.util.Arrays;
import java.util.Locale;

/**
 * Everything about each row of a batch of logits, and about its target, from one read of the row. Filled by
 * {@link Scorer#score(Logits, int[], Scores)}; may be reused for any batch of at most as many rows.
 *
 * <p>A row that is no distribution (it has a NaN or a positive infinity, or nothing but negative infinities) has NaN
 * everywhere and -1 for {@link #argmax} and {@link #targetRank}; with nothing but negative infinities its
 * {@link #logSumExp} and {@link #maxLogit} are negative infinity. Where the target is {@link Scorer#IGNORE}, its
 * log-probability is 0 even so. A call that throws before it begins leaves scores as they were; where one breaks off
 * in the middle, there are no rows. The arrays are the storage itself, not copies; they may
 * be longer than {@link #rows}. Not safe for use by several threads while it is being filled.
 */
public final class Scores {
  private final int capacity;
  private final ScoreColumns columns;
  private final int[] targets;
  private int rows;
  private boolean targeted;

  private Scores(int capacity) {
    this.capacity = capacity;
    columns = new ScoreColumns(capacity);
    targets = new int[capacity];
  }

  /**
   * Room for the scores of some rows.
   *
   * @param rows how many rows at most, 0 or more
   * @return scores of no row yet
   * @throws IllegalArgumentException if {@code rows} is negative
   */
  public static Scores allocate(int rows) {
    if (rows < 0) {
      throw new IllegalArgumentException("rows must not be negative: " + rows);
    }
    return new Scores(rows);
  }

  /**
   * How many rows were scored last.
   *
   * @return the rows of the batch
   */
  public int rows() {
    return rows;
  }

  /**
   * {@code log sum e^x[i]} of each row, in nats.
   *
   * @return one value a row
   */
  public double[] logSumExp() {
    return columns.logSumExp;
  }

  /**
   * Entropy {@code -sum p log p} of each row, in nats.
   *
   * @return one value a row
   */
  public double[] entropy() {
    return columns.entropy;
  }

  /**
   * Varentropy of each row, the variance of {@code -log p} under p, in nats squared.
   *
   * @return one value a row
   */
  public double[] varentropy() {
    return columns.varentropy;
  }

  /**
   * {@code log p[target]} of each row, in nats: 0 for a row whose target is {@link Scorer#IGNORE}.
   *
   * @return one value a row
   */
  public double[] targetLogProbability() {
    return columns.targetLogProbability;
  }

  /**
   * How many entries of the row are more likely than its target: 0 if the target is the most likely, -1 for a row whose
   * target is {@link Scorer#IGNORE}.
   *
   * @return one value a row
   */
  public int[] targetRank() {
    return columns.targetRank;
  }

  /**
   * The most likely entry of each row, the lowest index on ties.
   *
   * @return one value a row
   */
  public int[] argmax() {
    return columns.argmax;
  }

  /**
   * The largest logit of each row.
   *
   * @return one value a row
   */
  public float[] maxLogit() {
    return columns.maxLogit;
  }

  /**
   * Means over the rows scored last, leaving out those whose target is {@link Scorer#IGNORE}. Without targets there is
   * only the mean entropy, over all rows.
   *
   * @return the summary; means over no row are NaN
   */
  public Summary summary() {
    int scored = 0;
    double nll = 0;
    double entropies = 0;
    for (int row = 0; row < rows; row++) {
      if (targets[row] != Arguments.IGNORE) {
        scored++;
        nll -= columns.targetLogProbability[row];
      }
      entropies += !targeted || targets[row] != Arguments.IGNORE ? columns.entropy[row] : 0;
    }
    double meanNll = nll / scored;
    double squares = 0;
    for (int row = 0; row < rows; row++) {
      if (targets[row] != Arguments.IGNORE) {
        double deviation = -columns.targetLogProbability[row] - meanNll;
        squares += deviation * deviation;
      }
    }
    double standardError = Math.sqrt(squares / (scored - 1.0) / scored);
    return new Summary(rows, scored, meanNll, scored < 2 ? Double.NaN : standardError,
        entropies / (targeted ? scored : rows));
  }

  /**
   * Means over a batch.
   *
   * @param rows how many rows the batch has
   * @param scored how many of them have a target
   * @param meanNll mean negative log-likelihood of the targets (cross-entropy), in nats
   * @param standardError standard error of {@code meanNll}, NaN for fewer than two scored rows
   * @param meanEntropy mean entropy of the scored rows, of all rows if there were no targets, in nats
   */
  public record Summary(int rows, int scored, double meanNll, double standardError, double meanEntropy) {
    /**
     * Perplexity, {@code e^meanNll}.
     *
     * @return 1 for a model that is always certain and right, V for one that is indifferent
     */
    public double perplexity() {
      return Math.exp(meanNll);
    }

    /**
     * Mean negative log-likelihood in bits.
     *
     * @return {@code meanNll / log 2}
     */
    public double bitsPerToken() {
      return meanNll / Math.log(2);
    }

    /** One line for people. */
    @Override
    public String toString() {
      return String.format(Locale.ROOT,
          "%d of %d rows scored, mean NLL %.4f +- %.4f nats, perplexity %.3f, %.4f bits per token, mean entropy %.4f"
              + " nats",
          scored, rows, meanNll, standardError, perplexity(), bitsPerToken(), meanEntropy);
    }
  }

  /** Throws unless there is room for so many rows. */
  void checkRoom(int batchRows) {
    if (batchRows > capacity) {
      throw new IllegalArgumentException("scores allocated for " + capacity + " rows cannot hold " + batchRows);
    }
  }

  /**
   * Makes the scores ready for a batch; its targets are kept for the summary. Until the batch is {@link #complete}
   * there are no rows: should it fail, nobody takes what is left of two batches for one.
   */
  void begin(int batchRows, int[] batchTargets) {
    rows = 0;
    targeted = batchTargets != null;
    if (batchTargets == null) {
      Arrays.fill(targets, 0, batchRows, Arguments.IGNORE);
    } else {
      System.arraycopy(batchTargets, 0, targets, 0, batchRows);
    }
  }

  /** All rows of the batch are there. */
  void complete(int batchRows) {
    rows = batchRows;
  }

  /** One line for people. */
  @Override
  public String toString() {
    return rows + " rows: " + summary();
  }

  int[] targets() {
    return targets;
  }

  ScoreColumns columns() {
    return columns;
  }
}
