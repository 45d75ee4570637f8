package dev.surprisal.kernel.storage;

/**
 * How the pieces of a long row are done: by this thread alone, or shared with a team. A row is cut where its vocabulary
 * says, and pieces are done independently of each other, whoever does them: so results do not depend on the team.
 */
public final class Pieces {
  /** One pass over the pieces of a row. Implemented by classes: the first lambda of a process takes milliseconds. */
  public interface Pass {
    /** Does one piece, with the memory of the thread that it runs on. */
    void piece(int index, Scratch scratch);
  }

  /** Threads that share pieces. */
  public interface Team {
    /** Does the pieces {@code 0 .. count - 1}, in any order, and returns when all are done. */
    void each(int count, Pass pass);
  }

  /** The memory of this thread. */
  public final Scratch scratch = new Scratch();

  private Team team;

  /** From now on pieces are shared with a team; null for none. */
  public void share(Team with) {
    team = with;
  }

  /** Does the pieces {@code 0 .. count - 1}. */
  public void each(int count, Pass pass) {
    if (team != null && count > 1) {
      team.each(count, pass);
      return;
    }
    for (int i = 0; i < count; i++) {
      pass.piece(i, scratch);
    }
  }
}
