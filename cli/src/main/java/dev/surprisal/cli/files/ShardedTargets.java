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
  public long count() {
    return starts[shards.size()];
  }

  @Override
  public void read(long from, long[] out) throws BadInputException {
    int done = 0;
    while (done < out.length) {
      int shard = shard(from + done);
      long[] part = new long[(int) Math.min(out.length - done, starts[shard + 1] - from - done)];
      shards.get(shard).read(from + done - starts[shard], part);
      System.arraycopy(part, 0, out, done, part.length);
      done += part.length;
    }
  }

  @Override
  public BadInputException broken(long row, String reason) {
    int shard = shard(row);
    return shards.get(shard).broken(row - starts[shard], reason);
  }

  @Override
  public void close() {
    shards.forEach(Targets::close);
  }
}
