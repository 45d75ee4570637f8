/** One row of logits: its moments, how they are read, and what is written from them. */
package dev.surprisal.kernel.row;
