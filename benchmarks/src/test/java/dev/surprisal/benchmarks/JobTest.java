package dev.surprisal.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.kernel.Statistic;
import dev.surprisal.kernel.storage.Operand;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs are all that the library's list of statistics allows, each under a name of its own. */
class JobTest {
  /** Without weights there are as many inputs as combinations of operands that the statistic takes. */
  @ParameterizedTest
  @EnumSource
  void inputsAreAllThatAreTaken(Statistic statistic) {
    int taken = 0;
    for (Operand first : List.of(Operand.LOGITS, Operand.PROBABILITIES)) {
      taken += statistic.takes(first, null) ? 1 : 0;
      taken += statistic.takes(first, Operand.LOGITS) ? 1 : 0;
      taken += statistic.takes(first, Operand.PROBABILITIES) ? 1 : 0;
    }
    assertEquals(taken, List.of(Inputs.values()).stream().filter(inputs -> inputs.areTakenBy(statistic)).count());
  }

  @Test
  void namesAreDistinct() {
    Set<String> names = Job.all().stream().map(Job::name).collect(Collectors.toSet());
    assertEquals(Job.all().size(), names.size());
    assertEquals(names.size(), Job.all().stream().map(Job::title).distinct().count());
    for (Job job : Job.all()) {
      assertEquals(job, Job.find(job.name()).orElseThrow());
      assertEquals(job.title(), Job.titleOf(job.name()));
    }
    assertEquals("gone", Job.titleOf("gone"));
  }

  /** As in results that were measured before, and as the methods of others are called. */
  @Test
  void namesOfOldResults() {
    assertTrue(Job.all().stream().map(Job::name).toList().containsAll(List.of(
        "logSumExp", "crossEntropy", "entropy", "score", "klDivergence", "jensenShannon", "logSoftmax",
        "crossEntropyOfSoftTargets", "entropyOfProbabilities", "crossEntropyOfProbabilities",
        "klDivergenceOfProbabilities", "jensenShannonOfProbabilities")));
  }
}
