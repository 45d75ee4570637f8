package dev.surprisal.cli.scoring;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The rows in which a figure is NaN, then those in which it is largest; of equal rows the first ones.
 *
 * @param <R> {@link ScoredRow} or {@link ComparedRow}
 */
public final class WorstRows<R> implements RowSink<R> {
  private final int most;
  private final Comparator<R> order;
  private final PriorityQueue<R> rows;

  /**
   * No rows yet.
   *
   * @param most how many to keep
   * @param figure what is compared
   * @param index the index of a row
   */
  public WorstRows(int most, ToDoubleFunction<R> figure, ToLongFunction<R> index) {
    this.most = most;
    // NaN is above infinity in this order.
    this.order = Comparator.comparingDouble(figure).reversed().thenComparingLong(index);
    this.rows = new PriorityQueue<>(order.reversed());
  }

  @Override
  public void accept(R row) {
    if (rows.size() == most && order.compare(row, rows.peek()) >= 0) {
      return;
    }
    rows.add(row);
    if (rows.size() > most) {
      rows.remove();
    }
  }

  /** {@return the rows, the worst first} */
  public List<R> worst() {
    return rows.stream().sorted(order).toList();
  }
}
