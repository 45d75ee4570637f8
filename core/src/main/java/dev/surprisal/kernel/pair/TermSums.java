package dev.surprisal.kernel.pair;

/** Sums over the entries of two rows, those of them that a {@link Divergence} needs: see its loop. */
final class TermSums {
  double terms;
  double gain;
  double loss;
  double gaining;
  double mass;
  double level;

  /** The sums over no entry. */
  void clear() {
    terms = 0;
    gain = 0;
    loss = 0;
    gaining = 0;
    mass = 0;
    level = 0;
  }

  /** Adds the sums over other entries. */
  void add(TermSums other) {
    terms += other.terms;
    gain += other.gain;
    loss += other.loss;
    gaining += other.gaining;
    mass += other.mass;
    level += other.level;
  }
}
