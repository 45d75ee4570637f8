/** What the vector forms of loops are made of: the functions of {@code scalar} for vectors, loaders, and copies. */
package dev.surprisal.kernel.vector;
