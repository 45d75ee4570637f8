package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.vector.Rehearsed;

/** A loop that does some of the 16 lanes at a time: in vectors as many as the processor has, in plain Java all. */
abstract class Strips implements Rehearsed {
  final int lanes;

  Strips(int lanes) {
    this.lanes = lanes;
  }
}
