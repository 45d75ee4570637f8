package dev.surprisal.kernel.scalar;

/** The storages that loops read as they lie; everything else is decoded, span by span, into a float array first. */
public enum Source {
  F32_ARRAY(Element.F32, true),
  F32_SEGMENT(Element.F32, false),
  BF16_ARRAY(Element.BF16, true),
  BF16_SEGMENT(Element.BF16, false),
  F16_ARRAY(Element.F16, true),
  F16_SEGMENT(Element.F16, false);

  /** How many there are. */
  public static final int COUNT = values().length;

  private final Element element;
  private final boolean array;

  Source(Element element, boolean array) {
    this.element = element;
    this.array = array;
  }

  /** What reads values of a kind that lie in an array, or outside the heap. */
  public static Source of(Element element, boolean array) {
    return switch (element) {
      case F32 -> array ? F32_ARRAY : F32_SEGMENT;
      case F16 -> array ? F16_ARRAY : F16_SEGMENT;
      case BF16 -> array ? BF16_ARRAY : BF16_SEGMENT;
    };
  }

  /** How a value is stored. */
  public Element element() {
    return element;
  }

  /** Whether values lie in an array, of {@code float} or {@code short}; else they lie in a memory segment. */
  public boolean isArray() {
    return array;
  }
}
