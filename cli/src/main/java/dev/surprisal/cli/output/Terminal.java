package dev.surprisal.cli.output;

import picocli.CommandLine.Help.Ansi;

/** Colours for people, and none where the output is no terminal or the reader does not want them (NO_COLOR). */
public final class Terminal {
  private static final String RESET = "\u001B[0m";
  /** From green over yellow to red, of the 256-colour palette. */
  private static final int[] HEAT = {71, 107, 143, 179, 215, 209, 203};

  private final boolean colour;

  /**
   * A terminal.
   *
   * @param colour whether it shows colours
   */
  public Terminal(boolean colour) {
    this.colour = colour;
  }

  /** {@return the terminal that standard output is, as far as Java can tell} */
  public static Terminal ofStandardOutput() {
    return new Terminal(Ansi.AUTO.enabled());
  }

  /**
   * Colours a text by how much of something it stands for.
   *
   * @param share from 0, green, to 1, red; beyond is cut off
   * @param text  the text
   * @return the text, coloured
   */
  public String heat(double share, String text) {
    int step = (int) Math.clamp(share * HEAT.length, 0, HEAT.length - 1);
    return wrap("38;5;" + HEAT[step], text);
  }

  /**
   * Sets a text back.
   *
   * @param text the text
   * @return the text, dim
   */
  public String dim(String text) {
    return wrap("2", text);
  }

  /**
   * Brings a text forward.
   *
   * @param text the text
   * @return the text, bold
   */
  public String bold(String text) {
    return wrap("1", text);
  }

  private String wrap(String code, String text) {
    return colour ? "\u001B[" + code + "m" + text + RESET : text;
  }
}
