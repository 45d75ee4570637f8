package dev.surprisal.benchmarks.run;

import dev.surprisal.benchmarks.Job;
import dev.surprisal.kernel.Statistic;
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
    groups.add(statistics(Job.all().toArray(Job[]::new))
        .with("dataset", "L2", "MEMORY").with("dtype", "F32").with("storage", "ARRAY").with("threads", "1"));
    groups.add(statistics(Job.CROSS_ENTROPY, Job.ENTROPY, Job.KL_DIVERGENCE)
        .with("dataset", "L2", "MEMORY").with("dtype", "F32").with("storage", "OFF_HEAP").with("threads", "1"));
    groups.add(statistics(Job.CROSS_ENTROPY, Job.ENTROPY)
        .with("dataset", "L2", "MEMORY").with("dtype", "BF16", "F16").with("storage", "ARRAY").with("threads", "1"));
    groups.add(statistics(Job.ENTROPY)
        .with("dataset", "MEMORY").with("dtype", "BF16", "F16").with("storage", "OFF_HEAP").with("threads", "1"));
    groups.add(statistics(Job.CROSS_ENTROPY, Job.ENTROPY, Job.KL_DIVERGENCE, Job.LOG_SOFTMAX)
        .with("dataset", "L3").with("dtype", "F32").with("storage", "ARRAY").with("threads", "1"));
    groups.add(statistics(Job.CROSS_ENTROPY, Job.ENTROPY, Job.KL_DIVERGENCE, Job.LOG_SOFTMAX)
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
    groups.add(statistics(Job.CROSS_ENTROPY, Job.ENTROPY, Job.SCORE, Job.KL_DIVERGENCE, Job.LOG_SOFTMAX,
        Job.ofProbabilities(Statistic.ENTROPY), Job.ofProbabilities(Statistic.KL_DIVERGENCE))
        .with("dataset", "L2", "MEMORY").with("dtype", "F32").with("storage", "ARRAY").with("threads", "1"));
    groups.add(statistics(Job.CROSS_ENTROPY)
        .with("dataset", "L2", "MEMORY").with("dtype", "BF16").with("storage", "ARRAY").with("threads", "1"));
    groups.add(Group.of("peers", "PyTorch", "crossEntropy|entropy|klDivergence|logSoftmax")
        .with("dataset", "L2", "MEMORY").with("dtype", "F32").with("threads", "1"));
    groups.add(Group.of("peers", "PyTorch", "crossEntropy")
        .with("dataset", "L2", "MEMORY").with("dtype", "BF16").with("threads", "1"));
    groups.add(Group.of("peers", "OnnxRuntime", ALL).with("dataset", "L2", "MEMORY").with("threads", "1"));
    groups.add(Group
        .of("peers", "Nd4j|Smile|PlainJava|LanewiseExp", "crossEntropy|entropy|klDivergence\\w*|entropyOfProbabilities")
        .with("dataset", "L2"));
    return new Plan(groups, true);
  }

  private static List<Group> studies() {
    return List.of(
        study("Vocabulary", Job.ENTROPY, Job.KL_DIVERGENCE)
            .with("vocabulary", "1024", "8192", "65536", "262144", "1048576"),
        study("SmallVocabulary", Job.CROSS_ENTROPY, Job.ENTROPY, Job.JENSEN_SHANNON, Job.KL_DIVERGENCE)
            .with("vocabulary", "5", "64"),
        study("LongRow", Job.ENTROPY).with("vocabulary", "32000", "262144").with("parallel", "false", "true"),
        study("Backend", Job.ENTROPY).with("backend", "widest", "256", "128", "scalar"),
        study("RowKind", Job.ENTROPY)
            .with("kind", "ORDINARY", "NEAR_DETERMINISTIC", "ASCENDING", "FEW_MASKED", "MASKED"),
        study("RowKind", Job.KL_DIVERGENCE)
            .with("kind", "ORDINARY", "ASCENDING", "FEW_MASKED", "MASKED", "CLOSE_PAIR", "FAR_PAIR", "SHIFTED_PAIR"),
        study("Trigram", Job.ENTROPY, Job.KL_DIVERGENCE, Job.SCORE).with("dataset", "L2", "MEMORY"),
        study("Pollution", Job.ENTROPY, Job.KL_DIVERGENCE)
            .with("dtype", "F32").with("storage", "ARRAY", "OFF_HEAP").with("polluted", "false", "true"),
        study("Pollution", Job.ENTROPY)
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

  private static Group statistics(Job... jobs) {
    return Group.of("statistics", "Statistic", List.of(jobs)).with("vocabulary", "131072");
  }

  private static Group study(String benchmark, Job... jobs) {
    return Group.of("studies", benchmark, List.of(jobs));
  }

  /** Powers of two from 2 to the number of processors. */
  private static String[] threads(int processors) {
    return IntStream.iterate(2, n -> n <= Math.max(2, processors), n -> 2 * n).mapToObj(Integer::toString)
        .toArray(String[]::new);
  }
}
