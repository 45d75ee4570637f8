package dev.surprisal.benchmarks.against;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.input.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One thing whose speed is compared.
 *
 * @param computation what is computed
 * @param dtype how values are stored
 * @param storage where
 * @param vocabulary values in a row
 */
record Point(Computation computation, DType dtype, Storage storage, int vocabulary) {
  /** Rows read sixteen at a time, the longest of these, a short row, and that of a large language model. */
  private static final List<Integer> VOCABULARIES = List.of(5, 64, 1_024, 131_072);

  /** {@return all points, always in the same order} */
  static List<Point> all() {
    List<Point> points = new ArrayList<>();
    for (Computation computation : Computation.values()) {
      for (DType dtype : DType.values()) {
        for (Storage storage : Storage.values()) {
          for (int vocabulary : VOCABULARIES) {
            points.add(new Point(computation, dtype, storage, vocabulary));
          }
        }
      }
    }
    return points;
  }

  /** {@return dtype and storage: {@code bf16/off-heap}} */
  String kind() {
    return (dtype + "/" + storage).toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The name for people and for {@code --only}: {@code entropy/bf16/off-heap/1024}. */
  @Override
  public String toString() {
    return computation + "/" + kind() + "/" + vocabulary;
  }
}
