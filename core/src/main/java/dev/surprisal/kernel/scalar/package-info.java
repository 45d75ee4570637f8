/**
 * What needs no vectors: elementary functions of one number, the lanes of the virtual vector, how a value is stored and
 * how a row is cut.
 */
package dev.surprisal.kernel.scalar;
