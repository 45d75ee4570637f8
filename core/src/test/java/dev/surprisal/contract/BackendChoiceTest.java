package dev.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.Backend;
import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How the backend is chosen: each choice in a JVM of its own. Runs once, in the part of the build whose JVM has no
 * vector module, and so shows that the library works there.
 */
@Tag("without-module")
class BackendChoiceTest {
  private static final String MODULE = "jdk.incubator.vector";

  @Test
  void thisJvmHasNoVectors() {
    assertTrue(ModuleLayer.boot().findModule(MODULE).isEmpty());
    assertEquals(0, Backend.current().vectorBits());
    assertTrue(Backend.current().toString().contains("--add-modules=" + MODULE), Backend.current().toString());
    assertEquals(Math.log(2), Scorer.parallel().entropy(Logits.of(new float[] {3, 3}, 1, 2))[0], 1e-12);
  }

  /** Prints what runs; the main class of the JVMs that this test starts. */
  public static final class Main {
    public static void main(String[] args) {
      for (int i = 0; i < 3; i++) {
        Scorer.parallel().entropy(Logits.of(new float[] {3, 3}, 1, 2));
      }
      System.out.println("runs " + Backend.current());
      System.out.println("bits " + Backend.current().vectorBits());
      float[] x = new float[100_000];
      for (int i = 0; i < x.length; i++) {
        x[i] = i * 7919 % 1009 / 64f;
      }
      System.out.println("sum " + Double.doubleToLongBits(Scorer.sequential().entropy(Logits.of(x, 2, 50_000))[1]));
    }
  }

  /** Computes until the loops of the entropy of logits are vectors; the main class of another JVM. */
  public static final class Patient {
    private static final String LOOP = "MomentsLoop of F32_ARRAY, ENTROPY";
    private static final String THREAD = "surprisal-rehearsals";

    public static void main(String[] args) throws InterruptedException {
      Scorer scorer = Scorer.sequential();
      float[] x = new float[100_000];
      for (int i = 0; i < x.length; i++) {
        x[i] = i * 7919 % 1009 / 64f;
      }
      Logits logits = Logits.of(x, 2, 50_000);
      long first = Double.doubleToLongBits(scorer.entropy(logits)[1]);
      System.out.println("compiled at first " + Backend.current().compiled().contains(LOOP));
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Integer.parseInt(args[0]));
      boolean same = true;
      while (!Backend.current().compiled().contains(LOOP) && System.nanoTime() < deadline) {
        same &= Double.doubleToLongBits(scorer.entropy(logits)[1]) == first;
      }
      same &= Double.doubleToLongBits(scorer.entropy(logits)[1]) == first;
      System.out.println("same bits " + same);
      System.out.println("compiled at last " + Backend.current().compiled().contains(LOOP));
      if (!Backend.current().compiled().contains(LOOP)) {
        return;
      }
      scorer.warmUp(DType.F32);
      List<String> compiled = Backend.current().compiled();
      System.out.println("twice " + (compiled.size() - new HashSet<>(compiled).size()));
      System.out.println("many " + (compiled.size() > 30) + " " + compiled.size());
      for (int i = 0; i < 100 && isAlive(); i++) {
        Thread.sleep(100);
      }
      System.out.println("thread left " + isAlive());
    }

