package dev.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.Backend;
import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

/** What this JVM of the suite was told to be is what it is. */
class BackendTest {
  /** 0 for plain Java. */
  private static final int EXPECTED_BITS = Integer.getInteger("expectedVectorBits");

  @Test
  void isWhatTheBuildSays() {
    int bits = EXPECTED_BITS == 0 ? 0 : Math.min(EXPECTED_BITS, FloatVector.SPECIES_PREFERRED.vectorBitSize());
    assertEquals(bits, Backend.current().vectorBits());
    String description = Backend.current().toString();
    assertTrue(description.startsWith(bits == 0 ? "plain Java: " : bits + "-bit vectors"), description);
  }

  /** The suite of a width computes with vectors from the first row on, or it would test plain Java instead. */
  @Test
  void computesAtOnceWithWhatItIs() {
    Scorer.sequential().entropy(Logits.of(new float[1000], 1, 1000));
    assertEquals(EXPECTED_BITS > 0, Backend.current().compiled().contains("MomentsLoop of F32_ARRAY, ENTROPY"));
  }
}
