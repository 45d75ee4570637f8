package dev.surprisal.benchmarks.report;

import dev.surprisal.benchmarks.results.Results;
import java.io.IOException;
import java.nio.file.Path;

/** The main tables of a quick run, on the terminal. */
public final class QuickReport {
  private QuickReport() {}

  /**
   * Prints the tables.
   *
   * @param args a file of results
   * @throws IOException if it cannot be read
   */
  public static void main(String[] args) throws IOException {
    Results results = Results.read(Path.of(args[0]));
    System.out.println("\nOne thread, rows of 131,072 logits, f32 in an array\n");
    System.out.println(new StatisticTables(results).main("ARRAY").text());
    System.out.println("Others on the same rows, results compared with ours before\n");
    System.out.println(new PeerTables(results).table(1, "L2").text());
    System.out.println("One fork of short iterations: a look, not a measurement. benchmarks/run takes longer.");
  }
}
