package dev.surprisal.benchmarks.run;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is measured, and how.
 *
 * @param groups in this order
 * @param brief one fork of short iterations, instead of what the annotations say
 */
public record Plan(List<Group> groups, boolean brief) {
  private static final String ALL = "\\w+";
  private static final String ON_LOGITS = "LogSumExp|CrossEntropy|Entropy|Score|KlDivergence|JensenShannon|LogSoftmax";
  private static final String ON_PROBABILITIES = "SoftTargets|EntropyOfProbabilities|CrossEntropyOfProbabilities"
      + "|KlDivergenceOfProbabilities|JensenShannonOfProbabilities";
  private static final String MAIN = "CrossEntropy|Entropy|Score|KlDivergence";

  /**
   * Everything.
   *
   * @param processors of the machine: threads go up to as many
   * @return about 170 configurations
   */
  public static Plan full(int processors) {
    String[] threads = threads(processors);
    List<Group> groups = new ArrayList<>();
    groups.add(sum().with("dataset", "L2", "L3", "MEMORY").with("storage", "ARRAY", "OFF_HEAP").with("threads", "1"));
    groups.add(sum().with("dataset", "L3", "MEMORY").with("storage", "ARRAY").with("threads", threads));
    groups.add(statistics(ON_LOGITS + "|" + ON_PROBABILITIES)
        .with("dataset", "L2", "MEMORY").with("dtype", "F32").with("storage", "ARRAY").with("threads", "1"));
    groups.add(statistics("CrossEntropy|Entropy|KlDivergence")
        .with("dataset", "L2", "MEMORY").with("dtype", "F32").with("storage", "OFF_HEAP").with("threads", "1"));
    groups.add(statistics("CrossEntropy|Entropy")
        .with("dataset", "L2", "MEMORY").with("dtype", "BF16", "F16").with("storage", "ARRAY").with("threads", "1"));
    groups.add(statistics("Entropy")
        .with("dataset", "MEMORY").with("dtype", "BF16", "F16").with("storage", "OFF_HEAP").with("threads", "1"));
    groups.add(statistics("CrossEntropy|Entropy|KlDivergence|LogSoftmax")
        .with("dataset", "L3").with("dtype", "F32").with("storage", "ARRAY").with("threads", "1"));
    groups.add(statistics("CrossEntropy|Entropy|KlDivergence|LogSoftmax")
        .with("dataset", "L3", "MEMORY").with("dtype", "F32").with("storage", "ARRAY").with("threads", threads));
    groups.addAll(studies());
    groups.addAll(peers());
    groups.add(Group.of("peers", "PyTorch", "crossEntropy|entropy|klDivergence|logSoftmax")
        .with("dataset", "L3", "MEMORY").with("dtype", "F32").with("threads", "2"));
    groups.add(Group.of("peers", "OnnxRuntime", ALL).with("dataset", "L3", "MEMORY").with("threads", "2"));
    return new Plan(groups, false);
  }

  /**
   * The rows of the main table, for a look of three minutes.
   *
   * @return about 40 configurations
   */
  public static Plan quick() {
    List<Group> groups = new ArrayList<>();
    groups.add(sum().with("dataset", "L2", "MEMORY").with("storage", "ARRAY").with("threads", "1"));
    groups.add(statistics(MAIN + "|LogSoftmax|EntropyOfProbabilities|KlDivergenceOfProbabilities")
        .with("dataset", "L2", "MEMORY").with("dtype", "F32").with("storage", "ARRAY").with("threads", "1"));
    groups.add(statistics("CrossEntropy")
        .with("dataset", "L2", "MEMORY").with("dtype", "BF16").with("storage", "ARRAY").with("threads", "1"));
    groups.add(Group.of("peers", "PyTorch", "crossEntropy|entropy|klDivergence|logSoftmax")
        .with("dataset", "L2", "MEMORY").with("dtype", "F32").with("threads", "1"));
    groups.add(Group.of("peers", "PyTorch", "crossEntropy")
        .with("dataset", "L2", "MEMORY").with("dtype", "BF16").with("threads", "1"));
    groups.add(Group.of("peers", "OnnxRuntime", ALL).with("dataset", "L2", "MEMORY").with("threads", "1"));
    groups.add(Group.of("peers", "Nd4j|Smile|PlainJava|LanewiseExp", "crossEntropy|entropy|klDivergence\\w*|entropyOfProbabilities")
        .with("dataset", "L2"));
    return new Plan(groups, true);
  }

  private static List<Group> studies() {
    return List.of(
        Group.of("studies", "Vocabulary", ALL)
            .with("vocabulary", "1024", "8192", "65536", "262144", "1048576"),
        Group.of("studies", "SmallVocabulary", ALL).with("vocabulary", "5", "64"),
        Group.of("studies", "LongRow", ALL).with("vocabulary", "32000", "262144").with("parallel", "false", "true"),
        Group.of("studies", "Backend", ALL).with("backend", "widest", "256", "128", "scalar"),
        Group.of("studies", "RowKind", "entropy").with("kind", "ORDINARY", "NEAR_DETERMINISTIC", "ASCENDING", "FEW_MASKED", "MASKED"),
        Group.of("studies", "RowKind", "klDivergence")
            .with("kind", "ORDINARY", "ASCENDING", "FEW_MASKED", "MASKED", "CLOSE_PAIR", "FAR_PAIR", "SHIFTED_PAIR"),
        Group.of("studies", "Trigram", "entropy|klDivergence|score").with("dataset", "L2", "MEMORY"),
        Group.of("studies", "Pollution", "entropy|klDivergence")
            .with("dtype", "F32").with("storage", "ARRAY", "OFF_HEAP").with("polluted", "false", "true"),
        Group.of("studies", "Pollution", "entropy")
            .with("dtype", "BF16", "F16").with("storage", "OFF_HEAP").with("polluted", "false", "true"),
        Group.of("studies", "WarmUp", ALL));
  }

  /** Others, on one thread. */
  private static List<Group> peers() {
    return List.of(
        Group.of("peers", "PyTorch", ALL).with("dataset", "L2", "MEMORY").with("dtype", "F32").with("threads", "1"),
        Group.of("peers", "PyTorch", "crossEntropy")
            .with("dataset", "L2", "MEMORY").with("dtype", "BF16").with("threads", "1"),
        Group.of("peers", "OnnxRuntime", ALL).with("dataset", "L2", "MEMORY").with("threads", "1"),
        Group.of("peers", "Nd4j", "entropy|logSoftmax").with("dataset", "L2", "MEMORY"),
        Group.of("peers", "Smile|PlainJava|LanewiseExp", ALL).with("dataset", "L2", "MEMORY"));
  }

  private static Group sum() {
    return Group.of("studies", "PlainSum", ALL).with("vocabulary", "131072");
  }

  private static Group statistics(String benchmarks) {
    return Group.of("statistics", benchmarks, ALL).with("vocabulary", "131072");
  }

  /** Powers of two from 2 to the number of processors. */
  private static String[] threads(int processors) {
    return IntStream.iterate(2, n -> n <= Math.max(2, processors), n -> 2 * n).mapToObj(Integer::toString)
        .toArray(String[]::new);
  }
}
