package dev.surprisal.benchmarks.results;

import dev.surprisal.Backend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Where results come from.
 *
 * @param processor its model, as the operating system names it
 * @param processors how many the process may use
 * @param caches of one processor
 * @param hugePages what the kernel does about them
 * @param os name and architecture
 * @param kernel its version
 * @param jdk vendor and version
 * @param backend what the library runs on
 * @param date of the run, UTC
 * @param commit that was built, with a plus sign if there were changes to it
 */
public record Environment(String processor, int processors, String caches, String hugePages, String os, String kernel,
    String jdk, String backend, String date, String commit) {
  private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");
  private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
  private static final String UNKNOWN = "unknown";

  /**
   * The machine, the JDK and the commit at hand.
   *
   * @return the environment of this process
   */
  public static Environment current() {
    return new Environment(
        fieldOf(Path.of("/proc/cpuinfo"), "model name") + ", family " + fieldOf(Path.of("/proc/cpuinfo"), "cpu family")
            + " model " + fieldOf(Path.of("/proc/cpuinfo"), "model"),
        Runtime.getRuntime().availableProcessors(), cacheSizes(), firstLine(HUGE_PAGES),
        fieldOf(Path.of("/etc/os-release"), "PRETTY_NAME") + ", " + System.getProperty("os.arch"),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vendor.version") + ", " + System.getProperty("java.runtime.version"),
        Backend.current().toString(),
        ZonedDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm")), revision());
  }

  /** The same, and what was measured again later. */
  Environment withAgain(String what) {
    return new Environment(processor, processors, caches, hugePages, os, kernel, jdk, backend, date,
        commit + "; " + what);
  }

  /**
   * A name for the results of such an environment.
   *
   * @return processor and JDK, in characters that a file name may have
   */
  public String fileName() {
    String name = processor + "-jdk" + System.getProperty("java.version");
    return name.toLowerCase(Locale.ROOT).replaceAll("\\((r|tm)\\)", "").replaceAll("[^a-z0-9.]+", "-") + ".json";
  }

  private static String cacheSizes() {
    StringBuilder caches = new StringBuilder();
    for (int index = 0; Files.exists(CACHES.resolve("index" + index)); index++) {
      Path cache = CACHES.resolve("index" + index);
      caches.append(index == 0 ? "" : ", ").append('L').append(firstLine(cache.resolve("level"))).append(' ')
          .append(firstLine(cache.resolve("type")).toLowerCase(Locale.ROOT)).append(' ')
          .append(firstLine(cache.resolve("size")));
    }
    return caches.isEmpty() ? UNKNOWN : caches.toString();
  }

  /** The value of the first line {@code name : value} or {@code name=value}. */
  private static String fieldOf(Path file, String name) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.filter(line -> line.matches(name + "\\s*[:=].*")).findFirst()
          .map(line -> line.replaceFirst("^[^:=]*[:=]\\s*", "").replace("\"", "")).orElse(UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  private static String firstLine(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.findFirst().orElse(UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  private static String revision() {
    String commit = outputOf("git", "rev-parse", "--short", "HEAD");
    return outputOf("git", "status", "--porcelain", "--untracked-files=no").isEmpty() ? commit : commit + "+";
  }

  private static String outputOf(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}
