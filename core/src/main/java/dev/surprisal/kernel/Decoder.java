package dev.surprisal.kernel;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;

/** Copies entries of any source to a float array, divided by a temperature. */
abstract class Decoder {
  private static final Decoder[] DECODERS = new Decoder[Source.COUNT];

  /** Decodes so many entries, whole vectors, from {@code start} of the base to the beginning of {@code out}. */
  abstract void decode(Object base, long start, int entries, float temperature, float[] out);

  /** The decoder of a source; made when it is first asked for. */
  static Decoder of(Source source) {
    Decoder decoder = DECODERS[source.ordinal()];
    if (decoder == null) {
      decoder = Specialized.of(Decoder.class, Template.class, source.loader);
      DECODERS[source.ordinal()] = decoder;
    }
    return decoder;
  }

  /** The loop; see {@link Specialized}. */
  private static final class Template extends Decoder {
    private static final Loader LOADER = Specialized.data(MethodHandles.lookup(), Loader.class);

    Template() {}

    @Override
    void decode(Object base, long start, int entries, float temperature, float[] out) {
      int count = Lanes.count;
      FloatVector divisor = Lanes.all(temperature);
      if (temperature == 1) {
        for (int i = 0; i < entries; i += count) {
          LOADER.load(base, start, i).intoArray(out, i);
        }
      } else {
        for (int i = 0; i < entries; i += count) {
          LOADER.load(base, start, i).div(divisor).intoArray(out, i);
        }
      }
    }
  }
}
