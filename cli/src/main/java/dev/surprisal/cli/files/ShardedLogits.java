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
  public BlockReader reader(int blockRows) {
    return new Reader(blockRows);
  }

  @Override
  public void close() {
    shards.forEach(LogitsFile::close);
  }

  /** Has a reader of one shard at a time. */
  private final class Reader implements BlockReader {
    private final int blockRows;
    private int shard = -1;
    private BlockReader reader;

    Reader(int blockRows) {
      this.blockRows = blockRows;
    }

    @Override
    public Logits read(long from, long to) throws BadInputException {
      if (shard != shard(from)) {
        close();
        shard = shard(from);
        reader = shards.get(shard).reader(blockRows);
      }
      return reader.read(from - starts[shard], to - starts[shard]);
    }

    @Override
    public void close() {
      if (reader != null) {
        reader.close();
        reader = null;
      }
    }
  }
}
