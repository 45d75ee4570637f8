package dev.surprisal.kernel.vector;

import dev.surprisal.kernel.scalar.Source;

/** A loop that can be run over rows made up. */
public interface Rehearsed {
  /** A way to run it, with memory of its own, over rows of its source. */
  Rehearsal rehearsal(Source source);
}
