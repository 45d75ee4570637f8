package dev.surprisal.cli.html;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One self-contained page: a heading, tiles with figures, sections. Nothing in it comes from the network. */
public final class Html {
  private static final String STYLE = "page.css";

  private final StringBuilder body = new StringBuilder();
  private final String title;

  /**
   * A page with nothing but its heading.
   *
   * @param title the heading
   * @param subtitle a line below it
   */
  public Html(String title, String subtitle) {
    this.title = title;
    body.append("<header><h1>").append(escape(title)).append("</h1><p>").append(escape(subtitle))
        .append("</p></header>\n");
  }

  /**
   * Escapes what means something in HTML.
   *
   * @param text any text
   * @return the text as it may stand in an element or an attribute
   */
  public static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'",
        "&#39;");
  }

  /**
   * Formats as {@link String#format}, never with a comma for a point.
   *
   * @param format the format
   * @param values the values
   * @return the text, not escaped
   */
  public static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** {@return this page, where a row of tiles begins} */
  public Html openTiles() {
    body.append("<div class=\"tiles\">\n");
    return this;
  }

  /**
   * Adds a figure.
   *
   * @param name what it is
   * @param value the figure
   * @param note a note in small print
   * @return this page
   */
  public Html tile(String name, String value, String note) {
    body.append("<div class=\"tile\"><div class=\"name\">").append(escape(name)).append("</div><div class=\"value\">")
        .append(escape(value)).append("</div><div class=\"note\">").append(escape(note)).append("</div></div>\n");
    return this;
  }

  /** {@return this page, where the row of tiles ends} */
  public Html closeTiles() {
    body.append("</div>\n");
    return this;
  }

  /**
   * Adds a section.
   *
   * @param heading its heading
   * @param explanation a sentence on how to read it
   * @param content what it shows, in HTML
   * @return this page
   */
  public Html section(String heading, String explanation, String content) {
    body.append("<section><h2>").append(escape(heading)).append("</h2>\n<p class=\"how\">").append(escape(explanation))
        .append("</p>\n").append(content).append("</section>\n");
    return this;
  }

  /** {@return this page, where sections begin that stand side by side if there is room} */
  public Html openColumns() {
    body.append("<div class=\"columns\">\n");
    return this;
  }

  /** {@return this page, where these sections end} */
  public Html closeColumns() {
    body.append("</div>\n");
    return this;
  }

  /**
   * Adds a script.
   *
   * @param owner a class beside which it lies
   * @param name its name there
   * @return this page
   */
  public Html script(Class<?> owner, String name) {
    body.append("<script>\n").append(resource(owner, name)).append("</script>\n");
    return this;
  }

  /**
   * Adds the same figures for programs.
   *
   * @param json the figures
   * @return this page
   */
  public Html data(String json) {
    body.append("<script type=\"application/json\" id=\"figures\">\n").append(json.replace("<", "\\u003c"))
        .append("\n</script>\n");
    return this;
  }

  /** {@return the whole page} */
  public String page() {
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <link rel="icon" href="data:,">
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        <main>
        %s</main>
        </body>
        </html>
        """.formatted(escape(title), resource(Html.class, STYLE), body);
  }

  private static String resource(Class<?> owner, String name) {
    try (InputStream in = owner.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
