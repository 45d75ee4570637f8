package dev.surprisal.cli.files;

import dev.surprisal.Logits;
import java.nio.file.Path;
import java.util.List;

/** The rows of several tensors, one after the other. */
final class ShardedLogits implements LogitsFile {
  private final Shards<LogitsFile> shards;

  ShardedLogits(List<LogitsFile> shards) {
    this.shards = new Shards<>(shards, LogitsFile::rows);
  }

  @Override
  public Path path() {
    return shards.first().path();
  }

  @Override
  public long rows() {
    return shards.rows();
  }

  @Override
  public int vocabulary() {
    return shards.first().vocabulary();
  }

  @Override
  public String encoding() {
    return shards.first().encoding() + " in " + shards.all().size() + " shards";
  }

  @Override
  public long rowBytes() {
    return shards.first().rowBytes();
  }

  @Override
  public long blockEnd(long from, long rows) {
    return Math.min(from + rows, shards.end(shards.of(from)));
  }

  @Override
  public BlockReader reader(int blockRows) {
    return new Reader(blockRows);
  }

  @Override
  public void close() {
    shards.all().forEach(LogitsFile::close);
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
      if (shard != shards.of(from)) {
        close();
        shard = shards.of(from);
        reader = shards.get(shard).reader(blockRows);
      }
      return reader.read(from - shards.start(shard), to - shards.start(shard));
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
