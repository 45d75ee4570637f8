package dev.surprisal.bits;

import dev.surprisal.DType;
import dev.surprisal.Scorer;
import dev.surprisal.data.Figure;
import dev.surprisal.data.Lengths;
import dev.surprisal.data.Mismatches;
import dev.surprisal.data.PairKind;
import dev.surprisal.data.RowKind;
import dev.surprisal.data.Sample;
import dev.surprisal.data.Storage;
import dev.surprisal.data.Workload;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same row has the same bits wherever it lies: every figure, storage, dtype and length, against a plain array. What
 * is between, before and behind the rows is NaN, so that a read outside them shows.
 */
class StorageTest {
  private static final PairKind[] PAIRS = PairKind.values();
  private static final RowKind[] KINDS = RowKind.values();

  private final Scorer scorer = Scorer.sequential();
  private final Mismatches mismatches = new Mismatches();

  @ParameterizedTest
  @EnumSource
  void everyLengthUpTo130(DType dtype) {
    Lengths.all().forEach(length -> check(length, 2, dtype, 4));
    mismatches.assertNone();
  }

  @Test
  void edgesOfBlocks() {
    Lengths.edges().forEach(length -> check(length, 2, DType.values()[length % 3], 3));
    mismatches.assertNone();
  }

  @Test
  void realVocabularies() {
    Lengths.real().forEach(length -> check(length, 1, DType.values()[length % 3], 11));
    mismatches.assertNone();
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource
  void everything(DType dtype) {
    IntStream.concat(Lengths.all(), IntStream.concat(Lengths.edges(), Lengths.real()))
        .forEach(length -> check(length, length > 10_000 ? 1 : KINDS.length, dtype, 1));
    mismatches.assertNone();
  }

  /** In every storage, every so many-th figure; the others take their turn in other storages and at other lengths. */
  private void check(int length, int rows, DType dtype, int every) {
    Workload workload =
        new Workload(IntStream.range(0, rows).mapToObj(i -> sample(length + i, length)).toList(), dtype);
    for (Figure figure : Figure.all()) {
      double[] expected = workload.compute(figure, scorer, Storage.ARRAY);
      for (Storage storage : Storage.values()) {
        if ((figure.index() + length + storage.ordinal()) % every == 0) {
          double[] actual = workload.compute(figure, scorer, storage);
          mismatches.checkSameBits(figure, workload, expected, actual, storage);
          if (figure.isOfTwo()) {
            double[] mixed = workload.compute(figure, scorer, storage, Storage.OFF_HEAP);
            mismatches.checkSameBits(figure, workload, expected, mixed, storage + " and " + Storage.OFF_HEAP);
          }
        }
      }
    }
  }

  private static Sample sample(int turn, int length) {
    return Sample.of(KINDS[turn % KINDS.length], PAIRS[turn % PAIRS.length], length, 5);
  }
}
