/**
 * The command-line tool.
 *
 * <p>Where a new thing goes: a command is a class in {@code command}; a file format is a class in {@code files} that implements
 * {@code Format} and joins its list; a figure is a field of a summary in {@code scoring} and a line in a report in
 * {@code output}; a chart is a class in {@code html}.
 */
package dev.surprisal.cli;
