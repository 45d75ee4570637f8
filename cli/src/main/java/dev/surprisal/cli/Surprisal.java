package dev.surprisal.cli;

import dev.surprisal.cli.command.CompareCommand;
import dev.surprisal.cli.command.DemoCommand;
import dev.surprisal.cli.command.ScoreCommand;
import dev.surprisal.cli.files.BadInputException;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command-line tool. */
@Command(name = "surprisal", version = "surprisal 0.1.0", mixinStandardHelpOptions = true,
    description = "Entropy, perplexity and divergences of files of logits, in constant memory.",
    subcommands = {DemoCommand.class, ScoreCommand.class, CompareCommand.class},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:all went well", "1:something else went wrong",
        "2:bad input: a wrong option, or a file that cannot be used"})
public final class Surprisal implements Runnable {
  private static final int FAILURE = 1;
  private static final int BAD_INPUT = 2;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec;

  /** For picocli. */
  public Surprisal() {}

  /**
   * Runs the tool.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    System.exit(run(out, err, arguments));
  }

  /**
   * Runs the tool without ending the process.
   *
   * @param out       receives the results
   * @param err       receives what went wrong
   * @param arguments the command line
   * @return the exit code
   */
  public static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new Surprisal())
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(Surprisal::wrongUsage)
        .setExecutionExceptionHandler(Surprisal::failed)
        .execute(arguments);
  }

  /** Without a command, says what there is. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is needed");
  }

  private static int wrongUsage(ParameterException e, String[] arguments) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    e.getCommandLine().getErr().println("surprisal: " + reason(e) + " (" + command + " --help says more)");
    return BAD_INPUT;
  }

  /** What picocli says, but for an unknown command, which to picocli is an argument too many. */
  private static String reason(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched && e.getCommandLine().getParent() == null
        && !unmatched.isUnknownOption()) {
      return "there is no command '" + unmatched.getUnmatched().getFirst() + "', the commands are "
          + String.join(", ", e.getCommandLine().getSubcommands().keySet());
    }
    return e.getMessage();
  }

  private static int failed(Exception e, CommandLine command, ParseResult arguments) {
    PrintWriter err = command.getErr();
    switch (e) {
      case BadInputException _ -> {
        err.println("surprisal: " + e.getMessage());
        return BAD_INPUT;
      }
      case IOException _ -> err.println("surprisal: " + e.getMessage());
      default -> e.printStackTrace(err);
    }
    return FAILURE;
  }
}
