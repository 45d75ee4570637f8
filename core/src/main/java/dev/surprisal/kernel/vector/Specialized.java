package dev.surprisal.kernel.vector;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessFlag;

/**
 * Makes a loop once per loader from one source: the class file of the template is defined again as a hidden class whose
 * {@code static final} constants come from its class data, so that the compiler treats them as it treats literals.
 * Generic code would be compiled once for all loaders, with a virtual call and a boxed vector in the loop.
 *
 * <p>Each copy is compiled on its own: C2 inlines nothing more of ours after a number of nodes, and a loop that it
 * inlined into its caller would find them used up, its vectors objects. What keeps it from doing so is the length of
 * the method, so copies begin with instructions that do nothing, and become nothing.
 */
public final class Specialized {
  /** HotSpot inlines no method of more bytecodes, however hot: FreqInlineSize. */
  public static final int LONGEST_INLINED = 325;

  private static final ClassFile CLASS_FILE =
      ClassFile.of(
          ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofClassLoading(Specialized.class.getClassLoader())));

  private Specialized() {}

  /** An instance of a copy of {@code template}, in the package of the lookup, whose class data is {@code data}. */
  static <T> T of(MethodHandles.Lookup lookup, Class<T> contract, Class<? extends T> template, Object data) {
    try {
      MethodHandles.Lookup copy = lookup.defineHiddenClassWithClassData(classFile(template), data, true);
      return contract.cast(copy.findConstructor(copy.lookupClass(), MethodType.methodType(void.class)).invoke());
    } catch (Throwable e) {
      throw new IllegalStateException("cannot define a copy of " + template, e);
    }
  }

  /** The class data of the calling hidden class. */
  public static <T> T data(MethodHandles.Lookup lookup, Class<T> type) {
    try {
      return MethodHandles.classData(lookup, "_", type);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The class file of a template, its loop too long to be inlined. */
  public static byte[] classFile(Class<?> template) throws IOException {
    String file = template.getName().substring(template.getPackageName().length() + 1) + ".class";
    try (InputStream in = template.getResourceAsStream(file)) {
      ClassTransform transform = ClassTransform.transformingMethodBodies(Specialized::isLoop, new Padding());
      return CLASS_FILE.transformClass(CLASS_FILE.parse(in.readAllBytes()), transform);
    }
  }

  /**
   * A template has a constructor, the methods it is there for, and perhaps private helpers, which
   * are to be inlined into it.
   */
  private static boolean isLoop(MethodModel method) {
    return !method.methodName().stringValue().startsWith("<") && !method.flags().has(AccessFlag.PRIVATE);
  }

  private static final class Padding implements CodeTransform {
    @Override
    public void atStart(CodeBuilder code) {
      for (int i = 0; i < LONGEST_INLINED; i++) {
        code.nop();
      }
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      code.with(element);
    }
  }
}
