package dev.surprisal.kernel.vector;

/** A loop with rows made up for it: run often enough, it is compiled before anyone waits for it. */
public interface Rehearsal {
  /** Runs the loop once, over so many entries: none or whole vectors of 16, at most {@link #ENTRIES}. */
  void run(int entries);

  /** The longest row that is made up: some blocks. */
  int ENTRIES = 1536;
}
