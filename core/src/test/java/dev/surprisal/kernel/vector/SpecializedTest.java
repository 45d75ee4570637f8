package dev.surprisal.kernel.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.kernel.loop.MaxLoop;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the speed of the loops rests on: each is a class of its own, with a method that is not inlined into its caller.
 */
class SpecializedTest {
  /**
   * Loops over one row of whatever storage: a step that the compiler knew would have it unroll
   * them, see {@link Vectors#width}.
   */
  private static final Set<String> OVER_ONE_ROW =
      Set.of("DecodeLoop", "IndexLoop", "MaxLoop", "MomentsLoop", "SpreadLoop", "SumLoop", "WriteLoop");

  /** Every class of the room of loops that has a template, so that none is forgotten. */
  static List<String> loops() throws IOException, URISyntaxException {
    Path room = Path.of(MaxLoop.class.getResource("MaxLoop.class").toURI()).getParent();
    try (Stream<Path> files = Files.list(room)) {
      List<String> loops = files.map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("Loop$Template.class"))
          .map(name -> name.substring(0, name.indexOf('$')))
          .sorted().toList();
      assertTrue(loops.size() > 14, "the loops are not where this test looks: " + loops);
      assertTrue(loops.containsAll(OVER_ONE_ROW), "some of " + OVER_ONE_ROW + " are not in " + loops);
      return loops;
    }
  }

  @ParameterizedTest
  @MethodSource("loops")
  void theLoopIsNotInlined(String loop) throws Exception {
    for (MethodModel method : methods(loop)) {
      boolean helper = method.flags().has(AccessFlag.PRIVATE);
      int length = ((CodeAttribute) method.code().orElseThrow()).codeLength();
      assertEquals(!helper, length > Specialized.LONGEST_INLINED,
          loop + "." + method.methodName() + ": " + length + " bytecodes");
    }
  }

  @ParameterizedTest
  @MethodSource("loops")
  void loopsOverOneRowStepByAVariable(String loop) throws Exception {
    boolean variable = methods(loop).stream().flatMap(method -> method.code().orElseThrow().elementStream())
        .anyMatch(element -> element instanceof FieldInstruction field && isStep(field));
    assertEquals(OVER_ONE_ROW.contains(loop), variable, loop + " reads Vectors.width or Vectors.count");
  }

  private static boolean isStep(FieldInstruction field) {
    return field.owner().name().stringValue().endsWith("/Vectors")
        && (field.name().equalsString("width") || field.name().equalsString("count"));
  }

  @Test
  void stepsAreNoConstants() throws NoSuchFieldException {
    assertFalse(Modifier.isFinal(Vectors.class.getDeclaredField("width").getModifiers()));
    assertFalse(Modifier.isFinal(Vectors.class.getDeclaredField("count").getModifiers()));
  }

  private static List<MethodModel> methods(String loop) throws IOException, ClassNotFoundException {
    Class<?> template =
        Class.forName("dev.surprisal.kernel.loop." + loop + "$Template", false, Vectors.class.getClassLoader());
    List<MethodModel> methods = ClassFile.of().parse(Specialized.classFile(template)).methods().stream()
        .filter(method -> !method.methodName().stringValue().startsWith("<"))
        .toList();
    assertTrue(methods.stream().anyMatch(method -> !method.flags().has(AccessFlag.PRIVATE)), loop + " has no loop");
    return methods;
  }
}
