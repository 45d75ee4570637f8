/**
 * What loops are made of: lanes of a fixed virtual width, exponentials and logarithms, loaders, and how a row is cut.
 */
package dev.surprisal.kernel.vector;
