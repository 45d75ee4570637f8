package dev.surprisal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Modifier;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the speed of the loops rests on: each is a class of its own, with a method that is not inlined into its caller. */
class SpecializedTest {
  @ParameterizedTest
  @ValueSource(classes = {
      CloseLoop.class, CrossEntropyLoop.class, Decoder.class, DivergenceLoop.class, Find.class, LogSoftmaxLoop.class, MomentsLoop.class,
      PairLoop.class, PreciseRatio.class, RatioLoop.class, Scan.class, ShortPairsLoop.class, ShortRowsLoop.class, SumLoop.class})
  void theLoopIsNotInlined(Class<?> type) throws Exception {
    for (MethodModel method : methods(type)) {
      boolean helper = method.flags().has(AccessFlag.PRIVATE);
      int length = ((CodeAttribute) method.code().orElseThrow()).codeLength();
      assertEquals(!helper, length > Specialized.LONGEST_INLINED, type + "." + method.methodName() + ": " + length + " bytecodes");
    }
  }

  /** A step that the compiler knew would have it unroll the loop: see {@link Lanes#width}. */
  @ParameterizedTest
  @ValueSource(classes = {
      Decoder.class, Find.class, LogSoftmaxLoop.class, MomentsLoop.class, Scan.class})
  void theLoopStepsByAVariable(Class<?> type) throws Exception {
    boolean variable = methods(type).stream().flatMap(method -> method.code().orElseThrow().elementStream())
        .anyMatch(element -> element instanceof FieldInstruction field && isStep(field));
    assertTrue(variable, type + " reads neither Lanes.width nor Lanes.count");
  }

  private static boolean isStep(FieldInstruction field) {
    return field.owner().name().stringValue().endsWith("/Lanes")
        && (field.name().equalsString("width") || field.name().equalsString("count"));
  }

  @Test
  void stepsAreNoConstants() throws NoSuchFieldException {
    assertFalse(Modifier.isFinal(Lanes.class.getDeclaredField("width").getModifiers()));
    assertFalse(Modifier.isFinal(Lanes.class.getDeclaredField("count").getModifiers()));
  }

  private static List<MethodModel> methods(Class<?> type) throws IOException, ClassNotFoundException {
    byte[] bytes = Specialized.classFile(Class.forName(type.getName() + "$Template", false, type.getClassLoader()));
    List<MethodModel> methods = ClassFile.of().parse(bytes).methods().stream()
        .filter(method -> !method.methodName().stringValue().startsWith("<"))
        .toList();
    assertTrue(methods.stream().anyMatch(method -> !method.flags().has(AccessFlag.PRIVATE)), type + " has no loop");
    return methods;
  }

  @Test
  void aSourceHasItsOwnClass() {
    assertSame(Scan.of(Source.F32_ARRAY), Scan.of(Source.F32_ARRAY));
    assertNotSame(Scan.of(Source.F32_ARRAY).getClass(), Scan.of(Source.F32_SEGMENT).getClass());
  }
}
