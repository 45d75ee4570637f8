package dev.surprisal.cli.output;

import java.util.function.Function;

/**
 * A column of a table for people.
 *
 * @param head its head
 * @param text what stands in it for a row
 * @param <R> the rows
 */
public record TableColumn<R>(String head, Function<R, String> text) {}
