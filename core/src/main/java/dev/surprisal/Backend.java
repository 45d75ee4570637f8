package dev.surprisal;

import dev.surprisal.kernel.scalar.Fma;
import dev.surprisal.kernel.vector.Loops;
import dev.surprisal.kernel.vector.Loops.Forms;
import dev.surprisal.kernel.vector.Vectors;
import java.util.List;

/**
 * What computes, and why: chosen once, when the first scorer is made, and the same for all of them. Results have the
 * same bits whatever it is.
 *
 * <p>Vectors are chosen where they are fast: the module {@code jdk.incubator.vector} is there, the JVM has the compiler
 * that knows it (HotSpot's C2), and the processor has a fused multiply-add. Until a loop is compiled, its form in plain
 * Java computes; {@link #compiled()} tells how far that has come. Where vectors would be slow it is plain Java for
 * good, and a line in the log of {@code dev.surprisal} says why.
 *
 * <p>Two system properties choose otherwise: {@code dev.surprisal.backend} is {@code vector}, for vectors from the
 * first row on, or {@code plain}; {@code dev.surprisal.vectorBits} is {@code 128}, {@code 256} or {@code 512}, at most
 * what the processor has (the default).
 */
public final class Backend {
  private static final String MODULE = "jdk.incubator.vector";
  private static final String REMEDY = "start Java with --add-modules=" + MODULE;

  private static Backend current;
  private static IllegalStateException refusal;

  /** Why there are no vectors, or null. */
  private final String reason;

  private Backend(Forms forms, String reason) {
    this.reason = reason;
    Loops.use(forms);
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
    return reason == null ? Vectors.bits() : 0;
  }

  /**
   * The loops whose vector forms are compiled, and compute from now on. Grows while a process computes; empty for plain
   * Java.
   *
   * @return a name for each, such as {@code MomentsLoop of F32_ARRAY, ENTROPY}
   */
  public List<String> compiled() {
    return Loops.inVectors();
  }

  /**
   * What computes and why, for people: "512-bit vectors", "plain Java: start Java with
   * --add-modules=jdk.incubator.vector".
   */
  @Override
  public String toString() {
    return reason == null ? vectorBits() + "-bit vectors" : "plain Java: " + reason;
  }

  private static Backend choose() {
    String wanted = System.getProperty("dev.surprisal.backend", "");
    switch (wanted) {
      case "plain", "scalar" -> {
        return new Backend(Forms.PLAIN, "dev.surprisal.backend=" + wanted);
      }
      case "vector" -> {
        if (!hasModule()) {
          throw new IllegalStateException("dev.surprisal.backend=vector: " + REMEDY);
        }
        checkWidth();
        return new Backend(Forms.VECTORS, null);
      }
      case "" -> {
        String reason = whyNoVectors();
        if (reason == null) {
          return new Backend(Forms.PLAIN_THEN_VECTORS, null);
        }
        new Report(reason).start();
        return new Backend(Forms.PLAIN, reason);
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
    if (System.getProperty("dev.surprisal.vectorBits") != null) {
      checkWidth();
    }
    return null;
  }

  private static boolean hasModule() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  /** Throws if a property asks for a width that cannot be had. Takes milliseconds, for it loads the vectors. */
  private static void checkWidth() {
    try {
      Vectors.bits();
    } catch (ExceptionInInitializerError e) {
      // The width is read where the vectors are declared.
      throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
    }
  }

  /** Writes one line to the log, on a thread of its own: to load a logger takes longer than the first row. */
  private static final class Report extends Thread {
    private final String reason;

    Report(String reason) {
      super("surprisal-report");
      this.reason = reason;
    }

    @Override
    public void run() {
      System.getLogger("dev.surprisal").log(System.Logger.Level.WARNING, "plain Java instead of vectors: " + reason);
    }
  }
}
