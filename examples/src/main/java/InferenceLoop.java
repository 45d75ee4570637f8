import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import dev.surprisal.Scores;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Takes the most likely token at each step and watches how sure the model is. All objects are made before the loop. */
public class InferenceLoop {
  private static final int VOCABULARY = 32_000;

  public static void main(String[] args) {
    // Memory that the model writes its logits to, again and again. For a direct buffer: MemorySegment.ofBuffer(buffer).
    MemorySegment memory = Arena.ofAuto().allocate(4L * VOCABULARY, 64);
    Logits logits = Logits.of(memory, DType.F32, 1, VOCABULARY); // a view: it sees what is written later
    Scorer scorer = Scorer.sequential(); // on this thread: a single row is too little to share
    Scores scores = Scores.allocate(1);

    int token = 0;
    for (int step = 0; step < 6; step++) {
      runModel(token, memory);
      scorer.score(logits, scores); // allocates nothing once it is warm
      token = scores.argmax()[0];
      double entropy = scores.entropy()[0];
      System.out.printf("token %3d  entropy %7.4f  %s%n", token, entropy, entropy < 2 ? "sure" : "not sure");
    }
  }

  /** Stands in for a model. It prefers token 3 n + 1 after token n, and is sure of it if n is even. */
  private static void runModel(int last, MemorySegment memory) {
    for (int i = 0; i < VOCABULARY; i++) {
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) Math.sin(i));
    }
    memory.setAtIndex(ValueLayout.JAVA_FLOAT, 3 * last + 1, last % 2 == 0 ? 16 : 4);
  }
}
