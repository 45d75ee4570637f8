package dev.surprisal.cli.scoring;

import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import dev.surprisal.cli.files.BadInputException;
import dev.surprisal.cli.files.LogitsFile;
import dev.surprisal.cli.files.Targets;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/** Scores the rows of files a block at a time and hands on each row, in order: memory does not grow with the files. */
public final class RowScorer {
  /** Large enough that starting the threads costs nothing, small enough that decoded blocks of two files fit a small heap. */
  private static final long BLOCK_BYTES = 32 << 20;
  private static final long MOST_ROWS = 1 << 15;

  private final Scorer scorer;
  private final float temperature;
  private final long ignore;
  private final LongConsumer progress;

  /**
   * A scorer of files.
   *
   * @param scorer scores a block
   * @param temperature divides every logit
   * @param ignore the target that marks rows to leave out
   * @param progress told after each block how many rows are done
   */
  public RowScorer(Scorer scorer, float temperature, long ignore, LongConsumer progress) {
    this.scorer = scorer;
    this.temperature = temperature;
    this.ignore = ignore;
    this.progress = progress;
  }

  /**
   * Scores a file.
   *
   * @param file the rows
   * @param targets a target for each, or null for none
   * @param sink takes in the scored rows
   * @throws BadInputException if the targets do not fit the rows, or a file shrinks
   * @throws IOException if the sink cannot take a row
   */
  public void score(LogitsFile file, Targets targets, RowSink<ScoredRow> sink) throws BadInputException, IOException {
    Scores scores = Scores.allocate(blockRows(file));
    eachBlock(List.of(file), targets, (from, count, block) -> {
      score(file, from, block, scores);
      for (int i = 0; i < count; i++) {
        sink.accept(ScoredRow.of(from + i, target(targets, block[i]), scores, i));
      }
    });
  }

  /**
   * Scores two files and the divergences between their rows.
   *
   * @param base the rows of the first, the true distributions
   * @param other the rows of the second
   * @param targets a target for each row, or null for none
   * @param sink takes in the compared rows
   * @throws BadInputException if rows and targets do not fit each other, or a file shrinks
   * @throws IOException if the sink cannot take a row
   */
  public void compare(LogitsFile base, LogitsFile other, Targets targets, RowSink<ComparedRow> sink)
      throws BadInputException, IOException {
    if (base.rows() != other.rows() || base.vocabulary() != other.vocabulary()) {
      throw new BadInputException(other.path(), other.rows() + " rows of " + other.vocabulary() + ", but " + base.path() + " has "
          + base.rows() + " of " + base.vocabulary());
    }
    int rows = blockRows(base);
    Scores baseScores = Scores.allocate(rows);
    Scores otherScores = Scores.allocate(rows);
    double[] kl = new double[rows];
    double[] reverseKl = new double[rows];
    double[] jensenShannon = new double[rows];
    eachBlock(List.of(base, other), targets, (from, count, block) -> {
      Logits p = score(base, from, block, baseScores);
      Logits q = score(other, from, block, otherScores);
      scorer.klDivergence(p, q, kl);
      scorer.klDivergence(q, p, reverseKl);
      scorer.jensenShannon(p, q, jensenShannon);
      for (int i = 0; i < count; i++) {
        int target = target(targets, block[i]);
        sink.accept(new ComparedRow(ScoredRow.of(from + i, target, baseScores, i),
            ScoredRow.of(from + i, target, otherScores, i), kl[i], reverseKl[i], jensenShannon[i]));
      }
    });
  }

  private static int target(Targets targets, int target) {
    return targets == null ? ScoredRow.NO_TARGET : target;
  }

  private Logits score(LogitsFile file, long from, int[] targets, Scores scores) {
    Logits rows = file.rows(from, from + targets.length);
    Logits tempered = temperature == 1 ? rows : rows.withTemperature(temperature);
    scorer.score(tempered, targets, scores);
    return tempered;
  }

  private static int blockRows(LogitsFile file) {
    long fitting = BLOCK_BYTES / ((long) file.vocabulary() * Float.BYTES);
    return (int) Math.clamp(fitting, 1, Math.clamp(file.rows(), 1, MOST_ROWS));
  }

  /** What is done with a block: its first row, how many there are, their targets. */
  @FunctionalInterface
  private interface Block {
    void score(long from, int count, int[] targets) throws IOException;
  }

  private void eachBlock(List<LogitsFile> files, Targets targets, Block block) throws BadInputException, IOException {
    LogitsFile first = files.getFirst();
    if (targets != null && targets.count() != first.rows()) {
      throw new BadInputException(targets.path(), targets.count() + " targets, but " + first.path() + " has " + first.rows()
          + " rows");
    }
    int[] blockTargets = new int[blockRows(first)];
    Arrays.fill(blockTargets, Scorer.IGNORE);
    long from = 0;
    while (from < first.rows()) {
      long to = from + blockRows(first);
      for (LogitsFile file : files) {
        to = file.blockEnd(from, to - from);
      }
      int count = (int) (to - from);
      if (count != blockTargets.length) {
        blockTargets = Arrays.copyOf(blockTargets, count);
      }
      if (targets != null) {
        targets.read(from, count, first.vocabulary(), ignore, blockTargets);
      }
      score(files, block, from, blockTargets);
      from = to;
      progress.accept(from);
    }
  }

  private static void score(List<LogitsFile> files, Block block, long from, int[] targets) throws BadInputException, IOException {
    try {
      block.score(from, targets.length, targets);
    } catch (InternalError e) {
      // How Java reports a fault in mapped memory, which is what the end of a file that shrank becomes.
      requireUnchanged(files);
      throw e;
    }
    requireUnchanged(files);
  }

  private static void requireUnchanged(List<LogitsFile> files) throws BadInputException {
    for (LogitsFile file : files) {
      file.requireUnchanged();
    }
  }
}
