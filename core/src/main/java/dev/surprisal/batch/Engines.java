package dev.surprisal.batch;

import dev.surprisal.kernel.Engine;

/** Makes engines, one for each thread of each call in flight. */
@FunctionalInterface
public interface Engines {
  /** A new engine with scratch memory of its own. */
  Engine create();
}
