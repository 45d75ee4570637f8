package dev.surprisal.cli.scoring;

import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import dev.surprisal.cli.files.BadInputException;
import dev.surprisal.cli.files.BlockReader;
import dev.surprisal.cli.files.LogitsFile;
import dev.surprisal.cli.files.Targets;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Consecutive rows of one file or of two: read, scored, handed on; then used again for others. */
final class Block implements AutoCloseable {
  private final Scorer scorer = Scorer.sequential();
  private final int vocabulary;
  private final float temperature;
  private final List<BlockReader> readers;
  private final List<Scores> scores;
  /** A value a row, for each divergence; where there is one file, there are none. */
  private final Map<Divergence, double[]> divergences = new EnumMap<>(Divergence.class);
  private long from;
  private long to;
  private int[] targets;
  private boolean hasTargets;

  Block(List<LogitsFile> files, int rows, float temperature) {
    this.vocabulary = files.getFirst().vocabulary();
    this.temperature = temperature;
    this.readers = files.stream().map(file -> file.reader(rows)).toList();
    this.scores = files.stream().map(_ -> Scores.allocate(rows)).toList();
    if (files.size() > 1) {
      for (Divergence divergence : Divergence.values()) {
        divergences.put(divergence, new double[rows]);
      }
    }
  }

  /** Reads and scores the rows {@code first} to {@code end - 1}. */
  Block score(long first, long end, Targets source, long ignore) throws BadInputException {
    from = first;
    to = end;
    int count = (int) (end - first);
    hasTargets = source != null;
    if (hasTargets) {
      targets = source.read(first, count, vocabulary, ignore);
    } else {
      targets = new int[count];
      Arrays.fill(targets, Scorer.IGNORE);
    }
    Logits base = score(0);
    if (readers.size() > 1) {
      Logits other = score(1);
      divergences.forEach((divergence, out) -> divergence.compute(scorer, base, other, out));
    }
    return this;
  }

  private Logits score(int file) throws BadInputException {
    Logits stored = readers.get(file).read(from, to);
    Logits rows = temperature == 1 ? stored : stored.withTemperature(temperature);
    scorer.score(rows, targets, scores.get(file));
    return rows;
  }

  /** The row after the last. */
  long to() {
    return to;
  }

  void handOnScores(RowSink<ScoredRow> sink) throws IOException {
    for (int i = 0; i < targets.length; i++) {
      sink.accept(row(0, i));
    }
  }

  void handOnComparison(RowSink<ComparedRow> sink) throws IOException {
    for (int i = 0; i < targets.length; i++) {
      int index = i;
      sink.accept(new ComparedRow(row(0, i), row(1, i), divergence -> divergences.get(divergence)[index]));
    }
  }

  private ScoredRow row(int file, int i) {
    return ScoredRow.of(from + i, hasTargets ? targets[i] : ScoredRow.NO_TARGET, scores.get(file), i);
  }

  @Override
  public void close() {
    readers.forEach(BlockReader::close);
  }
}
