package dev.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import dev.surprisal.data.RowKind;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final int VOCABULARY = 5000;

  private final float[] row = RowKind.ORDINARY.row(new SplittableRandom(20260707), VOCABULARY);
  private final Logits logits = Logits.of(row, 1, VOCABULARY);

  @Test
  void changesNoResult() {
    Scorer scorer = Scorer.parallel();
    double[] before = scorer.entropy(logits);
    scorer.warmUp(DType.BF16, DType.BF16);
    assertArrayEquals(before, scorer.entropy(logits));
  }

  @Test
  void ofSomeStatistics() {
    Scorer scorer = Scorer.sequential();
    double[] before = scorer.entropy(logits);
    double[] during = new double[1];
    scorer.warmUp(() -> scorer.entropy(logits, during));
    assertArrayEquals(before, during);
    assertArrayEquals(before, scorer.entropy(logits));
    assertThrows(NullPointerException.class, () -> scorer.warmUp((Runnable) null));
  }

  /** Who is interrupted waits no longer, and still knows it. */
  @Test
  void interrupted() {
    Thread.currentThread().interrupt();
    Scorer.sequential().warmUp(() -> Scorer.sequential().entropy(logits));
    assertTrue(Thread.interrupted());
  }

  @Test
  void needsADtype() {
    Exception e = assertThrows(IllegalArgumentException.class, () -> Scorer.sequential().warmUp(new DType[0]));
    assertTrue(e.getMessage().contains("F32, F16, BF16"), e.getMessage());
    assertThrows(NullPointerException.class, () -> Scorer.sequential().warmUp((DType) null));
  }
}
