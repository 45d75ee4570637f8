package dev.surprisal.benchmarks;

import dev.surprisal.benchmarks.input.Inputs;
import dev.surprisal.benchmarks.input.Rate;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Any job of the library, by its name; a benchmark says what the batches are like. */
public abstract class JobBenchmark extends BatchBenchmark {
  /** The name of the parameter that names the job. */
  public static final String PARAMETER = "statistic";

  /** One of {@link Job#all}. Annotations can only list constants: this is what is measured unless another is named. */
  @Param("entropy")
  public String statistic;

  private Job.Call call;

  /** Made by JMH. */
  protected JobBenchmark() {}

  @Override
  public final void prepare() throws Exception {
    Job job = Job.find(statistic).orElseThrow(() -> new IllegalArgumentException(
        "no statistic " + statistic + ", there are " + Job.all().stream().map(Job::name).toList()));
    prepare(job.inputs());
    call = job.call(scorer, x, y, targets, out);
  }

  /**
   * Makes the scorer and the batches.
   *
   * @param inputs what the job is of
   * @throws Exception if that fails
   */
  protected abstract void prepare(Inputs inputs) throws Exception;

  /**
   * One batch.
   *
   * @param rate counts what is read; what log-softmax writes is not counted
   * @return the results
   */
  @Benchmark
  public Object compute(Rate rate) {
    return call.of(y == null ? next(rate) : nextPair(rate));
  }
}
