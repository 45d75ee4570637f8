package dev.surprisal.cli.scoring;

import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import dev.surprisal.cli.files.BadInputException;
import dev.surprisal.cli.files.LogitsFile;
import dev.surprisal.cli.files.Targets;
import java.util.Arrays;

/** Scores the rows of a file a block at a time, so that memory does not grow with the file. */
public final class FileScorer {
  /** Large enough that starting the threads costs nothing, small enough that a block in single precision fits a small heap. */
  private static final long BLOCK_BYTES = 32 << 20;
  private static final long MOST_ROWS = 1 << 16;

  private final Scorer scorer;
  private final long ignore;

  /** Takes in the scores of rows, block by block, in order. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Takes in a block.
     *
     * @param firstRow index of its first row in the file
     * @param targets the targets, {@link Scorer#IGNORE} for rows without one
     * @param scores the scores; overwritten by the next block
     */
    void accept(long firstRow, int[] targets, Scores scores);
  }

  /**
   * A scorer of files.
   *
   * @param scorer scores a block
   * @param ignore the target that marks rows to leave out
   */
  public FileScorer(Scorer scorer, long ignore) {
    this.scorer = scorer;
    this.ignore = ignore;
  }

  /**
   * Scores every row.
   *
   * @param logits the rows
   * @param targets a target for each row, or null for none
   * @param sink takes in the scores
   * @throws BadInputException if there are not as many targets as rows, or one is outside the vocabulary
   */
  public void score(LogitsFile logits, Targets targets, Sink sink) throws BadInputException {
    if (targets != null && targets.count() != logits.rows()) {
      throw new BadInputException(targets.path(), targets.count() + " targets, but " + logits.path() + " has "
          + logits.rows() + " rows");
    }
    int blockRows = blockRows(logits);
    int[] block = new int[blockRows];
    Arrays.fill(block, Scorer.IGNORE);
    Scores scores = Scores.allocate(blockRows);
    for (long from = 0; from < logits.rows(); from += blockRows) {
      int count = (int) Math.min(blockRows, logits.rows() - from);
      if (count < block.length) {
        block = Arrays.copyOf(block, count);
        scores = Scores.allocate(count);
      }
      if (targets != null) {
        targets.read(from, count, logits.vocabulary(), ignore, block);
      }
      Logits rows = logits.rows(from, from + count);
      scorer.score(rows, block, scores);
      sink.accept(from, block, scores);
    }
  }

  private static int blockRows(LogitsFile logits) {
    long fitting = BLOCK_BYTES / ((long) logits.vocabulary() * Float.BYTES);
    return (int) Math.clamp(fitting, 1, Math.clamp(logits.rows(), 1, MOST_ROWS));
  }
}
