package dev.surprisal.benchmarks.input;

/** Whether a run only shows that everything works: small inputs, no figures worth keeping. */
public final class Smoke {
  /** {@code -Dsurprisal.smoke=true} on the command line. */
  public static final boolean ON = Boolean.getBoolean("surprisal.smoke");

  private Smoke() {}

  /**
   * One of two sizes.
   *
   * @param full what a measurement takes
   * @param smoke what shows that it works
   * @return the one for this run
   */
  public static int choose(int full, int smoke) {
    return ON ? smoke : full;
  }
}
