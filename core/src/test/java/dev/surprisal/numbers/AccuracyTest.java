package dev.surprisal.numbers;

import dev.surprisal.DType;
import dev.surprisal.Scorer;
import dev.surprisal.data.Figure;
import dev.surprisal.data.Mismatches;
import dev.surprisal.data.PairKind;
import dev.surprisal.data.RowKind;
import dev.surprisal.data.Sample;
import dev.surprisal.data.Storage;
import dev.surprisal.data.Workload;
import java.util.List;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every figure of every kind of rows in every dtype, against the oracle, within {@link dev.surprisal.data.Tolerance}.
 */
class AccuracyTest {
  private final Scorer scorer = Scorer.sequential();

  @ParameterizedTest
  @CsvSource({"3, F32", "3, F16", "3, BF16", "60, F32", "60, F16", "60, BF16", "700, F32", "700, F16", "700, BF16"})
  void everyKindOfRowsWithEveryKindOfPair(int length, DType dtype) {
    Mismatches mismatches = new Mismatches();
    check(length, 1, (kind, pair) -> true, dtype, dtype, mismatches);
    mismatches.assertNone();
  }

  @ParameterizedTest
  @CsvSource({"2500, F32", "2500, F16", "2500, BF16", "4500, F32"})
  void someKindsOfPairsInRowsOfSeveralBlocks(int length, DType dtype) {
    Mismatches mismatches = new Mismatches();
    check(length, 1, (kind, pair) -> (kind.ordinal() + pair.ordinal()) % 6 == length / 2000, dtype, dtype, mismatches);
    mismatches.assertNone();
  }

  @ParameterizedTest
  @CsvSource({"F32, F16", "F32, BF16", "F16, F32", "F16, BF16", "BF16, F32", "BF16, F16"})
  void rowsOfTwoDtypes(DType first, DType second) {
    Mismatches mismatches = new Mismatches();
    check(700, 2, (kind, pair) -> pair == PairKind.SAME_SUPPORT || pair == PairKind.CLOSE_1E3, first, second,
        mismatches);
    mismatches.assertNone();
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource
  void manySeeds(DType dtype) {
    Mismatches mismatches = new Mismatches();
    for (int seed = 10; seed < 60; seed++) {
      for (int length : new int[] {2, 17, 128, 1000, 2049, 5000}) {
        check(length, seed, (kind, pair) -> true, dtype, dtype, mismatches);
      }
    }
    mismatches.assertNone();
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource
  void everyKindOfPairInLongRows(DType dtype) {
    Mismatches mismatches = new Mismatches();
    for (PairKind pair : PairKind.values()) {
      check(128_256, 3, (kind, any) -> any == pair, dtype, dtype, mismatches);
    }
    mismatches.assertNone();
  }

  /** Kind by kind, since what the oracle knows of a row is large. */
  private void check(
      int length, long seed, BiPredicate<RowKind, PairKind> wanted, DType first, DType second, Mismatches mismatches) {
    for (RowKind kind : RowKind.values()) {
      List<Sample> samples = Sample.all(length, seed, (any, pair) -> any == kind && wanted.test(kind, pair));
      Workload workload = new Workload(samples, first, second);
      for (Figure figure : Figure.all()) {
        mismatches.check(figure, workload, workload.compute(figure, scorer, Storage.ARRAY), Storage.ARRAY);
      }
    }
  }
}
