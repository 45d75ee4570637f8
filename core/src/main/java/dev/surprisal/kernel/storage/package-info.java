/** Where values lie and how a row is walked; the memory of a thread, and the pieces of a long row. */
package dev.surprisal.kernel.storage;
