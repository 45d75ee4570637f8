package dev.surprisal.cli.output;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.function.LongConsumer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far a long run is, with rate and time left, on standard error; silent where that is no terminal. */
public final class Progress implements LongConsumer, AutoCloseable {
  /** Set by the launcher, which can tell whether standard error is a terminal; Java cannot. */
  private static final String PROPERTY = "surprisal.progress";
  private static final int WIDTH = 79;
  private static final long MEGABYTE = 1_000_000;

  private final ProgressBar bar;
  private final long rowBytes;

  private Progress(ProgressBar bar, long rowBytes) {
    this.bar = bar;
    this.rowBytes = rowBytes;
  }

  /**
   * Begins to show progress.
   *
   * @param rows how many rows there are
   * @param rowBytes the bytes of each
   * @return told how many rows are done
   */
  public static Progress of(long rows, long rowBytes) {
    if (!Boolean.getBoolean(PROPERTY)) {
      return new Progress(null, rowBytes);
    }
    ProgressBar bar = new ProgressBarBuilder()
        .setTaskName("scoring")
        .setInitialMax(rows * rowBytes)
        .setUnit(" MB", MEGABYTE)
        .showSpeed(new DecimalFormat("0", DecimalFormatSymbols.getInstance(Locale.ROOT)))
        .setStyle(ProgressBarStyle.UNICODE_BLOCK)
        .setUpdateIntervalMillis(200)
        .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
        .clearDisplayOnFinish()
        .build();
    return new Progress(bar, rowBytes);
  }

  @Override
  public void accept(long rowsDone) {
    if (bar != null) {
      bar.stepTo(rowsDone * rowBytes);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
