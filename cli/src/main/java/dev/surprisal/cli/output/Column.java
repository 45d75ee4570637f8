package dev.surprisal.cli.output;

import dev.surprisal.cli.scoring.ComparedRow;
import dev.surprisal.cli.scoring.ScoredRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A column of a per-row file.
 *
 * @param name its name
 * @param value its value in a row, null for none
 * @param <R> {@link ScoredRow} or {@link ComparedRow}
 */
public record Column<R>(String name, Function<R, Number> value) {

  /** {@return the columns of a scored file} */
  public static List<Column<ScoredRow>> ofScores() {
    List<Column<ScoredRow>> columns = new ArrayList<>();
    columns.add(new Column<>("row", ScoredRow::row));
    columns.add(new Column<>("target", row -> row.isScored() ? row.target() : null));
    columns.addAll(statistics());
    return columns;
  }

  /** {@return the columns of two compared files} */
  public static List<Column<ComparedRow>> ofComparison() {
    List<Column<ComparedRow>> columns = new ArrayList<>();
    columns.add(new Column<>("row", ComparedRow::row));
    columns.add(new Column<>("target", row -> row.base().isScored() ? row.base().target() : null));
    columns.add(new Column<>("kl", ComparedRow::kl));
    columns.add(new Column<>("reverseKl", ComparedRow::reverseKl));
    columns.add(new Column<>("jensenShannon", ComparedRow::jensenShannon));
    for (Column<ScoredRow> column : statistics()) {
      columns.add(new Column<>(column.name + "Base", row -> column.value.apply(row.base())));
      columns.add(new Column<>(column.name + "Other", row -> column.value.apply(row.other())));
    }
    return columns;
  }

  private static List<Column<ScoredRow>> statistics() {
    return List.of(
        new Column<>("nll", row -> row.isScored() ? row.nll() : null),
        new Column<>("rank", row -> row.isScored() ? row.rank() : null),
        new Column<>("entropy", ScoredRow::entropy),
        new Column<>("varentropy", ScoredRow::varentropy),
        new Column<>("logSumExp", ScoredRow::logSumExp),
        new Column<>("argmax", ScoredRow::argmax),
        new Column<>("maxLogit", ScoredRow::maxLogit));
  }
}
