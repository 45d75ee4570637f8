package dev.surprisal.numbers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import dev.surprisal.data.Figure;
import dev.surprisal.data.Figure.Column;
import dev.surprisal.data.Lengths;
import dev.surprisal.data.PairKind;
import dev.surprisal.data.RowKind;
import dev.surprisal.data.Sample;
import dev.surprisal.data.Storage;
import dev.surprisal.data.Workload;
import dev.surprisal.kernel.storage.Operand;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Argmax, rank and maximum by plain loops, ignored rows, what a row that is no distribution has, and the summary. */
class ScoreTest {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private final Scorer scorer = Scorer.sequential();

  @ParameterizedTest
  @EnumSource
  void argmaxRankAndMaximum(DType dtype) {
    IntStream.concat(Lengths.all(), Lengths.edges().limit(9)).forEach(length -> {
      Workload workload = new Workload(Sample.all(length, 6, (kind, pair) -> pair == PairKind.SAME), dtype);
      float[][] rows = workload.firstRows(Operand.LOGITS);
      Storage storage = Storage.values()[length % Storage.values().length];
      Scores scores = scorer.score(workload.firstViews(Operand.LOGITS, storage).logits(), workload.targets());
      for (int row = 0; row < rows.length; row++) {
        String name = workload.name(row) + ", " + storage;
        boolean distribution = Double.isFinite(workload.expected(Figure.of(Column.ENTROPY), row));
        assertEquals(distribution ? argmax(rows[row]) : -1, scores.argmax()[row], name);
        assertEquals(distribution ? rank(rows[row], workload.targets()[row]) : -1, scores.targetRank()[row], name);
        float none = workload.expected(Figure.of(Column.LOG_SUM_EXP), row) == -INFINITY ? -INFINITY : Float.NaN;
        // Of two zeros either may be the larger: + 0 makes them the same.
        assertEquals((distribution ? rows[row][argmax(rows[row])] : none) + 0, scores.maxLogit()[row] + 0, name);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void sameBitsAsTheSingleStatistics(DType dtype) {
    IntStream.concat(Lengths.all(), Lengths.edges().limit(9)).forEach(length -> {
      Workload workload = new Workload(Sample.all(length, 7, (kind, pair) -> pair == PairKind.SAME), dtype);
      Logits logits = workload.firstViews(Operand.LOGITS, Storage.ARRAY).logits();
      Scores scores = scorer.score(logits, workload.targets());
      double[] surprisals = scorer.crossEntropy(logits, workload.targets());
      assertArrayEquals(scorer.logSumExp(logits), scores.logSumExp(), "log-sum-exp of " + length);
      assertArrayEquals(scorer.entropy(logits), scores.entropy(), "entropy of " + length);
      for (int row = 0; row < surprisals.length; row++) {
        assertEquals(surprisals[row], -scores.targetLogProbability()[row] + 0.0, workload.name(row));
      }
    });
  }

  /**
   * Neighbours among the floats in different pieces of a row, at distances from different
   * references that round differently.
   */
  @Test
  void largestOfSeveralPieces() {
    int vocabulary = 131_072;
    SplittableRandom random = new SplittableRandom(20260708);
    float[] row = new float[vocabulary];
    for (int i = 0; i < 100; i++) {
      float second = (float) random.nextDouble(0.26, 0.46);
      float largest = Math.nextUp(second);
      Arrays.fill(row, -8);
      row[5] = second;
      row[65_541] = largest - 5.99f;
      row[105_536] = largest;
      Scores scores = scorer.score(Logits.of(row, 1, vocabulary), new int[] {105_536});
      assertEquals(105_536, scores.argmax()[0], "largest " + largest);
      assertEquals(largest, scores.maxLogit()[0]);
      assertEquals(0, scores.targetRank()[0]);
    }
  }

  @Test
  void withoutTargets() {
    float[] x = {1, 2, 3, 0, 0, 0};
    Scores scores = scorer.score(Logits.of(x, 2, 3));
    double[] entropy = scorer.entropy(Logits.of(x, 2, 3));
    assertArrayEquals(entropy, scores.entropy(), 1e-6);
    assertArrayEquals(new int[] {2, 0}, scores.argmax());
    assertArrayEquals(new int[] {-1, -1}, scores.targetRank());
    assertEquals(0, scores.summary().scored());
    assertTrue(Double.isNaN(scores.summary().meanNll()));
    assertEquals((entropy[0] + entropy[1]) / 2, scores.summary().meanEntropy(), 1e-6);
    scorer.score(Logits.of(x, 2, 3), new int[] {0, Scorer.IGNORE}, scores);
    assertEquals(scores.entropy()[0], scores.summary().meanEntropy());
    assertTrue(scores.toString().startsWith("2 rows: 1 of 2 rows scored"), scores.toString());
  }

  /** Each position in turn is the first, the last and the only one of the largest. */
  @ParameterizedTest
  @EnumSource
  void lowestIndexOfTies(DType dtype) {
    for (int length : new int[] {1, 2, 15, 16, 17, 63, 64, 65, 130, 2047, 2049, 4130}) {
      int[] positions = IntStream.of(0, 1, 14, 15, 16, 31, 62, 64, 129, 2046, 2047, 2048, 4111, 4112, length - 1)
          .filter(position -> position < length).distinct().sorted().toArray();
      float[][] rows = new float[positions.length][];
      for (int i = 0; i < positions.length; i++) {
        rows[i] = Sample.of(RowKind.GAUSSIAN, PairKind.SAME, length, 7).p();
        for (int j = i; j < positions.length; j++) {
          rows[i][positions[j]] = 50;
        }
      }
      int[] targets = new int[positions.length];
      Arrays.fill(targets, length - 1);
      Scores scores = scorer.score(Storage.ARRAY.place(rows, dtype).logits(), targets);
      assertArrayEquals(positions, scores.argmax(), "length " + length);
      assertArrayEquals(new int[positions.length], scores.targetRank(), "length " + length);
    }
  }

  @ParameterizedTest
  @EnumSource
  void noDistribution(DType dtype) {
    float[][] rows = {{-INFINITY, -INFINITY, -INFINITY}, {0, Float.NaN, 1}, {INFINITY, 0, 1}, {-INFINITY, 2, 1}};
    Scores scores = scorer.score(Storage.OFF_HEAP.place(rows, dtype).logits(), new int[] {1, 2, 0, 0});
    assertArrayEquals(new int[] {-1, -1, -1, 1}, scores.argmax());
    assertArrayEquals(new int[] {-1, -1, -1, 2}, scores.targetRank());
    assertArrayEquals(new float[] {-INFINITY, Float.NaN, Float.NaN, 2}, scores.maxLogit());
    double nan = Double.NaN;
    assertArrayEquals(new double[] {-INFINITY, nan, nan, 2 + Math.log1p(Math.exp(-1))}, scores.logSumExp(), 1e-6);
    double entropy = Math.log1p(Math.exp(-1)) + 1 / (1 + Math.E);
    assertArrayEquals(new double[] {nan, nan, nan, entropy}, scores.entropy(), 1e-6);
    assertArrayEquals(new double[] {nan, nan, nan, Math.E / Math.pow(1 + Math.E, 2)}, scores.varentropy(), 1e-6);
    assertArrayEquals(new double[] {nan, nan, nan, -INFINITY}, scores.targetLogProbability());
  }

  @Test
  void ignoredRowsHaveEverythingButATarget() {
    float[] x = {1, 2, 3, 4, 6, 5};
    Scores scores = scorer.score(Logits.of(x, 2, 3), new int[] {Scorer.IGNORE, 2});
    assertArrayEquals(new double[] {0, scorer.crossEntropy(Logits.of(x, 3, 1, 3, 3), new int[] {2})[0] * -1},
        scores.targetLogProbability());
    assertArrayEquals(new int[] {-1, 1}, scores.targetRank());
    assertArrayEquals(new int[] {2, 1}, scores.argmax());
    assertArrayEquals(scorer.entropy(Logits.of(x, 2, 3)), scores.entropy(), 1e-9);
    assertArrayEquals(new double[] {0, 0}, scorer.crossEntropy(Logits.of(x, 2, 3), new int[] {-100, -100}));
  }

  /** An ignored row is not asked for its target, whatever else it is. */
  @Test
  void ignoredRowsThatAreNoDistribution() {
    Logits logits = Logits.of(new float[] {Float.NaN, 0, -INFINITY, -INFINITY}, 2, 2);
    int[] targets = {Scorer.IGNORE, Scorer.IGNORE};
    assertArrayEquals(new double[2], scorer.crossEntropy(logits, targets));
    assertArrayEquals(new double[2], scorer.score(logits, targets).targetLogProbability());
  }

  @Test
  void summaryLeavesOutIgnoredRows() {
    float[] x = {0, 0, 0, 0, 7, 7, 1, 0};
    Scores.Summary summary = scorer.score(Logits.of(x, 4, 2), new int[] {0, 1, Scorer.IGNORE, 1}).summary();
    double last = Math.log1p(Math.exp(1));
    double mean = (2 * Math.log(2) + last) / 3;
    assertEquals(4, summary.rows());
    assertEquals(3, summary.scored());
    assertEquals(mean, summary.meanNll(), 1e-6);
    double variance = (2 * Math.pow(Math.log(2) - mean, 2) + Math.pow(last - mean, 2)) / 2;
    assertEquals(Math.sqrt(variance / 3), summary.standardError(), 1e-6);
    assertEquals(Math.exp(mean), summary.perplexity(), 1e-6);
    assertEquals(mean / Math.log(2), summary.bitsPerToken(), 1e-6);
    double entropyOfLast = Math.log1p(Math.exp(-1)) + 1 / (1 + Math.E);
    assertEquals((2 * Math.log(2) + entropyOfLast) / 3, summary.meanEntropy(), 1e-6);
    assertTrue(summary.toString().contains("3 of 4 rows"), summary.toString());
  }

  @Test
  void meansOverNoRowAreNaN() {
    Logits logits = Logits.of(new float[] {1, 2}, 1, 2);
    for (Scores.Summary summary : new Scores.Summary[] {
        scorer.score(logits, new int[] {Scorer.IGNORE}).summary(),
        scorer.score(logits.rows(0, 0), new int[0]).summary(),
        Scores.allocate(3).summary()}) {
      assertEquals(0, summary.scored());
      assertEquals(Double.NaN, summary.meanNll());
      assertEquals(Double.NaN, summary.standardError());
      assertEquals(Double.NaN, summary.meanEntropy());
      assertEquals(Double.NaN, summary.perplexity());
      assertEquals(Double.NaN, summary.bitsPerToken());
    }
  }

  @Test
  void standardErrorNeedsTwoRows() {
    assertEquals(Double.NaN,
        scorer.score(Logits.of(new float[] {1, 2}, 1, 2), new int[] {0}).summary().standardError());
  }

  @Test
  void infiniteSurprisalIsAnInfiniteMean() {
    Logits logits = Logits.of(new float[] {1, -INFINITY, 1, 2}, 2, 2);
    assertEquals(INFINITY, scorer.score(logits, new int[] {1, 0}).summary().meanNll());
    assertEquals(INFINITY, scorer.score(logits, new int[] {1, 0}).summary().perplexity());
  }

  @Test
  void scoresAreReused() {
    Scores scores = Scores.allocate(5);
    Logits logits = Logits.of(new float[] {1, 2, 3, 4, 6, 5}, 3, 2);
    assertSame(scores, scorer.score(logits, new int[] {0, 1, 0}, scores));
    assertEquals(3, scores.rows());
    Scores fresh = scorer.score(logits.rows(1, 3), new int[] {1, 1});
    scorer.score(logits.rows(1, 3), new int[] {1, 1}, scores);
    assertEquals(2, scores.rows());
    assertArrayEquals(fresh.entropy(), Arrays.copyOf(scores.entropy(), 2));
    assertArrayEquals(fresh.targetRank(), Arrays.copyOf(scores.targetRank(), 2));
    assertEquals(fresh.summary(), scores.summary());
  }

  /** The summary is that of the targets at the time of the call. */
  @Test
  void laterChangesOfTargetsDoNotMatter() {
    int[] targets = {0, 1};
    Scores scores = scorer.score(Logits.of(new float[] {1, 2, 3, 4}, 2, 2), targets);
    Scores.Summary before = scores.summary();
    targets[0] = Scorer.IGNORE;
    assertEquals(before, scores.summary());
  }

  private static int argmax(float[] x) {
    int argmax = 0;
    for (int i = 1; i < x.length; i++) {
      if (x[i] > x[argmax]) {
        argmax = i;
      }
    }
    return argmax;
  }

  private static int rank(float[] x, int target) {
    int rank = 0;
    for (float value : x) {
      if (value > x[target]) {
        rank++;
      }
    }
    return rank;
  }
}
