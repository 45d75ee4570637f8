package dev.surprisal.benchmarks.results;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * All measurements of a run.
 *
 * @param environment where they were made
 * @param forks processes for each configuration
 * @param minutes the run took
 * @param measurements in the order in which they were made
 */
public record Results(Environment environment, int forks, double minutes, List<Measurement> measurements) {
  private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * Reads results.
   *
   * @param file written by {@link #write}
   * @return the results
   * @throws IOException if there are none
   */
  public static Results read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), Results.class);
  }

  /**
   * Writes results.
   *
   * @param file where to
   * @throws IOException if that fails
   */
  public void write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    JSON.writeValue(file.toFile(), this);
  }

  /**
   * These results with some of them replaced by what a later run measured of the same configurations.
   *
   * @param later measurements on the same machine
   * @param what was measured again, for the environment to say
   * @return both
   */
  public Results with(Results later, String what) {
    List<Measurement> both = new ArrayList<>(measurements);
    for (Measurement again : later.measurements) {
      int index =
          IntStream.range(0, both.size()).filter(i -> both.get(i).isOfTheSame(again)).findFirst().orElse(both.size());
      if (index == both.size()) {
        both.add(again);
      } else {
        both.set(index, again);
      }
    }
    Environment where = environment.withAgain(what + " measured again at " + later.environment.commit());
    return new Results(where, Math.min(forks, later.forks), minutes + later.minutes, both);
  }

  /**
   * The library's own measurement of a statistic.
   *
   * @param statistic its name
   * @param params a configuration
   * @return the measurement, if it was made
   */
  public Optional<Measurement> ours(String statistic, Map<String, String> params) {
    return measurements.stream()
        .filter(m -> m.suite().equals("statistics") && m.statistic().equals(statistic) && m.has(params)).findFirst();
  }

  /**
   * A measurement of another suite.
   *
   * @param benchmark its class
   * @param statistic its name
   * @param params a configuration
   * @return the measurement, if it was made
   */
  public Optional<Measurement> find(String benchmark, String statistic, Map<String, String> params) {
    return all(benchmark).stream().filter(m -> m.statistic().equals(statistic) && m.has(params)).findFirst();
  }

  /**
   * All measurements of a class.
   *
   * @param benchmark its name
   * @return in the order of the run
   */
  public List<Measurement> all(String benchmark) {
    return measurements.stream().filter(m -> m.benchmark().equals(benchmark)).toList();
  }

  /**
   * All measurements of other libraries.
   *
   * @return in the order of the run
   */
  public List<Measurement> peers() {
    return measurements.stream().filter(m -> m.suite().equals("peers")).toList();
  }

  /**
   * The plain sum, the yardstick.
   *
   * @param params a configuration
   * @return the measurement, if it was made
   */
  public Optional<Measurement> plainSum(Map<String, String> params) {
    return find("PlainSum", "plainSum", params);
  }
}
