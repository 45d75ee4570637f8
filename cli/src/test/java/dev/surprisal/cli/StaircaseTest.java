package dev.surprisal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.Utf8Entry;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The packages are a staircase: each knows only those below it. Read from the class files. */
class StaircaseTest {
  private static final String ROOT = "dev/surprisal/cli/";

  /** From the ground up; the last is the package of {@link Surprisal} itself. */
  private static final List<String> STAIRS = List.of("files", "scoring", "output", "html", "demo", "command", "");

  /** The name of a class, alone or in a descriptor or a signature; its first group is the package. */
  private static final Pattern CLASS = Pattern.compile(ROOT + "(?:([a-z/]+)/)?(?:[A-Z]|package-info)");

  /** One package that knows another one, and a class of it that does. */
  private record Arrow(String from, String to, String by) {
    boolean goesUp() {
      return STAIRS.indexOf(to) > STAIRS.indexOf(from);
    }
  }

  private static List<ClassModel> classes() {
    try {
      Path root = Path.of(Surprisal.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.walk(root)) {
        return files.filter(file -> file.toString().endsWith(".class")).map(StaircaseTest::parse).toList();
      }
    } catch (IOException | URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static ClassModel parse(Path file) {
    try {
      return ClassFile.of().parse(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(ClassModel model) {
    return model.thisClass().asInternalName();
  }

  /** The packages of this module that a text of a class file names. */
  private static Stream<String> packagesIn(String text) {
    return CLASS.matcher(text).results().map(match -> match.group(1) == null ? "" : match.group(1));
  }

  private static String packageOf(ClassModel model) {
    return packagesIn(name(model)).findFirst()
        .orElseThrow(() -> new AssertionError(name(model) + " is not below " + ROOT));
  }

  /** Every type that a class names stands in its constant pool, be it of a field, of a call or of an annotation. */
  private static Set<Arrow> arrows() {
    Set<Arrow> arrows = new HashSet<>();
    for (ClassModel model : classes()) {
      String from = packageOf(model);
      StreamSupport.stream(model.constantPool().spliterator(), false)
          .filter(Utf8Entry.class::isInstance).map(entry -> ((Utf8Entry) entry).stringValue())
          .flatMap(StaircaseTest::packagesIn).filter(to -> !to.equals(from))
          .forEach(to -> arrows.add(new Arrow(from, to, name(model))));
    }
    return arrows;
  }

  @Test
  void everyPackageIsAStair() {
    assertEquals(new TreeSet<>(STAIRS),
        classes().stream().map(StaircaseTest::packageOf).collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void noPackageKnowsOneAboveIt() {
    Set<Arrow> arrows = arrows();
    assertEquals(List.of(), arrows.stream().filter(Arrow::goesUp).toList());
    for (int stair = 1; stair < STAIRS.size(); stair++) {
      String from = STAIRS.get(stair);
      assertTrue(arrows.stream().anyMatch(arrow -> arrow.from.equals(from)), () -> "no arrow is found from " + from);
    }
  }
}
