package dev.surprisal.benchmarks.report;

import dev.surprisal.benchmarks.results.Measurement;
import java.util.Locale;
import java.util.Map;

/** How figures are written, and the configurations that the tables are about. */
final class Figures {
  private static final Map<String, String> PEERS =
      Map.of("PyTorch", "PyTorch", "OnnxRuntime", "ONNX Runtime", "Nd4j", "ND4J",
          "Smile", "Smile", "PlainJava", "plain Java, Math.exp", "LanewiseExp", "Vector API, lanewise(EXP)");

  private Figures() {}

  /** A configuration of a statistic's benchmark. */
  static Map<String, String> configuration(String dataset, String dtype, String storage, int threads) {
    return Map.of("dataset", dataset, "dtype", dtype, "storage", storage, "threads", Integer.toString(threads));
  }

  /** Time a logit in ns, with its error in percent if there is one. */
  static String nanos(Measurement m) {
    return number(m.nanosPerLogit()) + (Double.isNaN(m.error()) ? "" : error(m));
  }

  private static String error(Measurement m) {
    return String.format(Locale.ROOT, " ± %.0f %%", 100 * m.relativeError());
  }

  /** Three significant digits. */
  static String number(double value) {
    int decimals = Math.abs(value) < 0.9995 ? 3 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  static String gigabytes(Measurement m) {
    return String.format(Locale.ROOT, "%.1f", m.gigabytesPerSecond());
  }

  /** How many times as long, or as fast. */
  static String times(double ratio) {
    return String.format(Locale.ROOT, ratio < 9.95 ? "%.1f x" : "%.0f x", ratio);
  }

  /** A ratio near one. */
  static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.2f", ratio);
  }

  static String percent(double part) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * part);
  }

  /** Bytes allocated in a call: JMH's own are below one. */
  static String allocation(Measurement m) {
    return Double.isNaN(m.allocation()) ? "-" : String.format(Locale.ROOT, "%.0f", m.allocation());
  }

  /** How many times as long somebody else takes. */
  static double speedup(Measurement ours, Measurement theirs) {
    return theirs.nanosPerLogit() / ours.nanosPerLogit();
  }

  /** The name of somebody else. */
  static String peer(String benchmark) {
    return PEERS.getOrDefault(benchmark, benchmark);
  }

  static String dataset(String name) {
    return switch (name) {
      case "L2" -> "L2 cache";
      case "L3" -> "L3 cache";
      default -> "memory";
    };
  }
}
