/** Two rows of logits, and their divergences. */
package dev.surprisal.kernel.pair;
