package dev.surprisal.batch;

import dev.surprisal.kernel.Engine;

/** What is done with each row of a {@link Call}. Captures nothing, so that a call allocates nothing. */
@FunctionalInterface
public interface Job {
  /** Computes one row and stores its results; rows are independent of each other. */
  void row(Engine engine, Call call, long row);
}
