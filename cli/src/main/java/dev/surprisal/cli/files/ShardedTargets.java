package dev.surprisal.cli.files;

import java.nio.file.Path;
import java.util.List;

/** The targets of several tensors, one after the other. */
final class ShardedTargets implements Targets {
  private final List<Targets> shards;
  /** The first row of each shard, and the number of targets in all. */
  private final long[] starts;

  ShardedTargets(List<Targets> shards) {
    this.shards = shards;
    this.starts = new long[shards.size() + 1];
    for (int i = 0; i < shards.size(); i++) {
      starts[i + 1] = starts[i] + shards.get(i).count();
    }
  }

  private int shard(long row) {
    int shard = 0;
    while (row >= starts[shard + 1]) {
      shard++;
    }
    return shard;
  }

  @Override
  public Path path() {
    return shards.getFirst().path();
  }

  @Override
  public Path path(long row) {
    return shards.get(shard(row)).path();
  }

  @Override
  public long count() {
    return starts[shards.size()];
  }

  @Override
  public long target(long row) {
    int shard = shard(row);
    return shards.get(shard).target(row - starts[shard]);
  }

  @Override
  public long position(long row) {
    int shard = shard(row);
    return shards.get(shard).position(row - starts[shard]);
  }

  @Override
  public void close() {
    shards.forEach(Targets::close);
  }
}
