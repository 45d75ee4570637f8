package dev.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.Backend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.reflect.AccessFlag;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Rules that the sources cannot say by themselves, read from the class files: which room may know which, where vectors
 * may appear, and how long the methods may be that the compiler must inline, or must not.
 */
@Tag("without-module") // whatever the backend: once is enough
class StructureTest {
  private static final String VECTOR = "jdk/incubator/vector/";
  private static final String ROOT = "dev/surprisal/";
  private static final String KERNEL = "dev/surprisal/kernel/";

  /** The rooms of core, from the ground up: each may know those before it. */
  private static final List<String> STAIRCASE = List.of(
      "dev/surprisal/reference/", "dev/surprisal/kernel/scalar/", "dev/surprisal/kernel/vector/",
      "dev/surprisal/kernel/loop/",
      "dev/surprisal/kernel/storage/", "dev/surprisal/kernel/row/", "dev/surprisal/kernel/pair/",
      "dev/surprisal/kernel/probability/", "dev/surprisal/kernel/", "dev/surprisal/batch/", "dev/surprisal/");

  /** The room in which vectors may appear, and the forms of loops that may know them: others must do without. */
  private static final String ROOM_OF_VECTORS = "dev/surprisal/kernel/vector/";
  private static final String VECTOR_FORM = "Loop$Template";

  /**
   * HotSpot inlines no method of more bytecodes, however hot (FreqInlineSize): a vector in or out
   * of it would be an object.
   */
  private static final int LONGEST_INLINED = 325;

  /**
   * A loop over vectors is compiled on its own (it is made longer than {@link #LONGEST_INLINED} where it is
   * defined): by far shorter than what HotSpot compiles at all (HugeMethodLimit, 8000), and not much longer than the
   * longest that has been measured.
   */
  private static final int LONGEST_LOOP = 1000;

  /** Slow, or without a fixed order: see the notes on what the compiler does. */
  private static final Set<String> BANNED_OPERATORS =
      Set.of("EXP", "EXPM1", "LOG", "LOG1P", "LOG10", "POW", "TANH", "SIN", "COS", "HYPOT");

  private static final Pattern NAMES = Pattern.compile(ROOT + "[A-Za-z/]+(\\$[A-Za-z0-9$]+)?");

