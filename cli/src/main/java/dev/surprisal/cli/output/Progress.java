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
  private final long step;

  private Progress(ProgressBar bar, long step) {
    this.bar = bar;
    this.step = step;
  }

  /**
   * Shows how many bytes of files have been scored.
   *
   * @param rows how many rows there are
   * @param rowBytes the bytes of each
   * @return told how many rows are done
   */
  public static Progress ofFiles(long rows, long rowBytes) {
    return of(rows, rowBytes, " MB", MEGABYTE);
  }

  /**
   * Shows how many words of a text have been scored.
   *
   * @param words how many words there are
   * @return told how many are done
   */
  public static Progress ofText(int words) {
    return of(words, 1, " words", 1);
  }

  private static Progress of(long steps, long step, String unit, long unitSize) {
    if (!Boolean.getBoolean(PROPERTY)) {
      return new Progress(null, step);
    }
    ProgressBar bar = new ProgressBarBuilder()
        .setTaskName("scoring")
        .setInitialMax(steps * step)
        .setUnit(unit, unitSize)
        .showSpeed(new DecimalFormat("0", DecimalFormatSymbols.getInstance(Locale.ROOT)))
        .setStyle(ProgressBarStyle.UNICODE_BLOCK)
        .setUpdateIntervalMillis(200)
        .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
        .clearDisplayOnFinish()
        .build();
    return new Progress(bar, step);
  }

  @Override
  public void accept(long stepsDone) {
    if (bar != null) {
      bar.stepTo(stepsDone * step);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
