package dev.surprisal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line itself: help, and what is said of a wrong one. */
class SurprisalTest {
  @Test
  void help() {
    Run run = Run.surprisal("--help");
    assertEquals(0, run.exitCode());
    assertTrue(run.out().contains("demo") && run.out().contains("score"), run.out());
    assertTrue(run.out().contains("bad input"), run.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "score", "compare"})
  void helpOfEveryCommand(String command) {
    Run run = Run.surprisal(command, "--help");
    assertEquals(0, run.exitCode());
    assertTrue(run.out().startsWith("Usage: surprisal " + command), run.out());
  }

  @Test
  void unknownCommand() {
    Run run = Run.surprisal("scor", "a.npy");
    assertEquals(2, run.exitCode());
    assertEquals(
        "surprisal: there is no command 'scor', the commands are demo, score, compare (surprisal --help says more)\n",
        run.err());
    assertTrue(Run.surprisal("--scor").err().startsWith("surprisal: Unknown option: '--scor'"));
    assertTrue(Run.surprisal("compare", "a", "b", "c").err().contains("'c'"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "frobnicate", "score", "score --frobnicate x", "demo --text", "compare a.npy", "compare a b c",
          "score x.npy --temperature 0", "score x.npy --threads 0", "score x.npy --vocabulary -1", "demo --dtype F8"})
  void wrongCommandLine(String arguments) {
    Run run = Run.surprisal((Object[]) arguments.split(" "));
    assertEquals(2, run.exitCode());
    assertEquals("", run.out());
    assertTrue(run.err().startsWith("surprisal: "), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }
}