    private static boolean isAlive() {
      return Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().equals(THREAD));
    }
  }

  /** Loads the library once more, has vectors compiled, and drops it; the main class of another JVM. */
  public static final class Dropping {
    public static void main(String[] args) throws Exception {
      URL library = Path.of(args[0]).toUri().toURL();
      WeakReference<ClassLoader> loader = new WeakReference<>(use(library));
      for (int i = 0; i < 200 && loader.get() != null; i++) {
        System.gc();
        Thread.sleep(100);
      }
      System.out.println("dropped " + (loader.get() == null));
    }

    private static ClassLoader use(URL library) throws Exception {
      URLClassLoader loader = new URLClassLoader(new URL[] {library}, ClassLoader.getPlatformClassLoader());
      Class<?> scorer = loader.loadClass(Scorer.class.getName());
      Class<?> logits = loader.loadClass(Logits.class.getName());
      Object one = scorer.getMethod("sequential").invoke(null);
      Object row =
          logits.getMethod("of", float[].class, int.class, int.class).invoke(null, new float[1000], 1, 1000);
      Runnable call = () -> {
        try {
          scorer.getMethod("entropy", logits).invoke(one, row);
        } catch (ReflectiveOperationException e) {
          throw new AssertionError(e);
        }
      };
      scorer.getMethod("warmUp", Runnable.class).invoke(one, call);
      Class<?> backend = loader.loadClass(Backend.class.getName());
      Object compiled = backend.getMethod("compiled").invoke(backend.getMethod("current").invoke(null));
      System.out.println("vectors " + !((List<?>) compiled).isEmpty());
      return loader;
    }
  }

  private record Run(int exit, String output) {
    String line(String key) {
      return output.lines().filter(line -> line.startsWith(key)).findFirst()
          .orElseThrow(() -> new AssertionError("no " + key + " in: " + output));
    }
  }

  private static Run java(String... options) throws IOException, InterruptedException {
    return java(Main.class, "", options);
  }

  private static Run java(Class<?> main, String argument, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of(options));
    String library = Path.of(System.getProperty("basedir"), "target", "classes").toString();
    String tests = Path.of(System.getProperty("basedir"), "target", "test-classes").toString();
    command.addAll(List.of("-cp", library + System.getProperty("path.separator") + tests, main.getName(), argument));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "still running: " + command);
    return new Run(process.exitValue(), output);
  }

  private static final String WITH_MODULE = "--add-modules=" + MODULE;

  @Test
  void withoutTheModuleItSaysSoOnce() throws Exception {
    Run run = java();
    assertEquals("bits 0", run.line("bits"), run.output());
    assertEquals("runs plain Java: start Java with --add-modules=jdk.incubator.vector", run.line("runs"));
    assertEquals(1, run.output().lines().filter(line -> line.contains("WARNING: ") && line.contains(MODULE)).count(),
        run.output());
  }

  /** With the bits of vectors; by its old name too. */
  @Test
  void plainOnDemand() throws Exception {
    for (String name : new String[] {"plain", "scalar"}) {
      Run run = java(WITH_MODULE, "-Ddev.surprisal.backend=" + name);
      assertEquals("bits 0", run.line("bits"));
      assertEquals("runs plain Java: dev.surprisal.backend=" + name, run.line("runs"));
      assertEquals(java(WITH_MODULE, "-Ddev.surprisal.backend=vector").line("sum"), run.line("sum"));
    }
  }

  /** Vectors take the place of plain Java when they are compiled; then the thread that did that ends. */
  @Test
  void vectorsComeWhenTheyAreCompiled() throws Exception {
    Run run = java(Patient.class, "50", WITH_MODULE);
    assertEquals("compiled at first false", run.line("compiled at first"), run.output());
    assertEquals("same bits true", run.line("same bits"));
    assertEquals("compiled at last true", run.line("compiled at last"));
    assertEquals("twice 0", run.line("twice"));
    assertTrue(run.line("many").startsWith("many true"), run.output());
    assertEquals("thread left false", run.line("thread left"));
  }

  /** Nothing of the library is kept by a thread, once its vectors are compiled. */
  @Test
  void aClassLoaderCanGo() throws Exception {
    String library = Path.of(System.getProperty("basedir"), "target", "classes").toString() + "/";
    Run run = java(Dropping.class, library, WITH_MODULE);
    assertEquals("vectors true", run.line("vectors"), run.output());
    assertEquals("dropped true", run.line("dropped"), run.output());
  }

  /** The compiler of vectors is not there, and nothing says so: the loops stay plain. */
  @Test
  void vectorsThatStaySlowAreNotUsed() throws Exception {
    Run run = java(Patient.class, "3", WITH_MODULE, "-XX:TieredStopAtLevel=3");
    assertEquals("same bits true", run.line("same bits"));
    assertEquals("compiled at last false", run.line("compiled at last"), run.output());
  }

  /** What would make vectors slow: the JVM says so, and the bits are the same. */
  @Test
  void plainWhereVectorsAreSlow() throws Exception {
    String sum = java(WITH_MODULE, "-Ddev.surprisal.backend=vector").line("sum");
    for (String flag : new String[] {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:-UseFMA"}) {
      Run run = java(WITH_MODULE, flag);
      assertEquals("bits 0", run.line("bits"), flag);
      assertTrue(run.line("runs").startsWith("runs plain Java: this JVM "), flag + ": " + run.line("runs"));
      assertEquals(sum, run.line("sum"), flag);
    }
  }

  /**
   * Each width that the processor has, chosen by property rather than by taking vectors from the JVM: the same bits.
   */
  @Test
  void widthOnDemand() throws Exception {
    Run preferred = java(WITH_MODULE);
    int widest = Integer.parseInt(preferred.line("bits").substring("bits ".length()));
    assertTrue(widest >= 128, preferred.output());
    for (int bits = 128; bits <= widest; bits *= 2) {
      Run run = java(WITH_MODULE, "-Ddev.surprisal.backend=vector", "-Ddev.surprisal.vectorBits=" + bits);
      assertEquals("bits " + bits, run.line("bits"), run.output());
      assertEquals("runs " + bits + "-bit vectors", run.line("runs"));
      assertEquals(preferred.line("sum"), run.line("sum"));
    }
  }

  @Test
  void whatCannotBeIsRefused() throws Exception {
    for (String property : new String[] {
        "dev.surprisal.backend=gpu", "dev.surprisal.vectorBits=100", "dev.surprisal.vectorBits=1024"}) {
      assertRefused(property);
    }
    Run run = java("-Ddev.surprisal.backend=vector");
    assertNotEquals(0, run.exit());
    assertTrue(run.output().contains("dev.surprisal.backend=vector: start Java with --add-modules=" + MODULE),
        run.output());
  }

  @Test
  void aWidthThatIsNoNumberIsRefused() throws Exception {
    assertRefused("dev.surprisal.vectorBits=wide");
  }

  private static void assertRefused(String property) throws Exception {
    Run run = java(WITH_MODULE, "-D" + property);
    assertNotEquals(0, run.exit(), property + ": " + run.output());
    assertTrue(run.output().contains("IllegalStateException: " + property), run.output());
  }
}
