package dev.surprisal.cli.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.cli.files.BadInputException;
import dev.surprisal.cli.files.Inputs;
import dev.surprisal.cli.files.LogitsFile;
import dev.surprisal.cli.files.NpyWriter;
import dev.surprisal.cli.files.Targets;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocks, threads, and what happens when something goes wrong among them. */
class RowScorerTest {
  /** 16 MB of rows: more blocks than are under way at once. */
  private static final int ROWS = 4000;
  private static final int VOCABULARY = 1000;

  @TempDir
  private Path directory;
  private Path path;
  private Path targetsPath;

  @BeforeEach
  void write() throws IOException {
    Random random = new Random(2);
    float[][] rows = new float[ROWS][VOCABULARY];
    for (float[] row : rows) {
      for (int i = 0; i < VOCABULARY; i++) {
        row[i] = random.nextFloat() * 8;
      }
    }
    path = NpyWriter.floats(directory.resolve("rows.npy"), rows);
    targetsPath = NpyWriter.ints(directory.resolve("targets.npy"), random.ints(ROWS, 0, VOCABULARY).toArray());
  }

  private List<ScoredRow> score(int threads) throws BadInputException, IOException {
    List<ScoredRow> scored = new ArrayList<>();
    List<Long> progress = new ArrayList<>();
    try (LogitsFile file = Inputs.logits(List.of(path), null, null);
        Targets targets = Inputs.targets(targetsPath.toString(), List.of(path))) {
      new RowScorer(threads, 1, -100, progress::add).score(file, targets, scored::add);
    }
    assertEquals(progress.stream().sorted().toList(), progress);
    assertEquals(ROWS, progress.getLast());
    return scored;
  }

  @Test
  void rowsComeInOrderAndTheSameFromAnyNumberOfThreads() throws BadInputException, IOException {
    List<ScoredRow> one = score(1);
    assertEquals(ROWS, one.size());
    for (int row = 0; row < ROWS; row++) {
      assertEquals(row, one.get(row).row());
    }
    assertEquals(one, score(2));
    assertEquals(one, score(7));
  }

  @Test
  void aFileThatShrinksWhileItIsRead() throws BadInputException {
    try (LogitsFile file = Inputs.logits(List.of(path), null, null)) {
      BadInputException e = assertThrows(BadInputException.class,
          () -> new RowScorer(1, 1, -100, _ -> {}).score(file, null, _ -> truncate(5_000_000)));
      assertEquals(path + ": at byte 5000000: the file shrank while it was read: it had 16000128 bytes",
          e.getMessage());
    }
  }

  private void truncate(long size) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  @Test
  void aSinkThatFails() throws BadInputException {
    try (LogitsFile file = Inputs.logits(List.of(path), null, null)) {
      IOException e =
          assertThrows(IOException.class, () -> new RowScorer(2, 1, -100, _ -> {}).score(file, null, row -> {
            if (row.row() == 1000) {
              throw new IOException("disk full");
            }
          }));
      assertEquals("disk full", e.getMessage());
    }
  }

  @Test
  void aTargetOutsideTheVocabularyFarIntoTheFile() throws BadInputException, IOException {
    int[] bad = new int[ROWS];
    bad[3999] = VOCABULARY;
    Path badPath = NpyWriter.ints(directory.resolve("bad.npy"), bad);
    try (LogitsFile file = Inputs.logits(List.of(path), null, null);
        Targets targets = Inputs.targets(badPath.toString(), List.of(path))) {
      List<ScoredRow> scored = new ArrayList<>();
      BadInputException e = assertThrows(BadInputException.class,
          () -> new RowScorer(2, 1, -100, _ -> {}).score(file, targets, scored::add));
      assertTrue(e.getMessage().startsWith(badPath + ": at byte 16124: target 1000 of row 3999 "), e.getMessage());
    }
  }
}