  private static List<ClassModel> classes() {
    try {
      Path root = Path.of(Backend.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.walk(root)) {
        return files.filter(file -> file.toString().endsWith(".class")).map(StructureTest::parse).toList();
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

  private static Stream<ClassModel> kernels() {
    return classes().stream().filter(model -> name(model).startsWith(KERNEL));
  }

  private static String name(ClassModel model) {
    return model.thisClass().asInternalName();
  }

  private static boolean mentionsVectors(ClassModel model) {
    return StreamSupport.stream(model.constantPool().spliterator(), false).anyMatch(StructureTest::mentionsVectors);
  }

  private static boolean mentionsVectors(PoolEntry entry) {
    return entry instanceof Utf8Entry utf8 && utf8.stringValue().contains(VECTOR);
  }

  private static String room(String name) {
    return name.substring(0, name.lastIndexOf('/') + 1);
  }

  /** Every class of core that a class names, in its code or its descriptors. */
  private static Set<String> known(ClassModel model) {
    Set<String> known = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof Utf8Entry utf8) {
        Matcher matcher = NAMES.matcher(utf8.stringValue());
        while (matcher.find()) {
          known.add(outermost(matcher.group()));
        }
      }
    }
    known.remove(outermost(name(model)));
    return known;
  }

  /** Nested classes are of the file that they stand in. */
  private static String outermost(String name) {
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }

  /** Which file knows which. */
  private static Map<String, Set<String>> arrows() {
    Map<String, Set<String>> arrows = new TreeMap<>();
    for (ClassModel model : classes()) {
      arrows.computeIfAbsent(outermost(name(model)), key -> new TreeSet<>()).addAll(known(model));
    }
    arrows.values().forEach(known -> known.retainAll(arrows.keySet()));
    return arrows;
  }

  @Test
  void roomsAreAStaircase() {
    List<String> up = new ArrayList<>();
    arrows().forEach((file, known) -> {
      int floor = STAIRCASE.indexOf(room(file));
      assertTrue(floor >= 0 || file.equals("module-info"), () -> file + " is in no room of the staircase");
      known.stream().filter(other -> STAIRCASE.indexOf(room(other)) > floor)
          .forEach(other -> up.add(file + " -> " + other));
    });
    assertEquals(List.of(), up, "arrows that lead up");
    assertTrue(arrows().values().stream().mapToInt(Set::size).sum() > 100, "the arrows are not where this test looks");
  }

  /** Of files that know each other, directly or by way of others, none could be read first. */
  @Test
  void noFilesAreInACircle() {
    Map<String, Set<String>> arrows = arrows();
    boolean removed = true;
    while (removed) {
      // A file that knows no other that is left is in no circle.
      Set<String> ground = new TreeSet<>();
      arrows.forEach((file, known) -> {
        if (known.stream().noneMatch(arrows::containsKey)) {
          ground.add(file);
        }
      });
      removed = arrows.keySet().removeAll(ground);
    }
    assertEquals(Map.of(), arrows, "files in a circle, or that know some");
  }

  @Test
  void vectorsAppearInTheirRoomAndInVectorFormsOnly() {
    List<String> outside = classes().stream().filter(StructureTest::mentionsVectors).map(StructureTest::name)
        .filter(name -> !ROOM_OF_VECTORS.equals(room(name)) && !name.endsWith(VECTOR_FORM)).toList();
    assertEquals(List.of(), outside);
    assertTrue(kernels().filter(StructureTest::mentionsVectors).count() > 5,
        "the kernels are not where this test looks");
  }

  @Test
  void noVectorIsKeptInAField() {
    kernels().forEach(model -> {
      for (FieldModel field : model.fields()) {
        String type = field.fieldType().stringValue();
        if (type.contains(VECTOR)) {
          assertTrue(
              type.equals("L" + VECTOR + "VectorSpecies;") && field.flags().has(AccessFlag.STATIC)
                  && field.flags().has(AccessFlag.FINAL),
              () -> name(model) + "." + field.fieldName().stringValue() + " is a " + type);
        }
      }
    });
  }

  /** Vectors cross a call only where it disappears. */
  @Test
  void methodsThatVectorsCrossAreShort() {
    long checked = methods().filter(method -> method.methodType().stringValue().contains(VECTOR))
        .filter(method -> method.code().isPresent())
        .peek(method -> assertTrue(length(method) <= LONGEST_INLINED,
            () -> name(method) + ": " + length(method) + " bytecodes"))
        .count();
    assertTrue(checked > 5, "no method takes a vector");
  }

  @Test
  void loopsOverVectorsAreOfBoundedLength() {
    long checked = methods().filter(StructureTest::isLoopOverVectors)
        .peek(method -> assertTrue(length(method) <= LONGEST_LOOP,
            () -> name(method) + ": " + length(method) + " bytecodes"))
        .count();
    assertTrue(checked > 5, "no loop over vectors is found");
  }

  @Test
  void noSlowOperatorAndNoOpenOrder() {
    methods().filter(method -> method.code().isPresent()).forEach(method -> {
      CodeModel code = method.code().orElseThrow();
      boolean reduces = code.elementStream().anyMatch(element -> element instanceof InvokeInstruction call
          && call.name().equalsString("reduceLanes")
          && (call.owner().asInternalName().equals(VECTOR + "FloatVector")
              || call.owner().asInternalName().equals(VECTOR + "DoubleVector")));
      code.elementStream().filter(FieldInstruction.class::isInstance).map(FieldInstruction.class::cast)
          .filter(field -> field.owner().asInternalName().equals(VECTOR + "VectorOperators"))
          .map(field -> field.name().stringValue())
          .forEach(operator -> {
            assertFalse(BANNED_OPERATORS.contains(operator), () -> name(method) + " uses " + operator);
            assertFalse(reduces && operator.equals("ADD"),
                () -> name(method) + " adds floats in an order that is left open");
          });
    });
  }

  private static Stream<MethodModel> methods() {
    return kernels().flatMap(model -> model.methods().stream());
  }

  private static String name(MethodModel method) {
    return name(method.parent().orElseThrow()) + "." + method.methodName().stringValue();
  }

  private static int length(MethodModel method) {
    return ((CodeAttribute) method.code().orElseThrow()).codeLength();
  }

  private static boolean isLoopOverVectors(MethodModel method) {
    return method.code()
        .filter(code -> hasLoop(code) && code.elementStream().anyMatch(
            element -> element instanceof InvokeInstruction call && call.owner().asInternalName().startsWith(VECTOR)))
        .isPresent();
  }

  /** A branch to a label that came before it. */
  private static boolean hasLoop(CodeModel code) {
    Set<Label> passed = new HashSet<>();
    return code.elementStream().anyMatch(element -> {
      if (element instanceof LabelTarget target) {
        passed.add(target.label());
      }
      return element instanceof BranchInstruction branch && passed.contains(branch.target());
    });
  }
}
