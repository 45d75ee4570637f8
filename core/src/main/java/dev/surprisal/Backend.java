package dev.surprisal;

import dev.surprisal.kernel.scalar.Fma;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Vectors;

/**
 * What computes, and why: chosen once, when the first scorer is made, and the same for all of them. Results have the
 * same bits whatever it is.
 *
 * <p>Vectors are chosen where they are fast: the module {@code jdk.incubator.vector} is there, the JVM has the compiler
 * that knows it (HotSpot's C2), and the processor has vectors and a fused multiply-add. Anywhere else it is plain Java,
 * and a line in the log of {@code dev.surprisal} says why.
 *
 * <p>Two system properties choose otherwise: {@code dev.surprisal.backend} is {@code vector} or {@code plain};
 * {@code dev.surprisal.vectorBits} is {@code 128}, {@code 256} or {@code 512}, at most what the processor has (the
 * default).
 */
public final class Backend {
  private static final String MODULE = "jdk.incubator.vector";
  private static final String REMEDY = "start Java with --add-modules=" + MODULE;

  private static Backend current;
  private static IllegalStateException refusal;

  private final int vectorBits;
  private final String description;

  private Backend(int vectorBits, String description) {
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
   * @return 128, 256 or 512; 0 for plain Java
   */
  public int vectorBits() {
    return vectorBits;
  }

  /**
   * What computes and why, for people: "512-bit vectors", "plain Java: start Java with
   * --add-modules=jdk.incubator.vector".
   */
  @Override
  public String toString() {
    return description;
  }

  private static Backend choose() {
    String wanted = System.getProperty("dev.surprisal.backend", "");
    switch (wanted) {
      case "plain", "scalar" -> {
        return plain("dev.surprisal.backend=" + wanted);
      }
      case "vector" -> {
        if (!hasModule()) {
          throw new IllegalStateException("dev.surprisal.backend=vector: " + REMEDY);
        }
        return vectors();
      }
      case "" -> {
        String reason = whyNoVectors();
        if (reason == null) {
          return vectors();
        }
        System.getLogger("dev.surprisal").log(System.Logger.Level.WARNING, "plain Java instead of vectors: " + reason);
        return plain(reason);
      }
      default ->
          throw new IllegalStateException("dev.surprisal.backend=" + wanted + ": expected vector or plain");
    }
  }

  /** What keeps vectors from being fast in this process, and the remedy; null if nothing does. */
  private static String whyNoVectors() {
    if (!hasModule()) {
      return REMEDY;
    }
    // HotSpot's summary of its flags: "mixed mode, sharing", "interpreted mode", "mixed mode, emulated-client".
    String mode = System.getProperty("java.vm.info", "");
    if (mode.contains("interpreted")) {
      return "this JVM does not compile (-Xint)";
    }
    if (mode.contains("emulated-client")) {
      return "this JVM has no C2 compiler: start it without -XX:TieredStopAtLevel";
    }
    if (System.getProperty("java.vm.name", "").contains("OpenJ9")) {
      return "OpenJ9 does not compile vectors: use a JDK with HotSpot";
    }
    if (!Fma.IN_HARDWARE) {
      return "this JVM has no fused multiply-add of the processor: check -XX:UseFMA and the CPU model of a virtual"
          + " machine";
    }
    int widest = Vectors.widestBits();
    return widest < 128 ? "this JVM has vectors of no more than " + widest + " bits" : null;
  }

  private static boolean hasModule() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  private static Backend vectors() {
    int bits = Vectors.bits();
    return new Backend(bits, bits + "-bit vectors");
  }

  private static Backend plain(String why) {
    Loops.usePlain();
    return new Backend(0, "plain Java: " + why);
  }
}
