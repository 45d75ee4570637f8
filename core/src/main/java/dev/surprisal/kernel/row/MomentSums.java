package dev.surprisal.kernel.row;

/**
 * Sums over some entries of a row of logits, in a unit u: those of the entropy about a center c, near the maximum, and
 * those of the variance about another one, m, near the mean:
 *
 * <pre>
 *   mass = sum e^x / u       distance = sum e^x (c - x) / u
 *                            offset   = sum e^x (m - x) / u       square = sum e^x (m - x)^2 / u
 * </pre>
 *
 * <p>Unit and centers are kept by whoever keeps the sums.
 */
final class MomentSums {
  double mass;
  double distance;
  double offset;
  double square;

  /** The sums over no entry. */
  void clear() {
    mass = 0;
    distance = 0;
    offset = 0;
    square = 0;
  }

  /** Takes over other sums. */
  void set(MomentSums other) {
    mass = other.mass;
    distance = other.distance;
    offset = other.offset;
    square = other.square;
  }

  /** Adds sums over other entries, about the same center and in the same unit. */
  void add(MomentSums other) {
    mass += other.mass;
    distance += other.distance;
    offset += other.offset;
    square += other.square;
  }

  /** Adds what is left of some sums without others that are part of them. */
  void addDifference(MomentSums whole, MomentSums part) {
    mass += whole.mass - part.mass;
    distance += whole.distance - part.distance;
    offset += whole.offset - part.offset;
    square += whole.square - part.square;
  }

  /** Expresses the sums in a unit that is smaller by a factor. */
  void scale(double factor) {
    mass *= factor;
    distance *= factor;
    offset *= factor;
    square *= factor;
  }

  /** Moves the center of the entropy up by a shift s: {@code sum e^x (c + s - x) = distance + s mass}. */
  void recenter(double shift) {
    distance += shift * mass;
  }

  /** The mean square less the square of the mean, of entries that with others at m have so much mass. */
  double variance(double total) {
    double mean = offset / total;
    return Math.max(0, square / total - mean * mean);
  }

  /**
   * Moves the center of the variance up by a shift s:
   *
   * <pre>
   *   sum e^x (m + s - x)^2 = square + 2 s offset + s^2 mass        sum e^x (m + s - x) = offset + s mass
   * </pre>
   */
  void recenterSpread(double shift) {
    square += shift * (2 * offset + shift * mass);
    offset += shift * mass;
  }
}
