package dev.surprisal.benchmarks.input;

/** Where values lie. */
public enum Storage {
  /** A {@code float[]}, or a {@code short[]} for a dtype of 16 bits. */
  ARRAY,
  /** A memory segment outside the heap, aligned to 64 bytes. */
  OFF_HEAP
}
