package dev.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.surprisal.Backend;
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
}
