package dev.surprisal.benchmarks.against;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A build of core.
 *
 * @param name of the commit
 * @param classPath its classes, those of {@link Fork}, and none of the other build
 */
record Build(String name, String classPath) {
  /**
   * Starts a process with what a user gives it, and a heap of one size.
   *
   * @param points to warm up
   * @return the process, which has begun to warm up
   */
  Running start(List<Point> points) throws IOException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--add-modules", "jdk.incubator.vector", "-Xms2g", "-Xmx2g", "-cp", classPath, Fork.class.getName()));
    points.forEach(point -> command.add(point.toString()));
    return new Running(this, new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** A {@link Fork}, seen from outside. */
  static final class Running implements AutoCloseable {
    private final Build build;
    private final Process process;
    private final PrintStream questions;
    private final BufferedReader answers;

    private Running(Build build, Process process) {
      this.build = build;
      this.process = process;
      this.questions = new PrintStream(process.getOutputStream(), true);
      this.answers = process.inputReader();
    }

    /** Waits until it is warm, and {@return what it computes with} */
    String backend() throws IOException {
      return answer();
    }

    /** Keeps it on one processor, with {@code taskset}. Without that program it computes where the system puts it. */
    void stayOn(String processor) throws InterruptedException {
      try {
        new ProcessBuilder("taskset", "-a", "-c", "-p", processor, Long.toString(process.pid()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD)
            .start().waitFor();
      } catch (IOException e) {
        System.err.println("not kept on one processor, which makes ratios less certain: " + e.getMessage());
      }
    }

    /** {@return what a point takes, NaN if the build lacks it} */
    double nanosPerLogit(Point point) throws IOException {
      questions.println(point);
      String answer = answer();
      return answer.equals(Fork.ABSENT) ? Double.NaN : Double.parseDouble(answer);
    }

    private String answer() throws IOException {
      String answer = answers.readLine();
      if (answer == null) {
        throw new IOException("a process of " + build.name + " has ended too early");
      }
      return answer;
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
