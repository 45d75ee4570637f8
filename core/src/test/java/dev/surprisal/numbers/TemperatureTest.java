package dev.surprisal.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import dev.surprisal.data.Figure;
import dev.surprisal.data.PairKind;
import dev.surprisal.data.RowKind;
import dev.surprisal.data.Sample;
import dev.surprisal.data.Storage;
import dev.surprisal.data.Views;
import dev.surprisal.data.Workload;
import dev.surprisal.kernel.storage.Operand;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logits at a temperature are the floats nearest to x / T: the same bits as if those had been stored. */
class TemperatureTest {
  private final Scorer scorer = Scorer.sequential();

  @ParameterizedTest
  @EnumSource
  void sameBitsAsStoredQuotients(DType dtype) {
    for (float temperature : new float[] {0.7f, 1, 1.3f, 2, 10, 1e-3f, 100}) {
      for (int length : new int[] {1, 5, 16, 63, 130, 2049}) {
        Workload workload = new Workload(
            Sample.all(length, 12,
                (kind, pair) -> pair == PairKind.values()[kind.ordinal() % PairKind.values().length]),
            dtype);
        Storage storage = Storage.values()[(length + (int) temperature) % Storage.values().length];
        for (Figure figure : Figure.all()) {
          if (figure.isOfLogits()) {
            check(workload, figure, temperature, storage);
          }
        }
      }
    }
  }

  private void check(Workload workload, Figure figure, float temperature, Storage storage) {
    Views hot = at(temperature, workload.firstViews(Operand.LOGITS, storage));
    Views hotSecond = at(temperature, workload.secondViews(Operand.LOGITS, storage));
    Views divided = Storage.ARRAY.place(divide(workload.firstRows(Operand.LOGITS), temperature), DType.F32);
    Views dividedSecond = Storage.ARRAY.place(divide(workload.secondRows(Operand.LOGITS), temperature), DType.F32);
    double[] expected = figure.compute(scorer, divided, dividedSecond, workload.targets(), new double[workload.rows()]);
    double[] actual = figure.compute(scorer, hot, hotSecond, workload.targets(), new double[workload.rows()]);
    for (int row = 0; row < actual.length; row++) {
      String where = figure + " of " + workload.name(row) + " at temperature " + temperature + ", " + storage;
      assertEquals(expected[row], actual[row], where);
    }
  }

  @Test
  void temperaturesMultiply() {
    float[] x = Sample.of(RowKind.ORDINARY, PairKind.SAME, 100, 13).p();
    Logits logits = Logits.of(x, 1, 100);
    assertEquals(scorer.entropy(logits.withTemperature(3))[0],
        scorer.entropy(logits.withTemperature(1.5f).withTemperature(2))[0]);
    assertEquals(scorer.entropy(logits)[0], scorer.entropy(logits.withTemperature(4).withTemperature(0.25f))[0]);
  }

  @Test
  void viewsOfRowsKeepIt() {
    float[] x = Sample.of(RowKind.ORDINARY, PairKind.SAME, 100, 14).p();
    Logits hot = Logits.of(x, 4, 25).withTemperature(2);
    assertEquals(scorer.entropy(hot)[2], scorer.entropy(hot.rows(2, 3))[0]);
  }

  @ParameterizedTest
  @ValueSource(floats = {0.01f, 1, 3, 1e6f})
  void masksStayMasks(float temperature) {
    Logits logits = Logits.of(new float[] {5, 5, Float.NEGATIVE_INFINITY}, 1, 3).withTemperature(temperature);
    assertEquals(Math.log(2), scorer.entropy(logits)[0], 1e-7);
  }

  private static Views at(float temperature, Views views) {
    return new Views(views.logits().withTemperature(temperature), views.probabilities());
  }

  private static float[][] divide(float[][] rows, float temperature) {
    return Arrays.stream(rows).map(row -> {
      float[] divided = new float[row.length];
      for (int i = 0; i < row.length; i++) {
        divided[i] = row[i] / temperature;
      }
      return divided;
    }).toArray(float[][]::new);
  }
}
