package dev.surprisal.cli.files;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Parts of a file, one after the other, each with its first row.
 *
 * @param <T> {@link LogitsFile} or {@link Targets}
 */
final class Shards<T> {
  private final List<T> shards;
  /** The first row of each shard, and the number of rows in all. */
  private final long[] starts;

  Shards(List<T> shards, ToLongFunction<T> rows) {
    this.shards = shards;
    this.starts = new long[shards.size() + 1];
    for (int i = 0; i < shards.size(); i++) {
      starts[i + 1] = starts[i] + rows.applyAsLong(shards.get(i));
    }
  }

  List<T> all() {
    return shards;
  }

  T first() {
    return shards.getFirst();
  }

  T get(int shard) {
    return shards.get(shard);
  }

  /** The number of rows in all. */
  long rows() {
    return starts[shards.size()];
  }

  /** The index of the shard that a row is in. */
  int of(long row) {
    int shard = 0;
    while (row >= starts[shard + 1]) {
      shard++;
    }
    return shard;
  }

  /** The first row of a shard. */
  long start(int shard) {
    return starts[shard];
  }

  /** The row after the last of a shard. */
  long end(int shard) {
    return starts[shard + 1];
  }
}
