package dev.surprisal.kernel.loop;

/** A loop that does some of the 16 lanes at a time: in vectors as many as the processor has, in plain Java all. */
abstract class Strips {
  final int lanes;

  Strips(int lanes) {
    this.lanes = lanes;
  }
}
