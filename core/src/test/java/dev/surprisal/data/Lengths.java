package dev.surprisal.data;

import java.util.stream.IntStream;

/**
 * Row lengths to try: all short ones, then those around powers of two (any block or lane count),
 * then real vocabularies.
 */
public final class Lengths {
  private Lengths() {}

  /** 1 .. 130. */
  public static IntStream all() {
    return IntStream.rangeClosed(1, 130);
  }

  /** One less, as many, one more. */
  public static IntStream edges() {
    return IntStream.of(255, 256, 257, 1023, 1024, 1025, 2047, 2048, 2049, 4095, 4096, 4097, 8191, 8192, 8193);
  }

  /** Vocabularies of LLaMA, GPT-2, Llama 3, Gemma (with 2 less: 2^18), and the edges around 2^16. */
  public static IntStream real() {
    return IntStream.of(32_000, 50_257, 65_535, 65_536, 65_537, 128_256, 262_144);
  }
}
