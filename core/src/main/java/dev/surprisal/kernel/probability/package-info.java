/** Rows of probabilities on the left side, as given or normalised. */
package dev.surprisal.kernel.probability;
