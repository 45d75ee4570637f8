package dev.surprisal.numbers;

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
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every figure at every length in every dtype, against the oracle; storages take turns. */
class LengthsTest {
  private static final PairKind[] PAIRS = PairKind.values();
  private static final RowKind[] KINDS = RowKind.values();
  private static final Storage[] STORAGES = Storage.values();

  private final Scorer scorer = Scorer.sequential();
  private final Mismatches mismatches = new Mismatches();

  @ParameterizedTest
  @EnumSource
  void everyLengthUpTo130(DType dtype) {
    Lengths.all().forEach(length -> check(everyKind(length, length), dtype));
    mismatches.assertNone();
  }

  @ParameterizedTest
  @EnumSource
  void edgesOfBlocks(DType dtype) {
    Lengths.edges().forEach(length -> check(someKinds(length, 2, length + dtype.ordinal()), dtype));
    mismatches.assertNone();
  }

  @Test
  void realVocabularies() {
    Lengths.real().forEach(length -> check(someKinds(length, 1, length), DType.values()[length % 3]));
    mismatches.assertNone();
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource
  void everyKindAtEveryLength(DType dtype) {
    IntStream.concat(Lengths.edges(), Lengths.real()).forEach(length -> {
      for (int turn = 0; turn < KINDS.length; turn++) {
        check(someKinds(length, 1, turn), dtype);
      }
    });
    mismatches.assertNone();
  }

  /** A row of each kind; kinds of pairs take turns. */
  private static List<Sample> everyKind(int length, int turn) {
    return IntStream.range(0, KINDS.length).mapToObj(i -> sample(i, i + turn, length)).toList();
  }

  /** A few rows; kinds take turns. */
  private static List<Sample> someKinds(int length, int count, int turn) {
    return IntStream.range(0, count).mapToObj(i -> sample(turn * count + i, turn + i, length)).toList();
  }

  private static Sample sample(int kind, int pair, int length) {
    return Sample.of(KINDS[kind % KINDS.length], PAIRS[pair % PAIRS.length], length, 4);
  }

  private void check(List<Sample> samples, DType dtype) {
    Workload workload = new Workload(samples, dtype);
    int turn = samples.getFirst().p().length + dtype.ordinal();
    Storage first = STORAGES[turn % STORAGES.length];
    Storage second = STORAGES[(3 * turn + 1) % STORAGES.length];
    for (Figure figure : Figure.all()) {
      mismatches.check(figure, workload, workload.compute(figure, scorer, first, second), first + " and " + second);
    }
  }
}
