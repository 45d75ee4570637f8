package dev.surprisal.benchmarks.input;

/** How much is read before the same values come again, and so which memory they come from. */
public enum Dataset {
  /** 131,072 values (512 KiB of f32), one batch again and again. */
  L2(1 << 17, 1),
  /** 2,097,152 values (8 MiB of f32), one batch again and again. */
  L3(1 << 21, 1),
  /** 67,108,864 values (256 MiB of f32) in 32 batches: each row is read once before the first one comes again. */
  MEMORY(1 << 21, 32);

  private static final int SMOKE_VALUES = 1 << 18;

  private final int valuesPerBatch;
  private final int batches;

  Dataset(int valuesPerBatch, int batches) {
    this.valuesPerBatch = valuesPerBatch;
    this.batches = batches;
  }

  /**
   * Rows in a batch, which is what one call scores.
   *
   * @param vocabulary length of a row
   * @return as many as fit the size of the data set, at least one
   */
  public int rows(int vocabulary) {
    return Math.max(1, Smoke.choose(valuesPerBatch, Math.min(valuesPerBatch, SMOKE_VALUES)) / vocabulary);
  }

  /**
   * How many batches there are.
   *
   * @return 1 if the same batch comes again and again
   */
  public int batches() {
    return Smoke.choose(batches, Math.min(batches, 2));
  }
}
