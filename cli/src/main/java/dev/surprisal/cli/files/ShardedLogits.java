package dev.surprisal.cli.files;

import dev.surprisal.Logits;
import java.nio.file.Path;
import java.util.List;

/** The rows of several tensors, one after the other. */
final class ShardedLogits implements LogitsFile {
  private final List<LogitsFile> shards;
  /** The first row of each shard, and the number of rows in all. */
  private final long[] starts;

  ShardedLogits(List<LogitsFile> shards) {
    this.shards = shards;
    this.starts = new long[shards.size() + 1];
    for (int i = 0; i < shards.size(); i++) {
      starts[i + 1] = starts[i] + shards.get(i).rows();
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
  public long rows() {
    return starts[shards.size()];
  }

  @Override
  public int vocabulary() {
    return shards.getFirst().vocabulary();
  }

  @Override
  public String encoding() {
    return shards.getFirst().encoding() + " in " + shards.size() + " shards";
  }

  @Override
  public long rowBytes() {
    return shards.getFirst().rowBytes();
  }

  @Override
  public long blockEnd(long from, long rows) {
    return Math.min(from + rows, starts[shard(from) + 1]);
  }

  @Override
  public Logits rows(long from, long to) {
    int shard = shard(from);
    return shards.get(shard).rows(from - starts[shard], to - starts[shard]);
  }

  @Override
  public void requireUnchanged() throws BadInputException {
    for (LogitsFile shard : shards) {
      shard.requireUnchanged();
    }
  }

  @Override
  public void close() {
    shards.forEach(LogitsFile::close);
  }
}
