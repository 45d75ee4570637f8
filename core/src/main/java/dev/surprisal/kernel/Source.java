package dev.surprisal.kernel;

import dev.surprisal.DType;
import java.lang.foreign.MemorySegment;

/** The storages that loops read directly; everything else is decoded, tile by tile, into a float array first. */
enum Source {
  F32_ARRAY(new Loader.F32Array()),
  F32_SEGMENT(new Loader.F32Segment()),
  BF16_ARRAY(new Loader.Bf16Array()),
  BF16_SEGMENT(new Loader.Bf16Segment()),
  F16_ARRAY(new Loader.F16Array(), new Loader.LooseF16Array()),
  F16_SEGMENT(new Loader.F16Segment(), new Loader.LooseF16Segment());

  static final int COUNT = values().length;

  final Loader loader;

  /**
   * For loops that watch for entries far from a reference and are done again with the other loader then: infinities and NaN may come
   * as {@link Loader#LOOSE} or more, of either sign.
   */
  final Loader looseLoader;

  Source(Loader loader) {
    this(loader, loader);
  }

  Source(Loader loader, Loader looseLoader) {
    this.loader = loader;
    this.looseLoader = looseLoader;
  }

  /** The source that reads these rows as they lie, or null: a heap segment over an array of another element type. */
  static Source of(Rows rows) {
    if (!rows.isReadable()) {
      return null;
    }
    boolean array = !(rows.base instanceof MemorySegment);
    return of(rows.dtype, array);
  }

  static Source of(DType dtype, boolean array) {
    return switch (dtype) {
      case F32 -> array ? F32_ARRAY : F32_SEGMENT;
      case BF16 -> array ? BF16_ARRAY : BF16_SEGMENT;
      case F16 -> array ? F16_ARRAY : F16_SEGMENT;
    };
  }
}
