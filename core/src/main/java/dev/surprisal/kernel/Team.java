package dev.surprisal.kernel;

/** Threads that share the pieces of one long row. */
public interface Team {
  /** One pass over the pieces of a row. */
  interface Pass {
    /** Does one piece, with the scratch memory of the engine of the thread that it runs on. */
    void piece(int index, Engine engine);
  }

  /** Does the pieces {@code 0 .. count - 1}, in any order, and returns when all are done. */
  void each(int count, Pass pass);
}
