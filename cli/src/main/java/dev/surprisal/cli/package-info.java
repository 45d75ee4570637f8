/**
 * The command-line tool.
 *
 * <p>Where a new thing goes: a command is a class in {@code command}; a file format is a class in {@code files} that
 * implements {@code Format} and joins its list; a figure of a row is an entry of {@code RowFigure} in
 * {@code scoring}, one of two rows an entry of {@code Divergence} beside it; a figure of a whole file is a field of
 * a summary in {@code scoring} and a line in a report in {@code output}; a chart is a class in {@code html}. A
 * package knows only those below it, from {@code command} over {@code demo}, {@code html}, {@code output} and
 * {@code scoring} to {@code files}.
 */
package dev.surprisal.cli;
