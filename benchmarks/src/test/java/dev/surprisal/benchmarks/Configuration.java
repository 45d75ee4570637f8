package dev.surprisal.benchmarks;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * A benchmark class with one value for each of its parameters.
 *
 * @param type the class
 * @param params values by name
 */
record Configuration(Class<? extends BatchBenchmark> type, Map<String, String> params) {
  /** {@return the benchmark classes on the class path, peers among them if they are built} */
  static List<Class<? extends BatchBenchmark>> benchmarkClasses() {
    OutputFormat silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    return BenchmarkList.defaultList().find(silent, List.of(".*"), List.of()).stream()
        .map(entry -> entry.getUserClassQName()).distinct().<Class<? extends BatchBenchmark>>map(Configuration::load)
        .toList();
  }

  private static Class<? extends BatchBenchmark> load(String name) {
    try {
      return Class.forName(name).asSubclass(BatchBenchmark.class);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /** {@return every combination of the values that the parameters of a class may have} */
  static List<Configuration> of(Class<? extends BatchBenchmark> type) {
    List<Map<String, String>> combinations = List.of(Map.of());
    for (Map.Entry<String, List<String>> param : values(type).entrySet()) {
      List<Map<String, String>> longer = new ArrayList<>();
      for (Map<String, String> combination : combinations) {
        for (String value : param.getValue()) {
          Map<String, String> more = new LinkedHashMap<>(combination);
          more.put(param.getKey(), value);
          longer.add(more);
        }
      }
      combinations = longer;
    }
    return combinations.stream().map(params -> new Configuration(type, params)).toList();
  }

  /** {@return the values of each parameter: all jobs, and what annotations name} */
  static Map<String, List<String>> values(Class<?> type) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (Field field : type.getFields()) {
      Param param = field.getAnnotation(Param.class);
      if (field.getName().equals(JobBenchmark.PARAMETER)) {
        values.put(field.getName(), Job.all().stream().map(Job::name).toList());
      } else if (param != null) {
        values.put(field.getName(), List.of(param.value()));
      }
    }
    return values;
  }

  /** {@return an instance with its inputs} */
  BatchBenchmark setUp() throws Exception {
    BatchBenchmark benchmark = type.getConstructor().newInstance();
    for (Map.Entry<String, String> param : params.entrySet()) {
      Field field = type.getField(param.getKey());
      field.set(benchmark, parse(field.getType(), param.getValue()));
    }
    benchmark.prepare();
    return benchmark;
  }

  /** {@return the methods that are measured} */
  List<Method> benchmarks() {
    return Arrays.stream(type.getMethods()).filter(method -> method.isAnnotationPresent(Benchmark.class)).toList();
  }

  /** {@return the name of what a method computes} */
  String statistic(Method method) {
    return params.getOrDefault(JobBenchmark.PARAMETER, method.getName());
  }

  private static Object parse(Class<?> type, String value) {
    if (type == int.class) {
      return Integer.valueOf(value);
    }
    if (type == boolean.class) {
      return Boolean.valueOf(value);
    }
    if (type == String.class) {
      return value;
    }
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(value)) {
        return constant;
      }
    }
    throw new IllegalArgumentException(type + " has no " + value);
  }
}
