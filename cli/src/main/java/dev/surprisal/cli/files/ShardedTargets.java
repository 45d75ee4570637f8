package dev.surprisal.cli.files;

import java.nio.file.Path;
import java.util.List;

/** The targets of several tensors, one after the other. */
final class ShardedTargets implements Targets {
  private final Shards<Targets> shards;

  ShardedTargets(List<Targets> shards) {
    this.shards = new Shards<>(shards, Targets::count);
  }

  @Override
  public Path path() {
    return shards.first().path();
  }

  @Override
  public long count() {
    return shards.rows();
  }

  @Override
  public void read(long from, long[] out) throws BadInputException {
    int done = 0;
    while (done < out.length) {
      int shard = shards.of(from + done);
      long[] part = new long[(int) Math.min(out.length - done, shards.end(shard) - from - done)];
      shards.get(shard).read(from + done - shards.start(shard), part);
      System.arraycopy(part, 0, out, done, part.length);
      done += part.length;
    }
  }

  @Override
  public BadInputException broken(long row, String reason) {
    int shard = shards.of(row);
    return shards.get(shard).broken(row - shards.start(shard), reason);
  }

  @Override
  public void close() {
    shards.all().forEach(Targets::close);
  }
}
