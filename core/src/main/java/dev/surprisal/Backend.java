package dev.surprisal;

import dev.surprisal.kernel.Definitions;
import dev.surprisal.kernel.Kernels;
import dev.surprisal.kernel.Worker;
import java.util.function.Supplier;

/**
 * What computes, and why: chosen once, when the first scorer is made, and the same for all of them.
 *
 * <p>Two system properties choose: {@code dev.surprisal.backend} is {@code vector} (the default, where the module
 * {@code jdk.incubator.vector} is there) or {@code scalar}; {@code dev.surprisal.vectorBits} is {@code 128},
 * {@code 256} or {@code 512}, at most what the processor has (the default).
 */
public final class Backend {
  private static final System.Logger LOG = System.getLogger("dev.surprisal");
  private static Backend current;
  private static IllegalStateException refusal;

  private final Supplier<Worker> workers;
  private final int vectorBits;
  private final String description;

  private Backend(Supplier<Worker> workers, int vectorBits, String description) {
    this.workers = workers;
    this.vectorBits = vectorBits;
    this.description = description;
  }

  /**
   * What computes in this process.
   *
   * @return the one backend
   * @throws IllegalStateException if a system property asks for what cannot be had
   */
  public static synchronized Backend current() {
    if (refusal != null) {
      throw refusal;
    }
    if (current == null) {
      try {
        current = choose();
      } catch (IllegalStateException e) {
        refusal = e;
        throw e;
      } catch (ExceptionInInitializerError e) {
        // The width is read where the vectors are declared.
        refusal = new IllegalStateException(e.getCause().getMessage(), e.getCause());
        throw refusal;
      }
    }
    return current;
  }

  /**
   * The width of a vector.
   *
   * @return 128, 256 or 512; 0 for the scalar backend
   */
  public int vectorBits() {
    return vectorBits;
  }

  /**
   * What computes and why, for people: "512-bit vectors", "scalar: start Java with --add-modules jdk.incubator.vector".
   */
  @Override
  public String toString() {
    return description;
  }

  Supplier<Worker> workers() {
    return workers;
  }

  private static Backend choose() {
    String wanted = System.getProperty("dev.surprisal.backend", "");
    boolean module = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    return switch (wanted) {
      case "scalar" -> scalar("scalar: dev.surprisal.backend=scalar");
      case "vector", "" -> module ? vector() : withoutModule(wanted);
      default -> throw new IllegalStateException("dev.surprisal.backend=" + wanted + ": expected scalar or vector");
    };
  }

  private static Backend withoutModule(String wanted) {
    String flag = "start Java with --add-modules jdk.incubator.vector";
    if (wanted.equals("vector")) {
      throw new IllegalStateException("dev.surprisal.backend=vector: " + flag);
    }
    LOG.log(System.Logger.Level.WARNING, "slow scalar code: " + flag);
    return scalar("scalar: " + flag);
  }

  private static Backend vector() {
    int widest = Kernels.widestBits();
    if (widest < 128) {
      return scalar("scalar: this processor has vectors of no more than " + widest + " bits");
    }
    int bits = Kernels.vectorBits();
    return new Backend(Kernels::new, bits, bits + "-bit vectors");
  }

  private static Backend scalar(String why) {
    return new Backend(Definitions::new, 0, why);
  }
}
