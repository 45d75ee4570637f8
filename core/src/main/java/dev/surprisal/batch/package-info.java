/** Rows over threads: who computes which row, how errors reach the caller, and what is reused from call to call. */
package dev.surprisal.batch;
