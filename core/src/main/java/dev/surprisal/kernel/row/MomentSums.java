package dev.surprisal.kernel.row;

/**
 * Sums over some entries of a row of logits about a center c, in a unit u:
 *
 * <pre>
 *   mass = sum e^x / u     distance = sum e^x (c - x) / u     square = sum e^x (c - x)^2 / u
 * </pre>
 *
 * <p>Unit and center are kept by whoever keeps the sums.
 */
final class MomentSums {
  double mass;
  double distance;
  double square;

  /** The sums over no entry. */
  void clear() {
    mass = 0;
    distance = 0;
    square = 0;
  }

  /** Takes over other sums. */
  void set(MomentSums other) {
    mass = other.mass;
    distance = other.distance;
    square = other.square;
  }

  /** Adds sums over other entries, about the same center and in the same unit. */
  void add(MomentSums other) {
    mass += other.mass;
    distance += other.distance;
    square += other.square;
  }

  /** Adds what is left of some sums without others that are part of them. */
  void addDifference(MomentSums whole, MomentSums part) {
    mass += whole.mass - part.mass;
    distance += whole.distance - part.distance;
    square += whole.square - part.square;
  }

  /** Expresses the sums in a unit that is smaller by a factor. */
  void scale(double factor) {
    mass *= factor;
    distance *= factor;
    square *= factor;
  }

  /**
   * Moves the center up by a shift s:
   *
   * <pre>
   *   sum e^x (c + s - x)^2 = square + 2 s distance + s^2 mass        sum e^x (c + s - x) = distance + s mass
   * </pre>
   *
   * <p>Where s is negative and the terms cancel, digits are lost: see {@link #recenteringTerms}.
   */
  void recenter(double shift) {
    square += shift * (2 * distance + shift * mass);
    distance += shift * mass;
  }

  /**
   * The absolute values of what {@link #recenter} adds to the sum of squares: float rounding of it is 2^-24 of them.
   */
  static double recenteringTerms(double shift, double distance, double mass) {
    return Math.abs(shift) * (2 * Math.abs(distance) + Math.abs(shift) * mass);
  }
}
