package dev.surprisal.cli.scoring;

import dev.surprisal.Scorer;
import dev.surprisal.cli.files.BadInputException;
import dev.surprisal.cli.files.LogitsFile;
import dev.surprisal.cli.files.Targets;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/**
 * Scores the rows of files and hands on each row, in order. Several threads each read a small block and score it while
 * it is in their cache; memory does not grow with the files.
 */
public final class RowScorer {
  /** Half of the second-level cache of a common processor. */
  private static final long BLOCK_BYTES = 1 << 19;
  private static final long MOST_ROWS = 1 << 14;
  /** Blocks under way for each thread: one is scored, another one waits for its turn or is handed on. */
  private static final int BLOCKS_PER_THREAD = 3;
  /** So many logits are for a thread in plain Java what it takes to compile vectors where the processors are free. */
  private static final long LOGITS_WITHOUT_VECTORS = 100_000_000;
  /** Rows from all over the files that show which loops they need. */
  private static final int SAMPLES = 8;

  private final int threads;
  private final float temperature;
  private final long ignore;
  private final LongConsumer progress;

  /**
   * A scorer of files.
   *
   * @param threads how many threads read and score
   * @param temperature divides every logit
   * @param ignore the target that marks rows to leave out
   * @param progress told after each block how many rows are done
   */
  public RowScorer(int threads, float temperature, long ignore, LongConsumer progress) {
    this.threads = threads;
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
   * @throws BadInputException if the targets do not fit the rows, or a file cannot be read to its end
   * @throws IOException if the sink cannot take a row
   */
  public void score(LogitsFile file, Targets targets, RowSink<ScoredRow> sink) throws BadInputException, IOException {
    run(List.of(file), targets, block -> block.handOnScores(sink));
  }

  /**
   * Scores two files and the divergences between their rows.
   *
   * @param base the rows of the first, the true distributions
   * @param other the rows of the second
   * @param targets a target for each row, or null for none
   * @param sink takes in the compared rows
   * @throws BadInputException if rows and targets do not fit each other, or a file cannot be read to its end
   * @throws IOException if the sink cannot take a row
   */
  public void compare(LogitsFile base, LogitsFile other, Targets targets, RowSink<ComparedRow> sink)
      throws BadInputException, IOException {
    if (base.rows() != other.rows() || base.vocabulary() != other.vocabulary()) {
      throw new BadInputException(other.path(),
          other.rows() + " rows of " + other.vocabulary() + ", but " + base.path() + " has "
              + base.rows() + " of " + base.vocabulary());
    }
    run(List.of(base, other), targets, block -> block.handOnComparison(sink));
  }

  /** What is done with a block that has been scored, in the order of the rows. */
  @FunctionalInterface
  private interface Finish {
    void accept(Block block) throws IOException;
  }

  private void run(List<LogitsFile> files, Targets targets, Finish finish) throws BadInputException, IOException {
    LogitsFile first = files.getFirst();
    if (targets != null && targets.count() != first.rows()) {
      throw new BadInputException(targets.path(),
          targets.count() + " targets, but " + first.path() + " has " + first.rows()
              + " rows");
    }
    try (Blocks blocks = new Blocks(files, targets)) {
      for (Block block = blocks.next(); block != null; block = blocks.next()) {
        finish.accept(block);
        progress.accept(block.to());
      }
    }
  }

  /** The blocks of files in order, some of them under way. */
  private final class Blocks implements AutoCloseable {
    private final List<LogitsFile> files;
    private final Targets targets;
    private final int blockRows;
    private final ExecutorService executor;
    private final Queue<Future<Block>> underWay = new ArrayDeque<>();
    private final List<Block> all = new ArrayList<>();
    private Block handedOut;
    private long submitted;

    Blocks(List<LogitsFile> files, Targets targets) throws BadInputException {
      this.files = files;
      this.targets = targets;
      LogitsFile first = files.getFirst();
      long fitting = BLOCK_BYTES / files.stream().mapToLong(LogitsFile::rowBytes).max().orElse(1);
      this.blockRows = (int) Math.clamp(fitting, 1, Math.clamp(first.rows(), 1, MOST_ROWS));
      this.executor = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().name("scoring-", 0).factory());
      if (first.rows() * first.vocabulary() / threads > LOGITS_WITHOUT_VECTORS) {
        warmUp();
      }
      for (int i = 0; i < BLOCKS_PER_THREAD * threads && submitted < first.rows(); i++) {
        Block block = new Block(files, blockRows, temperature);
        all.add(block);
        submit(block);
      }
    }

    /** Lets the compiler go first: where all processors score in plain Java, it would come too late for most rows. */
    private void warmUp() throws BadInputException {
      try (Block sample = new Block(files, 1, temperature)) {
        long rows = files.getFirst().rows();
        for (int i = 0; i < SAMPLES; i++) {
          long row = rows * i / SAMPLES;
          sample.score(row, row + 1, null, ignore);
        }
      }
      // What the samples have called is being compiled.
      Scorer.sequential().warmUp(() -> {});
    }

    private void submit(Block block) {
      long from = submitted;
      long to = from + blockRows;
      for (LogitsFile file : files) {
        to = file.blockEnd(from, to - from);
      }
      long end = to;
      submitted = end;
      underWay.add(executor.submit(() -> block.score(from, end, targets, ignore)));
    }

    /** The next block in order, null after the last; the one before is scored anew for rows further on. */
    Block next() throws BadInputException {
      if (handedOut != null && submitted < files.getFirst().rows()) {
        submit(handedOut);
      }
      Future<Block> next = underWay.poll();
      handedOut = next == null ? null : result(next);
      return handedOut;
    }

    private static Block result(Future<Block> block) throws BadInputException {
      try {
        return block.get();
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case BadInputException badInput -> throw badInput;
          case RuntimeException bug -> throw bug;
          default -> throw new IllegalStateException(e.getCause());
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted while scoring", e);
      }
    }

    /** Waits for the blocks under way, whose buffers are about to go. */
    @Override
    public void close() {
      underWay.forEach(block -> block.cancel(false));
      executor.close();
      all.forEach(Block::close);
    }
  }
}
