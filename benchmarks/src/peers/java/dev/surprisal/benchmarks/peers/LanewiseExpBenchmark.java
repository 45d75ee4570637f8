package dev.surprisal.benchmarks.peers;

import dev.surprisal.DType;
import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import dev.surprisal.benchmarks.input.Storage;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;

/** The Vector API as its documentation suggests: {@code lanewise(EXP)}, one pass for each step. */
public class LanewiseExpBenchmark extends PeerBenchmark {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final double TOLERANCE = 1e-4;

  private final float[] exps = new float[VOCABULARY];

  /** Made by JMH. */
  public LanewiseExpBenchmark() {}

  @Override
  protected double warmNanosPerLogit() {
    return 2;
  }

  @Override
  public void prepare() {
    allocate(Inputs.LOGITS, DType.F32, Storage.ARRAY);
    checkSame("cross-entropy", scorer.crossEntropy(x.logits(0), targets), crossEntropy(0), TOLERANCE);
    checkSame("entropy", scorer.entropy(x.logits(0)), entropy(0), TOLERANCE);
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] crossEntropy(Rate rate) {
    return crossEntropy(next(rate));
  }

  /**
   * One batch.
   *
   * @param rate counts what is read
   * @return one value a row
   */
  @Benchmark
  public double[] entropy(Rate rate) {
    return entropy(next(rate));
  }

  private double[] crossEntropy(int batch) {
    for (int row = 0; row < out.length; row++) {
      int from = (batch * out.length + row) * VOCABULARY;
      float max = max(x.floats(), from);
      double sum = exp(x.floats(), from, max, exps);
      out[row] = max + Math.log(sum) - x.floats()[from + targets[row]];
    }
    return out;
  }

  private double[] entropy(int batch) {
    for (int row = 0; row < out.length; row++) {
      int from = (batch * out.length + row) * VOCABULARY;
      float max = max(x.floats(), from);
      double sum = exp(x.floats(), from, max, exps);
      out[row] = Math.log(sum) - weightedSum(x.floats(), from, max, exps) / sum;
    }
    return out;
  }

  private static float max(float[] x, int from) {
    FloatVector max = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    for (int i = from; i < from + VOCABULARY; i += SPECIES.length()) {
      max = max.max(FloatVector.fromArray(SPECIES, x, i));
    }
    return max.reduceLanes(VectorOperators.MAX);
  }

  private static float exp(float[] x, int from, float max, float[] exps) {
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = 0; i < VOCABULARY; i += SPECIES.length()) {
      FloatVector e = FloatVector.fromArray(SPECIES, x, from + i).sub(max).lanewise(VectorOperators.EXP);
      e.intoArray(exps, i);
      sum = sum.add(e);
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  private static float weightedSum(float[] x, int from, float max, float[] exps) {
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = 0; i < VOCABULARY; i += SPECIES.length()) {
      FloatVector d = FloatVector.fromArray(SPECIES, x, from + i).sub(max);
      sum = FloatVector.fromArray(SPECIES, exps, i).fma(d, sum);
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }
}
