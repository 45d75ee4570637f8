package dev.surprisal.kernel.loop;

import dev.surprisal.kernel.scalar.Element;
import dev.surprisal.kernel.scalar.Scale;
import dev.surprisal.kernel.scalar.Source;
import dev.surprisal.kernel.vector.Rehearsal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Two rows to rehearse a loop with, stored as its source says: the logits of a row, a close one, or probabilities. The
 * second half of the rows has entries that are masked, so that a loop meets those too.
 */
final class MadeUp {
  /** Where a row begins: not at the first element, so that no loop takes it for that. */
  static final int START = 16;

  /** Above all logits. */
  static final float REFERENCE = 8;

  final Object x;
  final Object y;
  final Scale scale = new Scale();

  private MadeUp(Source source, float[] x, float[] y) {
    this.x = stored(source, x);
    this.y = stored(source, y);
    scale.refer(REFERENCE);
  }

  /** Rows of logits between -6 and 6. */
  static MadeUp logits(Source source) {
    return new MadeUp(source, logits(0), logits(0.25f));
  }

  /** Rows of weights up to 4, the last entries 0. */
  static MadeUp weights(Source source) {
    return new MadeUp(source, weights(3), weights(5));
  }

  /** A row of logits as floats. */
  static float[] logits(float noise) {
    float[] row = new float[START + Rehearsal.ENTRIES];
    for (int i = 0; i < row.length; i++) {
      row[i] = (i * 37 % 97 - 48) / 8f + noise * (i % 5 - 2) / 2;
    }
    return row;
  }

  /** A row of weights as floats. */
  static float[] weights(int step) {
    float[] row = new float[START + Rehearsal.ENTRIES];
    for (int i = 0; i < row.length; i++) {
      row[i] = i > row.length - 32 ? 0 : (1 + i * step % 31) / 8f;
    }
    return row;
  }

  /** Where floats may be written: an array or memory outside the heap. */
  static Object room(boolean array) {
    return array
        ? new float[Rehearsal.ENTRIES]
        : Arena.ofAuto().allocate((long) Rehearsal.ENTRIES * Float.BYTES, Float.BYTES);
  }

  private static Object stored(Source source, float[] row) {
    if (source == Source.F32_ARRAY) {
      return row;
    }
    if (source == Source.F32_SEGMENT) {
      MemorySegment segment = Arena.ofAuto().allocate((long) row.length * Float.BYTES, Float.BYTES);
      MemorySegment.copy(row, 0, segment, Stage.Layouts.FLOAT, 0, row.length);
      return segment;
    }
    short[] halves = new short[row.length];
    for (int i = 0; i < row.length; i++) {
      halves[i] = source.element() == Element.F16
          ? Float.floatToFloat16(row[i])
          : (short) (Float.floatToRawIntBits(row[i]) >>> 16);
    }
    if (source.isArray()) {
      return halves;
    }
    MemorySegment segment = Arena.ofAuto().allocate((long) row.length * Short.BYTES, Short.BYTES);
    MemorySegment.copy(halves, 0, segment, Stage.Layouts.SHORT, 0, row.length);
    return segment;
  }
}
