package dev.surprisal.cli.files;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The base file of {@code llama-perplexity --kl-divergence-base}: log-probabilities in 16 bits, for the second half of
 * each chunk of context, and the tokens they predict. Entries less likely than e^-16 times the most likely were
 * clipped to that when it was written.
 *
 * <pre>
 * 0   "_logits_"
 * 8   n_ctx, n_vocab, n_chunk                        int32 each, little-endian
 * 20  the tokens                                     int32, n_chunk * n_ctx
 * ..  for each chunk, n_ctx - 1 - n_ctx/2 rows of:
 *       scale, minimum                               float32 each
 *       codes: log p = scale * code + minimum        uint16, n_vocab rounded up to an even number
 * </pre>
 *
 * <p>Source: {@code tools/perplexity/perplexity.cpp} of llama.cpp, functions {@code log_softmax}
 * and {@code kl_divergence}.
 */
final class LlamaBaseFile extends DecodedLogits {
  private static final String MAGIC = "_logits_";
  private static final int CONTEXT = 8;
  private static final int VOCABULARY = 12;
  private static final int CHUNKS = 16;
  private static final int TOKENS = 20;
  private static final int CODES = 8;

  private final int context;

  private LlamaBaseFile(InputFile file, int context, int stored, int chunks, int vocabulary) {
    super(file, data(context, chunks), (long) chunks * rowsPerChunk(context), vocabulary, rowBytes(stored));
    this.context = context;
  }

  /** Whether a file is of this format, by its first bytes. */
  static boolean recognises(InputFile file) throws BadInputException {
    return file.hasAt(0, MAGIC);
  }

  /** Opens a file; a vocabulary of null means all of each row. */
  static LlamaBaseFile open(InputFile file, Integer vocabulary) throws BadInputException {
    file.require(TOKENS, "the header of a llama-perplexity base file");
    int context = file.intAt(CONTEXT);
    int stored = file.intAt(VOCABULARY);
    int chunks = file.intAt(CHUNKS);
    if (context < 3 || stored < 1 || chunks < 1) {
      throw file.broken(CONTEXT, "n_ctx " + context + ", n_vocab " + stored + ", n_chunk " + chunks
          + ", expected at least 3, 1 and 1");
    }
    // In double, because a broken header may make the product overflow.
    double expected = data(context, chunks) + (double) chunks * rowsPerChunk(context) * rowBytes(stored);
    if (expected != file.size()) {
      throw file.broken(TOKENS,
          String.format("%d chunks of %d rows of %d logits need %.0f bytes, but there are %d", chunks,
              rowsPerChunk(context), stored, expected, file.size()));
    }
    if (vocabulary != null && vocabulary > stored) {
      throw file.broken(VOCABULARY, "rows of " + stored + " logits, expected at least " + vocabulary);
    }
    return new LlamaBaseFile(file, context, stored, chunks, vocabulary == null ? stored : vocabulary);
  }

  private static int rowsPerChunk(int context) {
    return context - 1 - context / 2;
  }

  private static long data(int context, int chunks) {
    return TOKENS + (long) context * chunks * Integer.BYTES;
  }

  private static long rowBytes(int stored) {
    return CODES + 2L * (stored + (stored & 1));
  }

  @Override
  void decode(ByteBuffer row, float[] out, int offset) {
    float scale = row.getFloat(0);
    float minimum = row.getFloat(Float.BYTES);
    for (int i = 0; i < vocabulary(); i++) {
      out[offset + i] = scale * Short.toUnsignedInt(row.getShort(CODES + i * Short.BYTES)) + minimum;
    }
  }

  @Override
  public String encoding() {
    return "16-bit log-probabilities of llama-perplexity, clipped at e^-16 of the most likely";
  }

  /** The token after the one that a row stands at. */
  @Override
  public Targets ownTargets() {
    return new Tokens();
  }

  private final class Tokens implements Targets {
    @Override
    public Path path() {
      return LlamaBaseFile.this.path();
    }

    @Override
    public long count() {
      return rows();
    }

    @Override
    public void read(long from, long[] out) throws BadInputException {
      for (int i = 0; i < out.length; i++) {
        out[i] = file().intAt(position(from + i));
      }
    }

    private long position(long row) {
      long chunk = row / rowsPerChunk(context);
      long inChunk = row % rowsPerChunk(context);
      return TOKENS + (chunk * context + context / 2 + inChunk + 1) * Integer.BYTES;
    }

    @Override
    public BadInputException broken(long row, String reason) {
      return file().broken(position(row), reason);
    }

    @Override
    public void close() {
      // The file is closed with its logits.
    }
  }
}
