package dev.surprisal.kernel.row;

/**
 * Sums over some entries of a row of logits about a center c, in a unit u, and what they are made of: bounds of the
 * absolute values of all that was added up, which rounding errors are relative to.
 *
 * <pre>
 *   mass     = sum e^x / u
 *   distance = sum e^x (c - x) / u       distances >= sum e^x |c - x| / u
 *   square   = sum e^x (c - x)^2 / u     squares   >= square
 * </pre>
 *
 * <p>Unit and center are kept by whoever keeps the sums.
 */
final class MomentSums {
  double mass;
  double distance;
  double square;
  double distances;
  double squares;

  /** The sums over no entry. */
  void clear() {
    mass = 0;
    distance = 0;
    square = 0;
    distances = 0;
    squares = 0;
  }

  /**
   * Finds the bounds of sums that a loop has left: in {@code distance} terms of both signs may have cancelled, those of
   * entries above the center, which are no farther from it than {@code above}. Where there are squares, Cauchy and
   * Schwarz know better.
   */
  void bound(double above) {
    distances = Math.abs(distance) + 2 * Math.max(above, 0) * mass;
    if (square > 0) {
      distances = Math.min(distances, Math.sqrt(square * mass));
    }
    squares = square;
  }

  /** Takes over other sums. */
  void set(MomentSums other) {
    mass = other.mass;
    distance = other.distance;
    square = other.square;
    distances = other.distances;
    squares = other.squares;
  }

  /** Adds sums over other entries, about the same center and in the same unit. */
  void add(MomentSums other) {
    mass += other.mass;
    distance += other.distance;
    square += other.square;
    distances += other.distances;
    squares += other.squares;
  }

  /** Adds what is left of some sums without others that are part of them. */
  void addDifference(MomentSums whole, MomentSums part) {
    mass += whole.mass - part.mass;
    distance += whole.distance - part.distance;
    square += whole.square - part.square;
    distances += whole.distances;
    squares += whole.squares;
  }

  /** Expresses the sums in a unit that is smaller by a factor. */
  void scale(double factor) {
    mass *= factor;
    distance *= factor;
    square *= factor;
    distances *= factor;
    squares *= factor;
  }

  /**
   * Moves the center up by a shift s:
   *
   * <pre>
   *   sum e^x (c + s - x)^2 = square + 2 s distance + s^2 mass        sum e^x (c + s - x) = distance + s mass
   * </pre>
   *
   * <p>The bounds grow by the absolute values of what is added.
   */
  void recenter(double shift) {
    double size = Math.abs(shift);
    squares += size * (2 * distances + size * mass);
    distances += size * mass;
    square += shift * (2 * distance + shift * mass);
    distance += shift * mass;
  }
}
