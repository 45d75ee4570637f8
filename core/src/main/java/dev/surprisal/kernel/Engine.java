package dev.surprisal.kernel;

/**
 * Statistics of one row at a time, in nats. The scalar twin is {@link ScalarEngine}, the vector twin {@code VectorEngine}.
 *
 * <p>An engine owns its scratch memory and belongs to one thread at a time. Arguments are not checked again: shapes agree,
 * rows exist, storage is accessible. Special values follow the contract in {@link dev.surprisal.Scorer}.
 */
public interface Engine {
  /** Entries from which on a row is worth sharing; more than any row has for an engine that cannot share. */
  default int worthSharing() {
    return Integer.MAX_VALUE;
  }

  /** From now on the pieces of long rows are shared with a team; null for none. */
  default void share(Team with) {}

  /**
   * Rows up to {@code to - 1} may be asked for next, and none of them changes before {@code begin} is called again. So an engine may
   * read more of them than it has been asked for.
   */
  default void begin(long to) {}

  /** {@code log sum e^x[i]}. */
  double logSumExp(Rows x, long row);

  /** {@code -sum p log p} with {@code p = softmax(x)}. */
  double entropy(Rows x, long row);

  /** {@code -log softmax(x)[target]}. */
  double crossEntropy(Rows x, long row, int target);

  /** All statistics of a row and its target, valid until the next call; {@code target} may be {@link RowScore#NO_TARGET}. */
  RowScore score(Rows x, long row, int target);

  /** {@code sum p log(p/q)} with {@code p = softmax(x), q = softmax(y)}. */
  double klDivergence(Rows x, Rows y, long row);

  /** {@code (KL(p||m) + KL(q||m)) / 2} with {@code p = softmax(x), q = softmax(y), m = (p + q) / 2}. */
  double jensenShannon(Rows x, Rows y, long row);

  /** Writes {@code x[i] - log sum e^x[j]} to a row of f32. */
  void logSoftmax(Rows x, long row, Destination out);

  /** {@code -sum p log p}, of {@code p / sum p} if normalized. */
  double entropyOfProbabilities(Rows p, boolean normalized, long row);

  /** {@code -sum p log softmax(x)}. */
  double crossEntropyOfProbabilities(Rows p, boolean normalized, Rows x, long row);

  /** {@code sum p log(p / softmax(x))}. */
  double klDivergenceOfProbabilities(Rows p, boolean normalized, Rows x, long row);

  /** {@code -sum p log q}. */
  double crossEntropyOfProbabilities(Rows p, boolean pNormalized, Rows q, boolean qNormalized, long row);

  /** {@code sum p log(p/q)}. */
  double klDivergenceOfProbabilities(Rows p, boolean pNormalized, Rows q, boolean qNormalized, long row);

  /** {@code (KL(p||m) + KL(q||m)) / 2} with {@code m = (p + q) / 2}. */
  double jensenShannonOfProbabilities(Rows p, boolean pNormalized, Rows q, boolean qNormalized, long row);

  /** {@code sum p}. */
  double sum(Rows p, long row);

  /** Adds a row of probabilities to {@code columns}. */
  void addTo(double[] columns, Rows p, long row);
}
