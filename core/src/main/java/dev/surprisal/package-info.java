/**
 * The library as its users see it: {@link dev.surprisal.Logits} and {@link dev.surprisal.Probabilities} describe rows
 * that stay where they are, a {@link dev.surprisal.Scorer} computes a statistic of every row.
 *
 * <p>All results are doubles in nats (natural logarithms). The contract on special values stands in
 * {@link dev.surprisal.Scorer}.
 */
package dev.surprisal;
