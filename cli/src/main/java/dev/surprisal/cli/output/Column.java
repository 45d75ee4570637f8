package dev.surprisal.cli.output;

import dev.surprisal.cli.scoring.ComparedRow;
import dev.surprisal.cli.scoring.Divergence;
import dev.surprisal.cli.scoring.NumberType;
import dev.surprisal.cli.scoring.RowFigure;
import dev.surprisal.cli.scoring.ScoredRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A column of a per-row file.
 *
 * @param name its name
 * @param type what kind of number it has
 * @param unit their unit, empty for none
 * @param meaning what they are, for the manual
 * @param value its value in a row, null for none
 * @param <R> {@link ScoredRow} or {@link ComparedRow}
 */
public record Column<R>(String name, NumberType type, String unit, String meaning, Function<R, Number> value) {

  /** {@return the columns of a scored file} */
  public static List<Column<ScoredRow>> ofScores() {
    List<Column<ScoredRow>> columns = ofPosition(row -> row);
    for (RowFigure figure : RowFigure.values()) {
      columns.add(of(figure, "", row -> row));
    }
    return columns;
  }

  /** {@return the columns of two compared files} */
  public static List<Column<ComparedRow>> ofComparison() {
    List<Column<ComparedRow>> columns = ofPosition(ComparedRow::base);
    for (Divergence divergence : Divergence.values()) {
      columns.add(new Column<>(divergence.column(), NumberType.DOUBLE, divergence.unit(), divergence.meaning(),
          row -> row.divergence(divergence)));
    }
    for (RowFigure figure : RowFigure.values()) {
      columns.add(of(figure, "Base", ComparedRow::base));
      columns.add(of(figure, "Other", ComparedRow::other));
    }
    return columns;
  }

  private static <R> List<Column<R>> ofPosition(Function<R, ScoredRow> scored) {
    List<Column<R>> columns = new ArrayList<>();
    columns.add(new Column<>("row", NumberType.INTEGER, "", "index of the row, from 0",
        row -> scored.apply(row).row()));
    columns.add(new Column<>("target", NumberType.INTEGER, "", "index of the true entry",
        row -> target(scored.apply(row))));
    return columns;
  }

  private static Integer target(ScoredRow row) {
    return row.isScored() ? row.target() : null;
  }

  private static <R> Column<R> of(RowFigure figure, String suffix, Function<R, ScoredRow> scored) {
    return new Column<>(figure.column() + suffix, figure.type(), figure.unit(), figure.meaning(),
        row -> scored.apply(row).number(figure));
  }
}
