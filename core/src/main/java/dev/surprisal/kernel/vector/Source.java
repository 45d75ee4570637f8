package dev.surprisal.kernel.vector;

/** The storages that loops read as they lie; everything else is decoded, span by span, into a float array first. */
public enum Source {
  F32_ARRAY(new Loader.F32Array()),
  F32_SEGMENT(new Loader.F32Segment()),
  BF16_ARRAY(new Loader.Bf16Array()),
  BF16_SEGMENT(new Loader.Bf16Segment()),
  F16_ARRAY(new Loader.F16Array(), new Loader.LooseF16Array()),
  F16_SEGMENT(new Loader.F16Segment(), new Loader.LooseF16Segment());

  static final int COUNT = values().length;

  private final Loader loader;
  private final Loader looseLoader;

  Source(Loader loader) {
    this(loader, loader);
  }

  Source(Loader loader, Loader looseLoader) {
    this.loader = loader;
    this.looseLoader = looseLoader;
  }

  /** What reads one vector. */
  public Loader loader() {
    return loader;
  }

  /**
   * For loops that watch for entries far from a reference, and are done again with the other loader then: infinities
   * and NaN may come as {@link Exp#LOOSE} or more, of either sign.
   */
  public Loader looseLoader() {
    return looseLoader;
  }

  /** Whether two conversions to float in one loop are more than the compiler inlines. */
  public boolean isCostly() {
    return looseLoader != loader;
  }
}
