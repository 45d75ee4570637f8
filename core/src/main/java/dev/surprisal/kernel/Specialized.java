package dev.surprisal.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;

/**
 * Makes a loop once per loader from one source: the class file of the template is defined again as a hidden class whose
 * {@code static final} constants come from its class data, so that the compiler treats them as it treats literals. Generic
 * code would be compiled once for all loaders, with a virtual call and a boxed vector in the loop.
 */
final class Specialized {
  private Specialized() {}

  /** An instance of a copy of {@code template} whose class data is {@code data}. */
  static <T> T of(Class<T> type, Class<? extends T> template, Object data) {
    String file = template.getName().substring(template.getPackageName().length() + 1) + ".class";
    try (InputStream in = template.getResourceAsStream(file)) {
      MethodHandles.Lookup copy = MethodHandles.lookup().defineHiddenClassWithClassData(in.readAllBytes(), data, true);
      return type.cast(copy.lookupClass().getDeclaredConstructor().newInstance());
    } catch (IOException | ReflectiveOperationException e) {
      throw new IllegalStateException("cannot define a copy of " + template + " for " + data, e);
    }
  }

  /** The class data of the calling hidden class. */
  static <T> T data(MethodHandles.Lookup lookup, Class<T> type) {
    try {
      return MethodHandles.classData(lookup, "_", type);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
