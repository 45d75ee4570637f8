package dev.surprisal.data;

import java.util.random.RandomGenerator;

/** How a second row of logits is made from a first. */
public enum PairKind {
  /** Another row of the same kind; with another mask, so that some divergences are infinite. */
  INDEPENDENT((kind, x, random) -> kind.row(random, x.length)),

  /** Other logits where the first row has any. */
  SAME_SUPPORT((kind, x, random) -> moved(x, random, 3)),

  SAME((kind, x, random) -> x.clone()),
  SHIFTED((kind, x, random) -> RowKind.fill(x.length, i -> x[i] + 1.5f)),

  /** A divergence of about 1e-1 between ordinary rows, and so on down to 1e-6 and below. */
  CLOSE_1E1((kind, x, random) -> moved(x, random, 0.45)),
  CLOSE_1E2((kind, x, random) -> moved(x, random, 0.14)),
  CLOSE_1E3((kind, x, random) -> moved(x, random, 0.045)),
  CLOSE_1E4((kind, x, random) -> moved(x, random, 0.014)),
  CLOSE_1E5((kind, x, random) -> moved(x, random, 0.0045)),
  CLOSE_1E6((kind, x, random) -> moved(x, random, 0.0016)),
  CLOSE_1E9((kind, x, random) -> moved(x, random, 4.5e-5)),

  /** All but one entry are the same. */
  ONE_DIFFERS((kind, x, random) -> {
    float[] y = x.clone();
    int index = random.nextInt(y.length);
    y[index] += 0.5f;
    return y;
  });

  /** Makes the second row. */
  @FunctionalInterface
  interface Maker {
    float[] second(RowKind kind, float[] first, RandomGenerator random);
  }

  private final Maker maker;

  PairKind(Maker maker) {
    this.maker = maker;
  }

  /** The second row of a pair. */
  public float[] second(RowKind kind, float[] first, RandomGenerator random) {
    return maker.second(kind, first, random);
  }

  private static float[] moved(float[] x, RandomGenerator random, double distance) {
    return RowKind.fill(x.length, i -> (float) (x[i] + distance * RowKind.gaussian(random)));
  }
}
