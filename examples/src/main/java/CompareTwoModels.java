import dev.surprisal.DType;
import dev.surprisal.Logits;
import dev.surprisal.Scorer;
import java.util.Random;

/** How far a student's predictions are from its teacher's. Here the student is the teacher, rounded to bf16. */
public class CompareTwoModels {
  public static void main(String[] args) {
    int rows = 4;
    int vocabulary = 32_000;
    float[] exact = new float[rows * vocabulary];
    short[] rounded = new short[rows * vocabulary];
    Random random = new Random(1);
    for (int i = 0; i < exact.length; i++) {
      exact[i] = 3 * (float) random.nextGaussian();
      rounded[i] = toBf16(exact[i]);
    }

    // The two may have different dtypes and lie in different kinds of memory. Rows and vocabulary must be the same.
    Logits teacher = Logits.of(exact, rows, vocabulary);
    Logits student = Logits.of(rounded, DType.BF16, rows, vocabulary);
    Scorer scorer = Scorer.parallel();
    double[] kl = scorer.klDivergence(teacher, student); // the true distribution comes first
    double[] jensenShannon = scorer.jensenShannon(teacher, student); // the same in either order

    for (int row = 0; row < rows; row++) {
      System.out.printf("row %d  KL %.3e  Jensen-Shannon %.3e%n", row, kl[row], jensenShannon[row]);
    }
  }

  /** The nearest bf16, the one with an even significand if two are as near. For finite values. */
  private static short toBf16(float value) {
    int bits = Float.floatToIntBits(value);
    int half = 0x7fff + (bits >>> 16 & 1);
    return (short) (bits + half >>> 16);
  }
}
